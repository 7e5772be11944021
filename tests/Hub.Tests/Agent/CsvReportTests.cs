using System.Text;
using Hub.Agent.Csv;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Agent;

/// <summary>A report as CSV, as other programs export it.</summary>
public sealed class CsvReportTests
{
    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("GB18030", false)]
    public void Items_in_columns_are_read_in_UTF_8_and_GB18030(string encoding, bool mark)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = (mark ? "\uFEFF" : "") + ByItems("达标");
        var reading = Read(Encoding.GetEncoding(encoding).GetBytes(text));

        Assert.Empty(reading.Problems);
        Assert.Equal(8, reading.Report!.Branches.Count);
        Assert.All(reading.Report.Branches.SelectMany(b => b.States), s => Assert.Equal(ItemState.Met, s));
    }

    [Fact]
    public void One_column_of_states_is_read_and_its_mistakes_are_named_by_cell()
    {
        var lines = SampleWorkbook.Frame().Township.Branches.Select(b => $"{b.Code},{new string('1', SampleWorkbook.Template.StandardOf(b.Kind)!.Items.Count)}").ToList();
        var good = Read("branch,states\r\n" + string.Join("\r\n", lines));
        lines[0] = lines[0].Replace("1,1", "1,-", StringComparison.Ordinal);
        lines[1] = lines[1][..^1];
        var bad = Read("branch,states\n" + string.Join("\n", lines[..^1]));

        Assert.Empty(good.Problems);
        Assert.Equal(
        [
            "CSV!B2, 1号党支部 (99010110000001), item V1.1 has no condition and cannot be “not applicable”",
            "CSV!B3, 2号党支部 (99010110000002), has 23 states, its kind has 24 items",
            "CSV, 8号党支部 (99010110000008), is left out: the file does not list it",
        ], bad.Problems.Select(p => p.In(Language.English)));
    }

    [Theory]
    [InlineData("branch,V1.1,V1.1\n", "header “V1.1” stands twice")]
    [InlineData("branch,V9.9,V1.1\n", "header “V9.9” is no item")]
    [InlineData("code,states\n", "header branch is missing")]
    [InlineData("branch,states\n4711,111\n", "this township has no branch “4711”")]
    [InlineData("branch\n", "either a column per item or one column states")]
    public void What_is_wrong_is_said(string text, string expected) =>
        Assert.Contains(Read(text).Problems, p => p.In(Language.English).Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Without_a_connection_the_kind_follows_from_the_states()
    {
        var frame = SampleWorkbook.Frame();
        frame = frame with { Township = new Hub.Programmes.Township(frame.Township.Code, "", []) };
        var reading = CsvReport.Read(new MemoryStream(Encoding.UTF8.GetBytes("branch,states\nB-1," + new string('0', 31))), frame, knowsBranches: false);

        Assert.Empty(reading.Problems);
        Assert.Equal(31, reading.Report!.Branches[0].States.Count);
    }

    private static WorkbookReading Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static WorkbookReading Read(byte[] bytes) => CsvReport.Read(new MemoryStream(bytes), SampleWorkbook.Frame(), knowsBranches: true);

    private static string ByItems(string word)
    {
        var ids = SampleWorkbook.Template.Standards.SelectMany(s => s.Items.Select(i => (s.Kind, i.Id))).ToList();
        var rows = SampleWorkbook.Frame().Township.Branches.Select(b => $"{b.Code},{b.Name}," + string.Join(',', ids.Select(i => i.Kind == b.Kind ? word : "")));
        return "branch,支部名称," + string.Join(',', ids.Select(i => i.Id)) + "\n" + string.Join("\n", rows) + "\n";
    }
}
