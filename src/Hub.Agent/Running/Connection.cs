using System.Collections.Concurrent;
using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>How each township of this agent stands with the hub, by its last call. Read by the page while the service goes on.</summary>
internal sealed class Connection(HubClock clock)
{
    private readonly ConcurrentDictionary<string, Heard?> last = new(StringComparer.Ordinal);

    /// <param name="At">By the hub's clock.</param>
    /// <param name="WhyNot">Null where the hub answered and knows the credential.</param>
    internal sealed record Heard(DateTimeOffset At, Text? WhyNot);

    /// <summary>By township, in code order; the code is empty for the credential of HUB_TOKEN. Null where the first call has not ended.</summary>
    public IReadOnlyList<(string Township, Heard? Heard)> All => [.. last.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => (t.Key, t.Value))];

    public void Ended(string township, Text? whyNot) => last[township] = new(clock.GetUtcNow(), whyNot);

    /// <summary>These are called for from here on: of new ones nothing is known yet, and the others are forgotten.</summary>
    public void Keep(IReadOnlySet<string> townships)
    {
        foreach (var township in townships) last.TryAdd(township, null);
        foreach (var gone in last.Keys.Where(t => !townships.Contains(t))) last.TryRemove(gone, out _);
    }
}
