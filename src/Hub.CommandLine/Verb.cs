using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Grpc.Core;
using Hub.Programmes;

namespace Hub.CommandLine;

/// <summary>What every verb of both executables shares: the language, exit codes (0 done, 2 wrong usage, 1 otherwise), one line on
/// standard error and no stack trace.</summary>
public static class Verb
{
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>HUB_LANG (zh or en), else the machine's; English where it says neither.</summary>
    public static Language Language { get; } = ChooseLanguage();

    public static string Say(string chinese, string english) => new Text(chinese, english).In(Language);

    /// <param name="explain">What an executable's own expected exceptions say; null for those it does not expect.</param>
    public static async Task<int> RunAsync(RootCommand root, string[] args, Func<Exception, Text?>? explain = null)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return await FailAsync($"{WhyWrong(parsed)} {Say("（--help 查看用法）", "(see --help)")}", WrongUsage);
        try
        {
            // A hub that is asked to stop finishes the calls it has: longer than the two seconds given by default.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (UsageException e)
        {
            return await FailAsync(e.Text.In(Language), WrongUsage);
        }
        catch (CommandFailedException e)
        {
            return await FailAsync(e.Text.In(Language), Failed);
        }
        catch (RpcException e)
        {
            return await FailAsync(e.StatusCode == StatusCode.Cancelled ? Say("已取消", "cancelled") : e.Status.Detail, Failed);
        }
        catch (OperationCanceledException)
        {
            return await FailAsync(Say("已取消", "cancelled"), Failed);
        }
        catch (Exception e)
        {
            // An error that nobody foresaw is still one line: a stack trace helps no clerk.
            return await FailAsync(explain?.Invoke(e)?.In(Language) ?? e.Message, Failed);
        }
    }

    /// <summary>The last line of a command's help: how it is called.</summary>
    public static string WithExample(string description, string example) => $"{description}\n\n{Say("示例：", "Example:")}\n  {example}";

    public static Option<T> Required<T>(string name, string chinese, string english, string value) =>
        new(name) { Description = Say(chinese, english), Required = true, HelpName = value };

    public static Option<T?> Optional<T>(string name, string chinese, string english, string value) =>
        new(name) { Description = Say(chinese, english), HelpName = value };

    public static DateTimeOffset Instant(string text) => HubTime.TryParseInstant(text, out var instant) ? instant : throw new UsageException(new(
        $"“{text}”不是带时区的时刻，如 2026-11-02T09:00:00+08:00", $"“{text}” is not an instant with an offset, such as 2026-11-02T09:00:00+08:00"));

    public static long Position(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position > 0 ? position
        : throw new UsageException(new($"“{text}”不是日志位置", $"“{text}” is not a log position"));

    private static string WhyWrong(ParseResult parsed) => parsed.UnmatchedTokens.Count > 0
        ? Say($"不认识“{parsed.UnmatchedTokens[0]}”", $"“{parsed.UnmatchedTokens[0]}” is not a command or option here") : parsed.Errors[0].Message;

    private static async Task<int> FailAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync(message.TrimEnd().ReplaceLineEndings(" "));
        return code;
    }

    private static Language ChooseLanguage()
    {
        var name = new[] { "HUB_LANG", "LC_ALL", "LC_MESSAGES", "LANG" }.Select(Environment.GetEnvironmentVariable).FirstOrDefault(v => !string.IsNullOrEmpty(v))
            ?? CultureInfo.CurrentUICulture.Name;
        return name.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Language.Chinese : Language.English;
    }
}

/// <summary>The command line was used wrongly.</summary>
public sealed class UsageException(Text message) : Exception(message.English)
{
    public Text Text { get; } = message;
}

/// <summary>The command cannot do what it was asked to.</summary>
public sealed class CommandFailedException(Text message) : Exception(message.English)
{
    public Text Text { get; } = message;
}
