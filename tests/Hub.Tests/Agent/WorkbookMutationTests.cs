using System.IO.Compression;
using Hub.Agent.Workbooks.Reading;

namespace Hub.Tests.Agent;

/// <summary>Whatever happens to the bytes of a workbook, the reader answers.</summary>
public sealed class WorkbookMutationTests
{
    [Fact]
    public void No_mutation_of_a_workbook_makes_the_reader_throw()
    {
        var count = FullRun.Times(2_000, 500_000);
        var whole = SampleWorkbook.Of(SampleWorkbook.Frame(perKind: 1)).Bytes;
        var parts = Parts(whole);
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            // Half of them inside the parts: bytes changed outside seldom get past the archive.
            var mutant = seed % 2 == 0 ? Mutate(whole, random) : Packed(parts, random);
            try
            {
                var reading = WorkbookReader.Read(new MemoryStream(mutant));
                Assert.True(reading.Report is not null || reading.Problems.Count > 0, $"seed {seed} said nothing");
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutant = (byte[])bytes.Clone();
        switch (random.Next(5))
        {
            case 0:
                return mutant[..random.Next(mutant.Length)];
            case 1:
                var from = random.Next(mutant.Length);
                Array.Clear(mutant, from, Math.Min(random.Next(1, 400), mutant.Length - from));
                return mutant;
            case 2:
                var start = random.Next(mutant.Length);
                var piece = mutant.AsSpan(start, Math.Min(random.Next(1, 200), mutant.Length - start)).ToArray();
                var place = random.Next(mutant.Length);
                return [.. mutant[..place], .. piece, .. mutant[place..]];
            default:
                for (var i = random.Next(1, 20); i > 0; i--) mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
                return mutant;
        }
    }

    private static List<(string Name, byte[] Content)> Parts(byte[] workbook)
    {
        using var zip = new ZipArchive(new MemoryStream(workbook));
        var parts = new List<(string, byte[])>();
        foreach (var entry in zip.Entries)
        {
            using var content = entry.Open();
            var bytes = new MemoryStream();
            content.CopyTo(bytes);
            parts.Add((entry.FullName, bytes.ToArray()));
        }
        return parts;
    }

    private static byte[] Packed(List<(string Name, byte[] Content)> parts, Random random)
    {
        var chosen = random.Next(parts.Count);
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            for (var i = 0; i < parts.Count; i++)
            {
                using var entry = zip.CreateEntry(parts[i].Name, CompressionLevel.NoCompression).Open();
                entry.Write(i == chosen ? Mutate(parts[i].Content, random) : parts[i].Content);
            }
        return stream.ToArray();
    }
}
