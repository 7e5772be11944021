namespace Hub.Testing;

/// <summary>A clock that moves only when told.</summary>
public sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    /// <summary>What measures how long things take; it runs unless the test holds it.</summary>
    public long? Timestamp { get; set; }

    public override DateTimeOffset GetUtcNow() => Now.ToUniversalTime();
    public override long GetTimestamp() => Timestamp ?? base.GetTimestamp();
}
