using Hub.Protocol;
using Hub.Store.Log;

namespace Hub.Store;

/// <summary>A record to be kept.</summary>
/// <param name="ReceivedAt">Null = the hub's clock when the writer takes it.</param>
public sealed record Draft(LogRecord Record, DateTimeOffset? ReceivedAt = null)
{
    /// <summary>The record's bytes where they were made before; else the writer makes them.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>Of a report: its states, where they are at hand.</summary>
    public KeptStates? States { get; init; }
}

/// <summary>What the writer decided: records to keep (none where the answer is already known), and the answer once they are durable.</summary>
public sealed record Decision<T>(IReadOnlyList<Draft> Drafts, Func<IReadOnlyList<LoggedRecord>, T> Answer);
