using System.Text;
using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>What the agent has to say of a workbook, beside it where the clerk saves it.</summary>
internal static class ResultFile
{
    // For editors on old machines that take a file without the mark for the local code page.
    private static readonly UTF8Encoding WithMark = new(encoderShouldEmitUTF8Identifier: true);

    public static string PathOf(string workbook) => $"{workbook}.{Verb.Say("结果", "result")}.txt";

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string workbook, IEnumerable<Text> lines)
    {
        var text = string.Join(Environment.NewLine, lines.Select(l => l.In(Verb.Language))) + Environment.NewLine;
        var path = PathOf(workbook);
        if (File.Exists(path) && File.ReadAllText(path, WithMark) == text) return;
        var unfinished = path + ".part";
        File.WriteAllText(unfinished, text, WithMark);
        File.Move(unfinished, path, overwrite: true);
    }
}
