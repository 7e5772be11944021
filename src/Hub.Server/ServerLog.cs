namespace Hub.Server;

/// <summary>Everything the hub writes to its log.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "Unexpected error in {Method}")]
    public static partial void UnexpectedError(ILogger logger, string method, Exception error);

    [LoggerMessage(2, LogLevel.Critical, "The store no longer writes; the hub answers UNAVAILABLE and keeps trying to open it again")]
    public static partial void StoreFault(ILogger logger, Exception error);

    [LoggerMessage(3, LogLevel.Information, "Period {Period} has ended")]
    public static partial void PeriodEnded(ILogger logger, string period);

    [LoggerMessage(4, LogLevel.Warning, "The store is open again; the hub serves")]
    public static partial void StoreRecovered(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "The star was damaged and has been made anew from the log: {Reason}")]
    public static partial void StarRebuilt(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Information, "The hub's certificate is another one, valid until {Until}")]
    public static partial void CertificateReplaced(ILogger logger, string until);

    [LoggerMessage(7, LogLevel.Error, "The hub's certificate could not be renewed or read; the former one stays in use until {Until}, and the hub tries again in an hour")]
    public static partial void CertificateNotRenewed(ILogger logger, string until, Exception error);
}
