using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hub.Agent.Enrolling;

/// <summary>A township's credential at the hub.</summary>
/// <param name="Name">The township's.</param>
/// <param name="ExpiresAt">By the hub's clock.</param>
/// <param name="NextToken">Drawn to replace the token: the hub may have its hash already.</param>
internal sealed record TownshipCredential(string Name, string CredentialId, string Token, DateTimeOffset ExpiresAt, string? NextToken = null);

/// <summary>What <c>hub-agent enroll</c> leaves in a data directory, in <c>DIR/enrolment.json</c>, for the owner alone: the hub, and a credential for each township that this
/// agent reports for.</summary>
/// <param name="Hub">Its address; null where nobody has enrolled.</param>
/// <param name="RootFile">Name of the file beside it that holds the only root to trust; null for what the machine trusts.</param>
/// <param name="Townships">By code.</param>
/// <param name="Pending">Tokens drawn for enrolments that have not been answered, by SHA-256 of the code's secret.</param>
internal sealed record Enrolment(string? Hub, string? RootFile, IReadOnlyDictionary<string, TownshipCredential> Townships, IReadOnlyDictionary<string, string> Pending)
{
    public const string FileName = "enrolment.json";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(50);

    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Enrolment None { get; } = new(null, null, new Dictionary<string, TownshipCredential>(), new Dictionary<string, string>());

    public static string NewToken() => "hub_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary><see cref="None"/> where nobody has enrolled.</summary>
    public static Enrolment Read(string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (!File.Exists(file)) return None;
        try
        {
            return JsonSerializer.Deserialize<Enrolment>(File.ReadAllText(file), Form) is { Townships: not null, Pending: not null } read && read.Townships.Values.All(t => t is { Token: not null })
                ? read : throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new CommandFailedException(new($"无法读取 {file}（{e.Message}）：删除它，向县里要新的登记码，再运行 hub-agent enroll",
                $"cannot read {file} ({e.Message}): delete it, ask the county for a new enrolment code and run hub-agent enroll"));
        }
    }

    /// <summary>Reads, changes and writes it, one process at a time. What it returns is on disk.</summary>
    public static async Task<Enrolment> UpdateAsync(string directory, Func<Enrolment, Enrolment> change, CancellationToken cancellation)
    {
        CreateOwnDirectory(directory);
        using var alone = await LockAsync(Path.Combine(directory, "enrolment.lock"), cancellation);
        var before = Read(directory);
        var after = change(before);
        if (after != before) Replace(Path.Combine(directory, FileName), JsonSerializer.Serialize(after, Form) + "\n");
        return after;
    }

    /// <summary>Whole or not at all, and never readable by others in between.</summary>
    public static void Replace(string file, string content)
    {
        var (unfinished, options) = (file + ".part", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write });
        // A leftover keeps the mode it was created with.
        File.Delete(unfinished);
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: true);
    }

    public Enrolment With(string township, TownshipCredential credential) => this with { Townships = new Dictionary<string, TownshipCredential>(Townships) { [township] = credential } };

    public Enrolment WithPending(string code, string? token)
    {
        var pending = new Dictionary<string, string>(Pending);
        if (token is null) pending.Remove(code);
        else pending[code] = token;
        return this with { Pending = pending };
    }

    private static void CreateOwnDirectory(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(new($"无法建立数据目录 {directory}：{e.Message}", $"cannot make the data directory {directory}: {e.Message}"));
        }
    }

    private static async Task<FileStream> LockAsync(string file, CancellationToken cancellation)
    {
        var (time, started) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            // Another process changes it, in a moment.
            catch (IOException) when (time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
