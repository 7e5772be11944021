namespace Hub.Agent.Running;

/// <summary>The hub's clock as its last answer told it: this machine's may be wrong by years, and a demonstration's is another one.</summary>
/// <param name="own">This machine's.</param>
internal sealed class HubClock(TimeProvider own) : TimeProvider
{
    /// <summary>By how much the hub's clock is ahead of this machine's; nothing while no answer has told it.</summary>
    public TimeSpan Ahead { get; private set; }

    /// <summary>Whether the hub has ever told its clock.</summary>
    public bool IsLearnt { get; private set; }

    public void Learn(TimeSpan ahead) => (Ahead, IsLearnt) = (ahead, true);

    /// <summary>This machine's clock.</summary>
    public TimeProvider Own { get; } = own;

    public override DateTimeOffset GetUtcNow() => Own.GetUtcNow() + Ahead;
    public override long GetTimestamp() => Own.GetTimestamp();
    public override long TimestampFrequency => Own.TimestampFrequency;
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Own.CreateTimer(callback, state, dueTime, period);
}
