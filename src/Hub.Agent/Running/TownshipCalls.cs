using Hub.Agent.Enrolling;
using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>The hub as each township of this agent calls it, with its own credential: those that are enrolled, also while the agent runs, or the one of HUB_TOKEN.</summary>
internal sealed class TownshipCalls : IDisposable
{
    private readonly string? directory;
    private readonly Func<Enrolment, HubCalls>? connect;
    private HubCalls connection;
    private Dictionary<string, HubCalls> byTownship = new(StringComparer.Ordinal);
    private DateTime readFromWrittenAt;
    private Action<DateTimeOffset>? onHubTime;
    private Action<string, Text?>? onOutcome;
    private Action<Text>? onOtherWay;

    private TownshipCalls(HubCalls connection, string? directory = null, Func<Enrolment, HubCalls>? connect = null) =>
        (this.connection, this.directory, this.connect) = (connection, directory, connect);

    /// <summary>One credential, whose township only the hub knows.</summary>
    public static TownshipCalls OfToken(HubCalls calls) => new(calls);

    /// <param name="connect">Makes a connection; its credential is not used.</param>
    public static TownshipCalls Enrolled(string directory, Func<Enrolment, HubCalls> connect)
    {
        var written = WrittenAt(directory);
        var enrolment = Enrolment.Read(directory);
        var calls = new TownshipCalls(connect(enrolment), directory, connect) { readFromWrittenAt = written };
        calls.Take(enrolment);
        return calls;
    }

    /// <summary>By township, in code order; the code is empty for the one of HUB_TOKEN.</summary>
    public IEnumerable<KeyValuePair<string, HubCalls>> All => directory is null ? [new("", connection)] : byTownship.OrderBy(t => t.Key, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, TownshipCredential> Credentials { get; private set; } = Enrolment.None.Townships;

    /// <summary>Where the enrolment lies; null with HUB_TOKEN.</summary>
    public string? Directory => directory;

    /// <param name="onHubTime">As <see cref="HubCalls.OnHubTime"/>, of every township's calls.</param>
    /// <param name="onOutcome">As <see cref="HubCalls.OnOutcome"/>, with the township's code, as in <see cref="All"/>.</param>
    /// <param name="onOtherWay">As <see cref="HubCalls.OnOtherWay"/>.</param>
    public void Follow(Action<DateTimeOffset>? onHubTime, Action<string, Text?>? onOutcome, Action<Text>? onOtherWay)
    {
        (this.onHubTime, this.onOutcome, this.onOtherWay) = (onHubTime, onOutcome, onOtherWay);
        foreach (var (township, calls) in All) (calls.OnHubTime, calls.OnOutcome, calls.OnOtherWay) = (onHubTime, whyNot => onOutcome?.Invoke(township, whyNot), onOtherWay);
    }

    /// <summary>With what a township is called for; null where it is not enrolled.</summary>
    public HubCalls? Of(string township) => directory is null ? connection : byTownship.GetValueOrDefault(township);

    /// <summary>Reads the enrolment again where it was changed: by <c>hub-agent enroll</c> beside this process, or by a rotation.</summary>
    /// <returns>Whether it was.</returns>
    public bool Refresh()
    {
        // The time first: what replaces the file while it is read is then newer, and read again.
        if (directory is null || WrittenAt(directory) is var written && written == readFromWrittenAt) return false;
        try
        {
            var enrolment = Enrolment.Read(directory);
            if (enrolment.Townships.Count == 0) throw new CommandFailedException(new(
                $"{Path.Combine(directory, Enrolment.FileName)} 不在或没有乡镇", $"{Path.Combine(directory, Enrolment.FileName)} is gone or names no township"));
            var next = connect!(enrolment);
            connection.Dispose();
            (connection, readFromWrittenAt, WhyNotRefreshed) = (next, written, null);
            Take(enrolment);
            return true;
        }
        catch (Exception e) when (e is CommandFailedException or UsageException or IOException or UnauthorizedAccessException)
        {
            // A share that is away, a file that only another account may read: it goes on with what it has.
            WhyNotRefreshed = e switch
            {
                CommandFailedException failed => failed.Text,
                UsageException wrong => wrong.Text,
                _ => new(e.Message, e.Message),
            };
            return false;
        }
    }

    /// <summary>Why a changed enrolment could not be read; null where it was.</summary>
    public Text? WhyNotRefreshed { get; private set; }

    public static Text NotEnrolled(string township) => new(
        $"没有为乡镇 {township} 登记：向县里要它的登记码，运行 hub-agent enroll", $"township {township} is not enrolled here: ask the county for its enrolment code and run hub-agent enroll");

    public void Dispose() => connection.Dispose();

    private void Take(Enrolment enrolment)
    {
        Credentials = enrolment.Townships;
        byTownship = enrolment.Townships.ToDictionary(t => t.Key, t => connection.As(t.Value.Token), StringComparer.Ordinal);
        Follow(onHubTime, onOutcome, onOtherWay);
    }

    private static DateTime WrittenAt(string directory) => File.GetLastWriteTimeUtc(Path.Combine(directory, Enrolment.FileName));
}
