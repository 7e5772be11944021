namespace Hub.Agent.Running;

/// <summary>The hub's clock as its last answer told it: this machine's may be wrong by years, and a demonstration's is another one.</summary>
/// <param name="own">This machine's.</param>
internal sealed class HubClock(TimeProvider own) : TimeProvider
{
    // Changes of less are the way of the answer.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    // By so much a clock runs wrong of itself between two looks at it.
    private static readonly TimeSpan MostDrift = TimeSpan.FromSeconds(10);

    private TimeSpan ahead;
    private (DateTimeOffset Now, long Timestamp)? lastLook;

    /// <summary>Whether the hub has told its clock since this process started and since this machine's was last set.</summary>
    public bool IsLearnt { get; private set; }

    /// <summary>This machine's clock.</summary>
    public TimeProvider Own { get; } = own;

    /// <returns>Whether times that were reckoned before may be wrong.</returns>
    public bool Learn(DateTimeOffset hubTime)
    {
        var told = hubTime - Own.GetUtcNow();
        if (IsLearnt && (told - ahead).Duration() < Least) return false;
        (ahead, IsLearnt) = (told, true);
        return true;
    }

    /// <summary>What was learnt no longer holds once this machine's clock was set.</summary>
    /// <returns>Whether it was, since the last look.</returns>
    public bool WasSet()
    {
        var (now, timestamp, before) = (Own.GetUtcNow(), Own.GetTimestamp(), lastLook);
        lastLook = (now, timestamp);
        if (before is not { } last || (now - last.Now - Own.GetElapsedTime(last.Timestamp, timestamp)).Duration() < MostDrift) return false;
        IsLearnt = false;
        return true;
    }

    /// <summary>An instant of this machine's, by the hub's clock.</summary>
    public DateTimeOffset ByHub(DateTimeOffset ownInstant) => ownInstant + ahead;

    public override DateTimeOffset GetUtcNow() => ByHub(Own.GetUtcNow());
    public override long GetTimestamp() => Own.GetTimestamp();
    public override long TimestampFrequency => Own.TimestampFrequency;
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Own.CreateTimer(callback, state, dueTime, period);
}
