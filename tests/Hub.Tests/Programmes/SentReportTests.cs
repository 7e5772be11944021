using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Programmes;

/// <summary>A report read in one pass is the report that the generated parser reads, and bytes are refused where that refuses them.</summary>
public sealed class SentReportTests
{
    [Fact]
    public Task Every_form_that_protobuf_allows_is_read_alike() => FullRun.WithSeedAsync(seed =>
    {
        var wire = new RandomWire(new Random(seed));
        for (var i = 0; i < FullRun.Times(5_000, 100_000); i++) Assert.True(AreReadAlike(wire.Report()));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Damaged_bytes_are_refused_or_read_alike() => FullRun.WithSeedAsync(seed =>
    {
        var random = new Random(seed);
        // Read as a length, a number near 2^31 overflows in the generated parser, which then takes what it should refuse.
        var wire = new RandomWire(random, mostState: 1 << 16);
        var refused = 0;
        var times = FullRun.Times(20_000, 1_000_000);
        for (var i = 0; i < times; i++)
            if (!AreReadAlike(Damaged(wire.Report(), random))) refused++;
        // Neither all of one kind nor all of the other.
        Assert.InRange(refused, times / 10, times - times / 10);
        return Task.CompletedTask;
    });

    [Fact]
    public void Whole_reports_and_their_beginnings_are_read_alike()
    {
        var report = new Report { Programme = "county-2025", Township = "990101100", Period = "2026-01", Narrative = new Narrative { Progress = "进展" }, SignOff = new SignOff { PreparedByPost = "委员" } };
        for (var i = 0; i < 300; i++) report.Branches.Add(new BranchStates { Branch = $"990101100{i:D5}", States = { Enumerable.Range(0, i % 65).Select(k => (ItemState)(k % 4)) } });
        var bytes = report.ToByteArray();

        Assert.True(AreReadAlike(bytes));
        for (var length = 0; length < bytes.Length; length += 7) AreReadAlike(bytes[..length]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    public void Groups_within_groups_are_followed_as_deep_as_the_generated_parser_follows_them(int depth)
    {
        byte[] groups = [.. Enumerable.Repeat((byte)(15 << 3 | 3), depth), .. Enumerable.Repeat((byte)(15 << 3 | 4), depth)];
        Assert.Equal(depth <= 100, AreReadAlike(groups));
        AreReadAlike([4 << 3 | 2, .. Varint(groups.Length), .. groups]);
        AreReadAlike([4 << 3 | 2, .. Varint(groups.Length - 2), .. groups[1..^1]]);
    }

    [Fact]
    public void A_run_of_states_of_negative_length_is_empty() =>
        Assert.True(AreReadAlike([4 << 3 | 2, 8, 2 << 3 | 2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 2 << 3, 1]));

    [Fact]
    public void States_are_told_by_bits_up_to_the_last_of_sixty_four()
    {
        var states = Enumerable.Range(0, Hub.Programmes.Standard.MaxItems).Select(i => (ItemState)(i * 7 % 4)).ToList();
        using var sent = SentReport.Of(new Report { Branches = { new BranchStates { States = { states } }, new BranchStates { States = { states.Take(3) } }, new BranchStates() } });

        foreach (var state in Enum.GetValues<ItemState>())
        {
            var bits = states.Select((s, i) => s == state ? 1UL << i : 0).Aggregate((a, b) => a | b);
            Assert.Equal((bits, bits & 7, 0UL), (sent.BitsAt(0, state), sent.BitsAt(1, state), sent.BitsAt(2, state)));
        }
    }

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), (byte)(value >> 7)];

    /// <summary>How many states each run of a branch has on the wire; 0 = one of its own, not packed.</summary>
    public static TheoryData<int, int[]> Runs => new()
    {
        { 1, [12, 13] }, { 1, [0] }, { 1, [25, 0] }, { 1, [0, 24] }, { 1, [5, 0, 0, 7] }, { 3_000, [12, 13] }, { 3_000, [0] }, { 3_000, [24, 0] }, { 3_000, [25] },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void States_in_several_runs_are_those_of_one(int branches, int[] runs)
    {
        var random = new Random(branches + runs.Length);
        var report = new Report { Programme = "p", Township = "990101100", Period = "2026-01" };
        for (var i = 0; i < branches; i++)
            report.Branches.Add(new BranchStates { Branch = $"990101100{i:00000}", States = { Enumerable.Range(0, i == branches - 1 ? 3 : 25).Select(_ => (ItemState)random.Next(1, 4)) } });
        using var whole = SentReport.Of(report);
        using var parts = SentReport.Read(InRuns(report, runs));

        Assert.Equal(Convert.ToHexString(ReportDigest.Of(whole)), Convert.ToHexString(ReportDigest.Of(parts)));
        for (var i = 0; i < branches; i++)
        {
            Assert.Equal(whole.CodeTextAt(i), parts.CodeTextAt(i));
            foreach (var state in Enum.GetValues<ItemState>()) Assert.Equal(whole.BitsAt(i, state), parts.BitsAt(i, state));
        }
    }

    private static byte[] InRuns(Report report, int[] runs)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        output.WriteRawMessage(new Report { Programme = report.Programme, Township = report.Township, Period = report.Period });
        foreach (var branch in report.Branches)
        {
            using var inner = new MemoryStream();
            using var fields = new CodedOutputStream(inner);
            fields.WriteTag(BranchStates.BranchFieldNumber, WireFormat.WireType.LengthDelimited);
            fields.WriteString(branch.Branch);
            for (int at = 0, run = 0; at < branch.States.Count; run++)
            {
                var length = Math.Min(runs[run % runs.Length], branch.States.Count - at);
                if (length == 0)
                {
                    fields.WriteTag(BranchStates.StatesFieldNumber, WireFormat.WireType.Varint);
                    fields.WriteEnum((int)branch.States[at++]);
                    continue;
                }
                fields.WriteTag(BranchStates.StatesFieldNumber, WireFormat.WireType.LengthDelimited);
                fields.WriteBytes(ByteString.CopyFrom([.. branch.States.Skip(at).Take(length).Select(s => (byte)s)]));
                at += length;
            }
            fields.Flush();
            output.WriteTag(Report.BranchesFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(inner.ToArray()));
        }
        output.Flush();
        return bytes.ToArray();
    }

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length + 1)];
        for (var n = random.Next(1, 4); n > 0 && bytes.Length > 0; n--)
            bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(bytes[random.Next(bytes.Length)] ^ 1 << random.Next(8));
        return bytes;
    }

    /// <returns>False where both refuse.</returns>
    private static bool AreReadAlike(byte[] bytes)
    {
        Report? generated = null;
        try
        {
            generated = Report.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            var refused = Record.Exception(() => SentReport.Read(bytes).Dispose());
            Assert.True(refused is InvalidDataException or InvalidProtocolBufferException, $"{Convert.ToHexString(bytes)}: {refused}");
            return false;
        }
        using var sent = SentReport.Read(bytes);
        Assert.Equal((generated.Programme, generated.Township, generated.Period), (sent.Programme, sent.Township, sent.Period));
        Assert.Equal((generated.Narrative, generated.SignOff), (sent.Narrative, sent.SignOff));
        Assert.Equal(generated.Branches.Select(b => b.Branch), Enumerable.Range(0, sent.BranchCount).Select(sent.CodeTextAt));
        Assert.Equal(generated.Branches.SelectMany(b => b.States).Select(s => (byte)Math.Min((uint)s, byte.MaxValue)), Enumerable.Range(0, sent.BranchCount).SelectMany(i => sent.StatesAt(i).ToArray()));
        Assert.Equal(generated.Branches.Select(b => b.States.Count), Enumerable.Range(0, sent.BranchCount).Select(i => sent.StatesAt(i).Length));
        return true;
    }
}
