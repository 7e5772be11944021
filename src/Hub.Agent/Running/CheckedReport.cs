using System.Reflection;
using System.Text;
using Google.Protobuf;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Hub.Protocol;
using Period = Hub.Programmes.Period;

namespace Hub.Agent.Running;

/// <summary>What a file comes to once it is checked, in a form that can be handed from one process to another.</summary>
/// <param name="Report">The report; null where there are problems.</param>
/// <param name="DueAt">The first instant at which it is late; not set where there is no report.</param>
/// <param name="Warnings">What a person should look at, in this machine's language.</param>
/// <param name="Problems">The first problems, with their places.</param>
/// <param name="ProblemCount">How many there are.</param>
internal sealed record CheckedReport(Report? Report, DateTimeOffset DueAt, IReadOnlyList<string> Warnings, IReadOnlyList<Text> Problems, int ProblemCount)
{
    // Two programs that were not made from the same source do not understand each other.
    private static readonly string Source = typeof(CheckedReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static CheckedReport Of(WorkbookReading reading) => new(
        reading.Report,
        reading is { Report: not null, Frame: { } frame } ? frame.Programme.Template.Cadence.DueAt(frame.Period) : default,
        [.. reading.Warnings(Verb.Language).Select(w => w.Message)],
        [.. reading.Problems.Select(p => new Text(p.In(Language.Chinese), p.In(Language.English)))],
        reading.ProblemCount);

    /// <summary>The report's month, where there is one.</summary>
    public Period Period => Period.Parse(Report!.Period);

    public void WriteTo(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Source);
        writer.Write(Report is not null);
        if (Report is not null)
        {
            var bytes = Report.ToByteArray();
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
        writer.Write(DueAt.UtcTicks);
        writer.Write(Warnings.Count);
        foreach (var warning in Warnings) writer.Write(warning);
        writer.Write(Problems.Count);
        foreach (var problem in Problems)
        {
            writer.Write(problem.Chinese);
            writer.Write(problem.English);
        }
        writer.Write(ProblemCount);
    }

    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    /// <exception cref="InvalidDataException">It was written by another program.</exception>
    public static CheckedReport ReadFrom(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadString() != Source) throw new InvalidDataException("another program wrote it");
            var report = reader.ReadBoolean() ? Report.Parser.ParseFrom(reader.ReadBytes(reader.ReadInt32())) : null;
            var dueAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            return new(report, dueAt, Several(reader.ReadString), Several(() => new Text(reader.ReadString(), reader.ReadString())), reader.ReadInt32());
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException or ArgumentException)
        {
            throw new InvalidDataException(e.Message, e);
        }

        List<T> Several<T>(Func<T> read)
        {
            var several = new List<T>();
            for (var left = reader.ReadInt32(); left > 0; left--) several.Add(read());
            return several;
        }
    }
}
