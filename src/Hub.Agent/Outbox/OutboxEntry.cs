using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Agent.Outbox;

/// <summary>How far a report has come.</summary>
internal enum DeliveryState
{
    /// <summary>To be sent, perhaps tried already.</summary>
    Waiting,
    /// <summary>The hub gave a receipt.</summary>
    Kept,
    /// <summary>The hub has shown since that its log still holds it.</summary>
    Confirmed,
    /// <summary>Not tried again: a person has to look.</summary>
    Parked,
}

/// <summary>A report with all that is known of its delivery. Instants are by the hub's clock.</summary>
/// <param name="SavedAt">When its file was last written.</param>
/// <param name="Notes">What a person should look at, a line each; empty where there is nothing.</param>
/// <param name="SendAt">Not tried before this; after a failed attempt the next.</param>
/// <param name="DueAt">A first version that the hub received before this is on time.</param>
/// <param name="ExpectedVersion">The version that it follows; 0 = none.</param>
/// <param name="Unexplained">Attempts that ended in UNKNOWN or INTERNAL.</param>
/// <param name="Why">Why the last attempt failed.</param>
internal sealed record OutboxEntry(
    string SubmissionId, Report Report, string File, DateTimeOffset SavedAt, string Notes, DateTimeOffset SendAt, DateTimeOffset DueAt, int ExpectedVersion,
    DeliveryState State = DeliveryState.Waiting, int Attempts = 0, int Unexplained = 0, Text? Why = null, Receipt? Receipt = null, bool? OnTime = null)
{
    /// <summary>The last day on which it is on time.</summary>
    public DateOnly DueOn => HubTime.LocalDay(DueAt.AddTicks(-1));

    /// <summary>The hub cannot have it.</summary>
    public bool IsUntried => State == DeliveryState.Waiting && Attempts == 0;

    /// <summary>Whether the hub was given this content under the id.</summary>
    public bool HasContent(string digest) => SubmissionId.StartsWith(digest, StringComparison.Ordinal);
}
