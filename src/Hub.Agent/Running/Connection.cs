using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>How it stands with the hub, by the last call.</summary>
internal sealed class Connection(HubClock clock)
{
    private volatile Heard? last;

    /// <param name="At">By the hub's clock.</param>
    /// <param name="WhyNot">Null where the hub answered and knows the credential.</param>
    internal sealed record Heard(DateTimeOffset At, Text? WhyNot);

    /// <summary>Null before the first call ended.</summary>
    public Heard? Last => last;

    public void Ended(Text? whyNot) => last = new(clock.GetUtcNow(), whyNot);
}
