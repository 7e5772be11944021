namespace Hub.Tests.Agent.Running;

/// <summary>A clock that moves only when told, in both of its readings.</summary>
internal sealed class SimulatedTime(DateTimeOffset now) : TimeProvider
{
    private readonly DateTimeOffset started = now;

    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
    public override long GetTimestamp() => (Now - started).Ticks;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}
