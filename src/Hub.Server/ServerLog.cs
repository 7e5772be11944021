namespace Hub.Server;

/// <summary>Everything the hub writes to its log.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "Unexpected error in {Method}")]
    public static partial void UnexpectedError(ILogger logger, string method, Exception error);

    [LoggerMessage(2, LogLevel.Critical, "The store no longer writes; the hub refuses reports until it is restarted")]
    public static partial void StoreFault(ILogger logger, Exception error);

    [LoggerMessage(3, LogLevel.Information, "Period {Period} has ended")]
    public static partial void PeriodEnded(ILogger logger, string period);
}
