namespace Hub.Agent.Running;

/// <summary>The hub's clock as its last answer told it: this machine's may be wrong by years, and a demonstration's is another one.</summary>
/// <param name="own">This machine's.</param>
internal sealed class HubClock(TimeProvider own) : TimeProvider
{
    /// <summary>By how much the hub's clock is ahead of this machine's.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>This machine's clock.</summary>
    public TimeProvider Own { get; } = own;

    public override DateTimeOffset GetUtcNow() => Own.GetUtcNow() + Ahead;
    public override long GetTimestamp() => Own.GetTimestamp();
    public override long TimestampFrequency => Own.TimestampFrequency;
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Own.CreateTimer(callback, state, dueTime, period);
}
