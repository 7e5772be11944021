using System.Security.Cryptography;
using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store;

/// <summary>The files of published bulletins, in <c>DIR/bulletins/PROGRAMME/PERIOD</c>. The log holds each one's SHA-256: a file that is
/// missing or changed is noticed when it is read.</summary>
public sealed class KeptFiles(string directory)
{
    public const string FolderName = "bulletins";

    public string FolderOf(string programme, Period period) => Path.Combine(directory, FolderName, programme, period.ToString());

    /// <summary>Writes all files or none, durably, before their hashes go on record. What an interrupted writing left behind is replaced.</summary>
    public IReadOnlyList<KeptFile> Write(string programme, Period period, IEnumerable<(string Name, byte[] Content)> files)
    {
        var folder = FolderOf(programme, period);
        var unfinished = folder + ".unfinished";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        var kept = new List<KeptFile>();
        foreach (var (name, content) in files)
        {
            using (var file = new FileStream(Path.Combine(unfinished, name), FileMode.CreateNew))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            kept.Add(new KeptFile { Name = name, Size = content.LongLength, Sha256 = ByteString.CopyFrom(SHA256.HashData(content)) });
        }
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(unfinished, folder);
        return kept;
    }

    /// <summary>The file's content; null where it is missing, or other than it was.</summary>
    public byte[]? Read(string programme, Period period, KeptFile file)
    {
        try
        {
            var content = File.ReadAllBytes(Path.Combine(FolderOf(programme, period), file.Name));
            return SHA256.HashData(content).AsSpan().SequenceEqual(file.Sha256.Span) ? content : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with the kept files: one line for a bulletin that has none, else one for each file.</summary>
    public IEnumerable<Text> Problems(HubState state)
    {
        foreach (var p in state.Publications)
        {
            var folder = FolderOf(p.Programme, p.Period);
            if (p.Kept is null) yield return new(
                $"{p.Programme} {p.Period} 的通报〔{p.Year}〕{p.Number}号 已发布，文件尚未生成：运行一次 hub bulletin --programme {p.Programme} --period {p.Period} 即可",
                $"the bulletin 〔{p.Year}〕{p.Number} of {p.Programme} {p.Period} is published and its files are not made yet: run hub bulletin --programme {p.Programme} --period {p.Period} once");
            else if (!Directory.Exists(folder)) yield return new(
                $"已发布通报的文件夹 {folder} 缺失，请从备份恢复", $"the folder {folder} of a published bulletin is missing; restore it from a backup");
            else
                foreach (var file in p.Kept.Files.Where(f => Read(p.Programme, p.Period, f) is null)) yield return new(
                    $"已发布通报的文件 {Path.Combine(folder, file.Name)} 缺失或被改动，请从备份恢复",
                    $"the published bulletin's file {Path.Combine(folder, file.Name)} is missing or changed; restore it from a backup");
        }
    }
}
