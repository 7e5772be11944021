using Hub.Programmes;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>One part of a workbook as it is inflated: refuses to go past its bounds, whatever the archive's directory claimed.</summary>
internal sealed class BoundedStream(Stream inner, string part, InflatedBudget budget) : Stream
{
    private long read;
    private int run;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        read += count;
        if (read > ReadingLimits.PartBytes || !budget.Take(count)) throw new UnreadableException(part, "", new(
            "解压后过大，疑似压缩炸弹，拒绝读取", "too large when inflated, as a zip bomb is; not read"));
        Measure(buffer[..count]);
        return count;
    }

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void Measure(ReadOnlySpan<byte> bytes)
    {
        var first = bytes.IndexOf((byte)'<');
        if ((first < 0 ? run + bytes.Length : run + first) > ReadingLimits.RunBytes) throw new UnreadableException(part, "", new(
            "含有超长的文字或属性，拒绝读取", "holds a text or attribute beyond any measure; not read"));
        run = first < 0 ? run + bytes.Length : bytes.Length - bytes.LastIndexOf((byte)'<');
    }
}

/// <summary>What all parts of one workbook may inflate to together.</summary>
internal sealed class InflatedBudget
{
    private long left = ReadingLimits.InflatedBytes;

    public bool Take(int bytes) => (left -= bytes) >= 0;
}
