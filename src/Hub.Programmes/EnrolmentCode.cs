using System.Text;

namespace Hub.Programmes;

/// <summary>What a county reads to a township over the telephone: a secret that the hub takes once, and, where the hub serves TLS, the beginning of the SHA-256
/// fingerprint of the county's root certificate, so that the agent knows the hub before it sends the secret.</summary>
/// <remarks>Crockford's base32 in groups of five, four characters and one that checks them: 4 groups of secret, 4 of fingerprint. Which group was
/// misheard can so be said without asking the hub.</remarks>
/// <param name="Secret">80 bits.</param>
/// <param name="RootFingerprint">80 bits; empty where the hub has no root.</param>
public sealed record EnrolmentCode(ReadOnlyMemory<byte> Secret, ReadOnlyMemory<byte> RootFingerprint)
{
    public const int SecretBytes = 10, FingerprintBytes = 10;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Checked = 4, Group = Checked + 1, BitsPerCharacter = 5;
    private const int ShortGroups = SecretBytes * 8 / BitsPerCharacter / Checked, LongGroups = 2 * ShortGroups;
    // Anything longer was not read from a code.
    private const int MaxLength = 200;

    public bool HasFingerprint => RootFingerprint.Length > 0;

    public override string ToString()
    {
        byte[] content = [.. Secret.Span, .. RootFingerprint.Span];
        var digits = Enumerable.Range(0, content.Length * 8 / BitsPerCharacter).Select(i => DigitAt(content, i)).ToArray();
        var text = new StringBuilder();
        foreach (var group in digits.Chunk(Checked))
        {
            if (text.Length > 0) text.Append('-');
            foreach (var digit in group) text.Append(Alphabet[digit]);
            text.Append(Alphabet[Check(group, (text.Length - Checked) / (Group + 1), digits.Length / Checked)]);
        }
        return text.ToString();
    }

    /// <param name="text">As somebody typed it: in any case, with or without hyphens and blanks, O for 0, I or L for 1.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static EnrolmentCode? Parse(string text, out Text problem)
    {
        problem = default;
        if (text.Length > MaxLength)
        {
            problem = new($"登记码太长：应为 {LongGroups} 组，每组 {Group} 个字符", $"the enrolment code is too long: it should be {LongGroups} groups of {Group} characters");
            return null;
        }
        var digits = new List<int>();
        foreach (var typed in text)
        {
            // Full-width, as Chinese input methods write them; string.Normalize knows them only where there is ICU, which a release for Linux does not need.
            var c = char.ToUpperInvariant(typed is >= '\uFF01' and <= '\uFF5E' ? (char)(typed - 0xFEE0) : typed);
            if (c is '-' or '‐' or '–' or '—' || char.IsWhiteSpace(c)) continue;
            var digit = Alphabet.IndexOf(c switch { 'O' => '0', 'I' or 'L' => '1', _ => c }, StringComparison.Ordinal);
            if (digit < 0)
            {
                problem = new($"登记码第 {digits.Count / Group + 1} 组里的“{c}”不是登记码的字符（数字，以及除 I、L、O、U 以外的字母）", $"“{c}” in group {digits.Count / Group + 1} is no character of an enrolment code (digits, and letters but I, L, O and U)");
                return null;
            }
            digits.Add(digit);
        }
        var groups = digits.Chunk(Group).ToList();
        if (digits.Count % Group != 0 || groups.Count is not (ShortGroups or LongGroups))
        {
            problem = new($"登记码应为 {LongGroups} 组（或 {ShortGroups} 组），每组 {Group} 个字符；这里有 {digits.Count} 个字符", $"an enrolment code is {LongGroups} groups (or {ShortGroups}) of {Group} characters; here are {digits.Count} characters");
            return null;
        }
        for (var i = 0; i < groups.Count; i++)
        {
            if (Check(groups[i].AsSpan(0, Checked), i, groups.Count) == groups[i][Checked]) continue;
            var wrong = string.Concat(groups[i].Select(d => Alphabet[d]));
            problem = new($"登记码第 {i + 1} 组“{wrong}”有误：请核对这一组", $"group {i + 1} of the enrolment code, “{wrong}”, is mistyped: compare it");
            return null;
        }
        var content = Bytes([.. groups.SelectMany(g => g.Take(Checked))]);
        return new(content.AsMemory(0, SecretBytes), content.AsMemory(SecretBytes));
    }

    private static int DigitAt(byte[] content, int place)
    {
        var value = 0;
        for (var bit = place * BitsPerCharacter; bit < (place + 1) * BitsPerCharacter; bit++) value = (value << 1) | ((content[bit / 8] >> (7 - bit % 8)) & 1);
        return value;
    }

    private static byte[] Bytes(int[] digits)
    {
        var content = new byte[digits.Length * BitsPerCharacter / 8];
        for (var bit = 0; bit < content.Length * 8; bit++)
            content[bit / 8] |= (byte)(((digits[bit / BitsPerCharacter] >> (BitsPerCharacter - 1 - bit % BitsPerCharacter)) & 1) << (7 - bit % 8));
        return content;
    }

    /// <summary>The group as a polynomial over GF(32) at a generator: any one character that is wrong shows, and any two neighbours that are exchanged. It begins with the
    /// group's place, so that exchanged groups and half a code show too.</summary>
    private static int Check(ReadOnlySpan<int> group, int place, int groups)
    {
        var check = groups == LongGroups ? place : ShortGroups + LongGroups + place;
        foreach (var digit in group) check = Double(check) ^ digit;
        return Double(check);
    }

    // x^5 + x^2 + 1
    private static int Double(int element) => element << 1 is var doubled && doubled > 31 ? doubled ^ 0b100101 : doubled;
}
