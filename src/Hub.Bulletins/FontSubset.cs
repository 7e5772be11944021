using System.Buffers.Binary;
using System.Text;
using Hub.Bulletins.Charts;

namespace Hub.Bulletins;

/// <summary>
/// The embedded font reduced to the characters of one document, so that a page carries its own font in some hundred kilobytes.
/// Glyphs keep their numbers: outlines of the others are left empty and the character map is written anew (OpenType 1.9, tables
/// glyf, loca, cmap). The same characters give the same bytes.
/// </summary>
internal static class FontSubset
{
    // What a browser needs to draw upright text; layout features, vertical metrics and hints are left out.
    private static readonly string[] KeptTables = ["OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"];

    private const int TableRecordBytes = 16, HeaderBytes = 12;
    private const uint ChecksumMagic = 0xB1B0AFBA;

    private static readonly Lazy<Dictionary<string, byte[]>> Tables = new(ReadTables);

    public static byte[] Of(IEnumerable<char> text)
    {
        var runes = string.Concat(text).EnumerateRunes().Distinct().OrderBy(r => r.Value)
            .Select(rune => (Code: rune.Value, Glyph: ChartFont.Typeface.GetGlyph(rune.Value))).Where(c => c.Glyph != 0).ToList();
        var source = Tables.Value;
        var (glyf, loca) = Outlines(source, [0, .. runes.Select(r => (int)r.Glyph)]);
        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var tag in KeptTables) tables[tag] = source[tag];
        (tables["glyf"], tables["loca"], tables["cmap"]) = (glyf, loca, CharacterMap(runes));
        tables["head"] = [.. source["head"]];
        BinaryPrimitives.WriteInt16BigEndian(tables["head"].AsSpan(50), 1); // long offsets in loca
        return Assemble(tables);
    }

    private static (byte[] Glyf, byte[] Loca) Outlines(Dictionary<string, byte[]> source, IEnumerable<int> wanted)
    {
        var glyphCount = U16(source["maxp"], 4);
        var kept = new HashSet<int>();
        var open = new Stack<int>(wanted);
        while (open.TryPop(out var glyph))
            if (kept.Add(glyph))
                foreach (var part in Parts(Outline(source, glyph))) open.Push(part);

        using var glyf = new MemoryStream();
        var loca = new byte[(glyphCount + 1) * 4];
        for (var glyph = 0; glyph < glyphCount; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(glyph * 4), (uint)glyf.Length);
            if (!kept.Contains(glyph)) continue;
            glyf.Write(Outline(source, glyph));
            while (glyf.Length % 4 != 0) glyf.WriteByte(0);
        }
        BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(glyphCount * 4), (uint)glyf.Length);
        return (glyf.ToArray(), loca);
    }

    private static ReadOnlySpan<byte> Outline(Dictionary<string, byte[]> source, int glyph)
    {
        var loca = source["loca"];
        var (start, end) = U16(source["head"], 50) == 0
            ? (U16(loca, glyph * 2) * 2, U16(loca, glyph * 2 + 2) * 2)
            : ((int)U32(loca, glyph * 4), (int)U32(loca, glyph * 4 + 4));
        return source["glyf"].AsSpan(start, end - start);
    }

    // A composite glyph names the glyphs it is put together from.
    private static List<int> Parts(ReadOnlySpan<byte> outline)
    {
        const int words = 0x1, scale = 0x8, more = 0x20, twoScales = 0x40, matrix = 0x80;
        var parts = new List<int>();
        if (outline.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) return parts;
        var at = 10;
        int flags;
        do
        {
            flags = U16(outline, at);
            parts.Add(U16(outline, at + 2));
            at += 4 + ((flags & words) != 0 ? 4 : 2) + ((flags & scale) != 0 ? 2 : (flags & twoScales) != 0 ? 4 : (flags & matrix) != 0 ? 8 : 0);
        }
        while ((flags & more) != 0);
        return parts;
    }

    // Format 12: one group a character. Platform 3, encoding 10: all of Unicode.
    private static byte[] CharacterMap(List<(int Code, ushort Glyph)> characters)
    {
        const int header = 12, groupBytes = 12, subtableHeader = 16;
        var map = new byte[header + subtableHeader + characters.Count * groupBytes];
        BinaryPrimitives.WriteUInt16BigEndian(map.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt16BigEndian(map.AsSpan(4), 3);
        BinaryPrimitives.WriteUInt16BigEndian(map.AsSpan(6), 10);
        BinaryPrimitives.WriteUInt32BigEndian(map.AsSpan(8), header);
        BinaryPrimitives.WriteUInt16BigEndian(map.AsSpan(header), 12);
        BinaryPrimitives.WriteUInt32BigEndian(map.AsSpan(header + 4), (uint)(map.Length - header));
        BinaryPrimitives.WriteUInt32BigEndian(map.AsSpan(header + 12), (uint)characters.Count);
        for (var i = 0; i < characters.Count; i++)
        {
            var group = map.AsSpan(header + subtableHeader + i * groupBytes);
            BinaryPrimitives.WriteUInt32BigEndian(group, (uint)characters[i].Code);
            BinaryPrimitives.WriteUInt32BigEndian(group[4..], (uint)characters[i].Code);
            BinaryPrimitives.WriteUInt32BigEndian(group[8..], characters[i].Glyph);
        }
        return map;
    }

    private static byte[] Assemble(SortedDictionary<string, byte[]> tables)
    {
        BinaryPrimitives.WriteUInt32BigEndian(tables["head"].AsSpan(8), 0);
        var size = HeaderBytes + tables.Count * TableRecordBytes + tables.Values.Sum(t => Padded(t.Length));
        var font = new byte[size];
        var power = (int)Math.Log2(tables.Count);
        BinaryPrimitives.WriteUInt32BigEndian(font, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(4), (ushort)tables.Count);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(6), (ushort)((1 << power) * 16));
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(10), (ushort)((tables.Count - (1 << power)) * 16));
        var (record, offset, head) = (HeaderBytes, HeaderBytes + tables.Count * TableRecordBytes, 0);
        foreach (var (tag, table) in tables)
        {
            table.CopyTo(font, offset);
            Encoding.ASCII.GetBytes(tag).CopyTo(font, record);
            BinaryPrimitives.WriteUInt32BigEndian(font.AsSpan(record + 4), Checksum(font.AsSpan(offset, Padded(table.Length))));
            BinaryPrimitives.WriteUInt32BigEndian(font.AsSpan(record + 8), (uint)offset);
            BinaryPrimitives.WriteUInt32BigEndian(font.AsSpan(record + 12), (uint)table.Length);
            if (tag == "head") head = offset;
            (record, offset) = (record + TableRecordBytes, offset + Padded(table.Length));
        }
        BinaryPrimitives.WriteUInt32BigEndian(font.AsSpan(head + 8), unchecked(ChecksumMagic - Checksum(font)));
        return font;
    }

    private static Dictionary<string, byte[]> ReadTables()
    {
        using var stream = ChartFont.OpenFile();
        var font = new byte[stream.Length];
        stream.ReadExactly(font);
        var tables = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < U16(font, 4); i++)
        {
            var record = font.AsSpan(HeaderBytes + i * TableRecordBytes, TableRecordBytes);
            tables[Encoding.ASCII.GetString(record[..4])] = [.. font.AsSpan((int)U32(record, 8), (int)U32(record, 12))];
        }
        return tables;
    }

    private static uint Checksum(ReadOnlySpan<byte> table)
    {
        var sum = 0u;
        for (var i = 0; i < table.Length; i += 4) sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(table[i..]));
        return sum;
    }

    private static int Padded(int length) => (length + 3) / 4 * 4;
    private static int U16(ReadOnlySpan<byte> table, int at) => BinaryPrimitives.ReadUInt16BigEndian(table[at..]);
    private static uint U32(ReadOnlySpan<byte> table, int at) => BinaryPrimitives.ReadUInt32BigEndian(table[at..]);
}
