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

    /// <summary>What is wrong with the kept files.</summary>
    public IEnumerable<Text> Problems(HubState state) =>
        from publication in state.Publications
        where publication.Kept is not null
        from file in publication.Kept!.Files
        where Read(publication.Programme, publication.Period, file) is null
        select new Text(
            $"已发布通报的文件 {Path.Combine(FolderOf(publication.Programme, publication.Period), file.Name)} 缺失或被改动，请从备份恢复",
            $"the published bulletin's file {Path.Combine(FolderOf(publication.Programme, publication.Period), file.Name)} is missing or changed; restore it from a backup");
}
