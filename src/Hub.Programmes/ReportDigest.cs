using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>What "the same content" means: SHA-256 over a report in canonical form, branches in code order. Submission id and
/// expected version are not content: they say how it was sent.</summary>
public static class ReportDigest
{
    public static byte[] Of(Report report)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, report.Programme, report.Township, report.Period);
        foreach (var branch in report.Branches.OrderBy(b => b.Branch, StringComparer.Ordinal))
        {
            Add(hash, branch.Branch);
            var states = new byte[branch.States.Count];
            // A state that no release knows is like no state that was ever kept.
            for (var i = 0; i < states.Length; i++) states[i] = (byte)Math.Clamp((uint)branch.States[i], 0, byte.MaxValue);
            Add(hash, states);
        }
        var n = report.Narrative ?? new Narrative();
        var s = report.SignOff ?? new SignOff();
        Add(hash, n.Progress, n.Problems, n.NextSteps, n.MattersToCoordinate, n.GoodPractices);
        Add(hash, s.PreparedByPost, s.PreparedOn, s.ApprovedByPost, s.ApprovedOn);
        return hash.GetHashAndReset();
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts) Add(hash, Encoding.UTF8.GetBytes(text));
    }

    // Length first, so that no two lists of fields run together to the same bytes.
    private static void Add(IncrementalHash hash, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
