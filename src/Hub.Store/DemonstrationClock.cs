namespace Hub.Store;

/// <summary>A clock that starts at a chosen instant and runs at the rate of the real one.</summary>
public sealed class DemonstrationClock(TimeProvider real, DateTimeOffset start) : TimeProvider
{
    private readonly long startedAt = real.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => (start + real.GetElapsedTime(startedAt)).ToUniversalTime();
    public override long GetTimestamp() => real.GetTimestamp();
    public override long TimestampFrequency => real.TimestampFrequency;
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);
}
