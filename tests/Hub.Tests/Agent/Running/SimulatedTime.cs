namespace Hub.Tests.Agent.Running;

/// <summary>A clock that moves only when told. What measures how long things take goes on evenly when the clock itself is set.</summary>
internal sealed class SimulatedTime(DateTimeOffset now) : TimeProvider
{
    private TimeSpan passed;

    public DateTimeOffset Now { get; private set; } = now;

    public void Pass(TimeSpan by) => (Now, passed) = (Now + by, passed + by);

    public void Set(DateTimeOffset now) => Now = now;

    public override DateTimeOffset GetUtcNow() => Now;
    public override long GetTimestamp() => passed.Ticks;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}
