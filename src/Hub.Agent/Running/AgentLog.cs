using Hub.Programmes;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>Everything that the running agent says, in the reader's language.</summary>
internal static partial class AgentLog
{
    public static void Say(this ILogger log, Text message) => Said(log, message.In(Verb.Language));

    public static void Warn(this ILogger log, Text message) => Warned(log, message.In(Verb.Language));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Message}")]
    private static partial void Said(ILogger log, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
    private static partial void Warned(ILogger log, string message);
}
