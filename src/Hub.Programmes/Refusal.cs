using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>What is wrong with one field, by its path in the request, e.g. <c>report.branches[3].states[7]</c>.</summary>
public sealed record Violation(string Field, RefusalReason Reason, Text Message);

/// <summary>An expected "no": a stable reason (its meaning and status are in errors.proto), a message for the reader, and, for
/// fields, what is wrong where.</summary>
public sealed record Refusal(RefusalReason Reason, Text Message)
{
    public IReadOnlyList<Violation> Violations { get; init; } = [];

    /// <summary>Set where waiting helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A refusal for fields: its reason and message are those of the first violation.</summary>
    public static Refusal OfFields(IReadOnlyList<Violation> violations) =>
        new(violations[0].Reason, violations[0].Message) { Violations = violations };

    public static Refusal OfField(string field, RefusalReason reason, Text message) =>
        OfFields([new Violation(field, reason, message)]);
}

/// <summary>A value, or the refusal that stands in its place.</summary>
public readonly struct Outcome<T>
{
    private readonly T value;

    private Outcome(T value, Refusal? refusal) => (this.value, Refusal) = (value, refusal);

    public Refusal? Refusal { get; }

    /// <summary>The value. Asking for it where there is a refusal is a bug.</summary>
    public T Value => Refusal is null ? value : throw new InvalidOperationException($"Refused: {Refusal.Reason}");

    public bool IsRefused([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Refusal? refusal) => (refusal = Refusal) is not null;

    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Refusal refusal) => new(default!, refusal);
}
