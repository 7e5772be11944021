using System.Text;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Log;

/// <summary>One branch of a kept report: bit i is item i of its kind's standard.</summary>
/// <param name="Index">Where it stands in its township's list.</param>
public readonly record struct KeptBranch(int Index, ulong Met, ulong NotApplicable);

/// <summary>What a branch's code ends with, in UTF-8.</summary>
internal delegate ReadOnlySpan<byte> RestAt(int index);

/// <summary>The branches of a report as its record keeps them: codes as numbers with their differences where they are numbers of one width, as
/// text where not. Both are read for ever.</summary>
public static class KeptReport
{
    // A sum of two numbers of so many digits still fits 64 bits.
    private const int MaxWidth = 18;

    /// <param name="prefix">What all codes begin with.</param>
    /// <param name="restAt">The rest of each code, in code order.</param>
    internal static void SetBranches(ReportSubmitted report, ReadOnlySpan<byte> prefix, RestAt restAt, ulong[] met, ulong[] notApplicable)
    {
        SetCodes(report, prefix, restAt, met.Length);
        report.Met.AddRange(met);
        if (notApplicable.AsSpan().ContainsAnyExcept(0UL)) report.NotApplicable.AddRange(notApplicable);
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

    private static void SetCodes(ReportSubmitted report, ReadOnlySpan<byte> prefix, RestAt restAt, int count)
    {
        if (count == 0) return;
        // Codes are in order, so what the first and the last share all of them share.
        var shared = restAt(0).CommonPrefixLength(restAt(count - 1));
        report.BranchPrefix = string.Concat(Encoding.UTF8.GetString(prefix), Encoding.UTF8.GetString(restAt(0)[..shared]));
        if (TrySetSteps(report, restAt, count, shared)) return;
        report.BranchSteps.Clear();
        for (var i = 0; i < count; i++) report.BranchSuffixes.Add(Encoding.UTF8.GetString(restAt(i)[shared..]));
    }

    private static bool TrySetSteps(ReportSubmitted report, RestAt restAt, int count, int shared)
    {
        var width = restAt(0).Length - shared;
        if (width is 0 or > MaxWidth) return false;
        report.BranchSteps.Capacity = count;
        var last = 0UL;
        for (var i = 0; i < count; i++)
        {
            var digits = restAt(i)[shared..];
            if (digits.Length != width) return false;
            var number = 0UL;
            foreach (var digit in digits)
            {
                if (!char.IsAsciiDigit((char)digit)) return false;
                number = number * 10 + (ulong)(digit - '0');
            }
            report.BranchSteps.Add(number - last);
            last = number;
        }
        report.BranchSuffixWidth = width;
        return true;
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
