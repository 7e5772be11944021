using Hub.Programmes;

namespace Hub.Store;

/// <summary>The data directory cannot be used: what is wrong, where, and what to do.</summary>
public class StoreException(Text message) : Exception(message.English)
{
    public Text Text { get; } = message;
}

/// <summary>Another process holds the files.</summary>
public sealed class StoreLockedException(string file)
    : StoreException(new($"{file} 正被另一进程使用，请稍后再试或停止该进程", $"{file} is in use by another process; try again later or stop that process"));

/// <summary>Records are missing or changed: nothing is served from such a store.</summary>
public sealed class StoreDamagedException(Text message) : StoreException(message);

/// <summary>The star cannot be read or written. It is a projection of the log: opening the directory makes it anew.</summary>
internal sealed class StarDamagedException(string file, Exception why) : StoreException(new(
    $"无法使用投影文件 {file}（{DuckDb.FirstLine(why)}），请检查磁盘空间和权限；该文件可由日志重建", $"cannot use the star {file} ({DuckDb.FirstLine(why)}); see whether the disk has room and may be written: the file itself is made anew from the log"));
