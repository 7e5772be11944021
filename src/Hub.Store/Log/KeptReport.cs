using System.Globalization;
using System.Text;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Log;

/// <summary>One branch of a kept report: bit i is item i of its kind's standard.</summary>
/// <param name="Index">Where it stands in its township's list.</param>
public readonly record struct KeptBranch(int Index, ulong Met, ulong NotApplicable);

/// <summary>The branches of a report as its record keeps them: codes as numbers with their differences where they are numbers of one width, as
/// text where not. Both are read for ever.</summary>
public static class KeptReport
{
    // A sum of two numbers of so many digits still fits 64 bits.
    private const int MaxWidth = 18;

    /// <param name="branches">In code order.</param>
    public static void SetBranches(ReportSubmitted report, IReadOnlyList<ValidBranch> branches)
    {
        SetCodes(report, [.. branches.Select(b => b.Branch.Code)]);
        report.Met.AddRange(branches.Select(b => b.Met));
        if (branches.Any(b => b.NotApplicable != 0)) report.NotApplicable.AddRange(branches.Select(b => b.NotApplicable));
    }

    /// <summary>The branches in code order.</summary>
    /// <param name="record">A report.</param>
    /// <param name="registered">Its township's, as they stood at the record or later.</param>
    /// <exception cref="StoreDamagedException">The record is not one that the hub writes.</exception>
    public static IEnumerable<KeptBranch> Branches(LoggedRecord record, BranchList registered)
    {
        var report = record.Content.ReportSubmitted;
        var (count, width) = (report.Met.Count, report.BranchSuffixWidth);
        if (width is < 0 or > MaxWidth
            || report.BranchSuffixes.Count != (width == 0 ? count : 0)
            || report.BranchSteps.Count != (width == 0 ? 0 : count)
            || (report.NotApplicable.Count > 0 && report.NotApplicable.Count != count)) throw Damaged(record);
        var prefixLength = Encoding.UTF8.GetByteCount(report.BranchPrefix);
        var code = new byte[prefixLength + BranchList.MaxCodeLength];
        Encoding.UTF8.GetBytes(report.BranchPrefix, code);
        var (number, limit, last) = (0UL, PowerOfTen(width), -1);
        for (var i = 0; i < count; i++)
        {
            var length = width;
            if (width > 0)
            {
                var step = report.BranchSteps[i];
                if (step >= limit || (number += step) >= limit) throw Damaged(record);
                WriteDigits(number, code.AsSpan(prefixLength, width));
            }
            else if (!Encoding.UTF8.TryGetBytes(report.BranchSuffixes[i], code.AsSpan(prefixLength), out length)) throw Damaged(record);
            var index = registered.IndexOf(code.AsSpan(0, prefixLength + length), last + 1);
            // Unknown, twice, or out of order.
            if (index <= last) throw Damaged(record);
            last = index;
            yield return new KeptBranch(index, report.Met[i], report.NotApplicable.Count > 0 ? report.NotApplicable[i] : 0);
        }
    }

    private static void SetCodes(ReportSubmitted report, IReadOnlyList<string> codes)
    {
        if (codes.Count == 0) return;
        // Codes are in order, so what the first and the last share all of them share.
        var shared = codes[0].AsSpan().CommonPrefixLength(codes[^1]);
        var width = codes[0].Length - shared;
        report.BranchPrefix = codes[0][..shared];
        if (width is 0 or > MaxWidth || !codes.All(c => c.Length == shared + width && !c.AsSpan(shared).ContainsAnyExceptInRange('0', '9')))
        {
            report.BranchSuffixes.AddRange(codes.Select(c => c[shared..]));
            return;
        }
        report.BranchSuffixWidth = width;
        var last = 0UL;
        foreach (var code in codes)
        {
            var number = ulong.Parse(code.AsSpan(shared), NumberStyles.None, CultureInfo.InvariantCulture);
            report.BranchSteps.Add(number - last);
            last = number;
        }
    }

    private static void WriteDigits(ulong number, Span<byte> digits)
    {
        for (var i = digits.Length - 1; i >= 0; i--, number /= 10) digits[i] = (byte)('0' + number % 10);
    }

    private static ulong PowerOfTen(int exponent)
    {
        var power = 1UL;
        for (var i = 0; i < exponent; i++) power *= 10;
        return power;
    }

    private static StoreDamagedException Damaged(LoggedRecord record) => new(new(
        $"日志记录 {record.Position} 所列支部与登记不符，日志已被改动。请从备份恢复", $"the branches in log record {record.Position} are not those registered: the log was altered; restore it from a backup"));
}
