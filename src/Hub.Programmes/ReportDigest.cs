using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>What "the same content" means: SHA-256 over a report in canonical form, branches in code order. Submission id and
/// expected version are not content: they say how it was sent.</summary>
public static class ReportDigest
{
    private const int Texts = 12;
    private const int BytesOnStack = 16_384;

    public static byte[] Of(Report report)
    {
        using var sent = SentReport.Of(report);
        return Of(sent);
    }

    /// <summary>32 bytes.</summary>
    public static byte[] Of(SentReport report)
    {
        // All in one buffer, hashed at once: a call of the hash for each field costs more than the hashing.
        var room = report.MaxContentBytes + sizeof(int) * (Texts + 2 * report.BranchCount);
        var canonical = new Canonical(room <= BytesOnStack ? stackalloc byte[room] : new byte[room]);
        Write(report, ref canonical);
        return SHA256.HashData(canonical.Written);
    }

    private static void Write(SentReport report, ref Canonical canonical)
    {
        canonical.Add(report.Programme, report.Township, report.Period);
        var order = IsInOrder(report) ? null : InOrder(report);
        for (var i = 0; i < report.BranchCount; i++)
        {
            var branch = order is null ? i : order[i];
            canonical.Add(report.CodeAt(branch));
            // A state that no release knows is like no state that was ever kept.
            canonical.Add(report.StatesAt(branch));
        }
        var n = report.Narrative ?? new Narrative();
        var s = report.SignOff ?? new SignOff();
        canonical.Add(n.Progress, n.Problems, n.NextSteps, n.MattersToCoordinate, n.GoodPractices);
        canonical.Add(s.PreparedByPost, s.PreparedOn, s.ApprovedByPost, s.ApprovedOn);
    }

    /// <summary>As most are sent: every code ASCII and none before the one it follows.</summary>
    private static bool IsInOrder(SentReport report)
    {
        for (var i = 0; i < report.BranchCount; i++)
            if (!Ascii.IsValid(report.CodeAt(i)) || (i > 0 && report.CodeAt(i - 1).SequenceCompareTo(report.CodeAt(i)) > 0)) return false;
        return true;
    }

    /// <summary>The order of the codes as UTF-16, which for some that are no codes is not that of their UTF-8; equal ones stay as they were sent.</summary>
    private static int[] InOrder(SentReport report)
    {
        var codes = new string[report.BranchCount];
        for (var i = 0; i < codes.Length; i++) codes[i] = report.CodeTextAt(i);
        return [.. Enumerable.Range(0, codes.Length).OrderBy(i => codes[i], StringComparer.Ordinal)];
    }

    /// <summary>Fields one after the other, each after its length, so that no two lists of fields run together to the same bytes.</summary>
    private ref struct Canonical(Span<byte> buffer)
    {
        private readonly Span<byte> buffer = buffer;
        private int end;

        public readonly ReadOnlySpan<byte> Written => buffer[..end];

        public void Add(ReadOnlySpan<byte> field)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer[end..], field.Length);
            field.CopyTo(buffer[(end + sizeof(int))..]);
            end += sizeof(int) + field.Length;
        }

        public void Add(params ReadOnlySpan<string> texts)
        {
            foreach (var text in texts)
            {
                var length = Encoding.UTF8.GetBytes(text, buffer[(end + sizeof(int))..]);
                BinaryPrimitives.WriteInt32BigEndian(buffer[end..], length);
                end += sizeof(int) + length;
            }
        }
    }
}
