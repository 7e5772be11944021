using Hub.Programmes;

namespace Hub.Tests.Programmes;

/// <summary>A code that is read over the telephone and typed: what comes back, and what is noticed.</summary>
public sealed class EnrolmentCodeTests
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly EnrolmentCode Long = Code(1, hasFingerprint: true), Short = Code(2, hasFingerprint: false);

    [Fact]
    public void A_code_comes_back_however_it_is_typed()
    {
        foreach (var code in new[] { Long, Short })
            foreach (var typed in new[] { code.ToString(), code.ToString().ToLowerInvariant(), code.ToString().Replace("-", "", StringComparison.Ordinal), code.ToString().Replace('-', ' '), code.ToString().Replace('0', 'o').Replace('1', 'l'), FullWidth(code.ToString()), FullWidth(code.ToString().ToLowerInvariant()).Replace('－', '\u3000') })
            {
                var read = EnrolmentCode.Parse(typed, out _);
                Assert.True(read!.Secret.Span.SequenceEqual(code.Secret.Span) && read.RootFingerprint.Span.SequenceEqual(code.RootFingerprint.Span), typed);
            }
        Assert.Matches("^([0-9A-Z]{5}-){7}[0-9A-Z]{5}$", Long.ToString());
        Assert.Matches("^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$", Short.ToString());
    }

    [Fact]
    public void Any_one_wrong_character_is_noticed_and_its_group_named()
    {
        var text = Long.ToString();
        for (var i = 0; i < text.Length; i++)
            foreach (var other in text[i] == '-' ? "" : Alphabet.Replace(text[i].ToString(), "", StringComparison.Ordinal))
            {
                Assert.Null(EnrolmentCode.Parse($"{text[..i]}{other}{text[(i + 1)..]}", out var problem));
                Assert.StartsWith($"group {i / 6 + 1} of the enrolment code", problem.English, StringComparison.Ordinal);
            }
    }

    [Fact]
    public void Exchanged_neighbours_exchanged_groups_and_half_a_code_are_noticed()
    {
        var groups = Long.ToString().Split('-');
        for (var group = 0; group < groups.Length; group++)
            for (var i = 0; i < 4; i++)
            {
                if (groups[group][i] == groups[group][i + 1]) continue;
                var exchanged = groups[group].ToCharArray();
                (exchanged[i], exchanged[i + 1]) = (exchanged[i + 1], exchanged[i]);
                Assert.Null(EnrolmentCode.Parse(string.Join('-', [.. groups[..group], new string(exchanged), .. groups[(group + 1)..]]), out _));
            }
        Assert.Null(EnrolmentCode.Parse(string.Join('-', [groups[1], groups[0], .. groups[2..]]), out _));
        Assert.Null(EnrolmentCode.Parse(string.Join('-', groups[..4]), out _));
        Assert.Null(EnrolmentCode.Parse(string.Join('-', groups[..7]), out var tooShort));
        Assert.Contains("here are 35 characters", tooShort.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "here are 0 characters")]
    [InlineData("0000U", "no character of an enrolment code")]
    [InlineData("登记码", "no character of an enrolment code")]
    public void What_is_no_code_is_told(string text, string words)
    {
        Assert.Null(EnrolmentCode.Parse(text, out var problem));
        Assert.Contains(words, problem.English, StringComparison.Ordinal);
    }

    private static string FullWidth(string text) => string.Concat(text.Select(c => (char)(c + 0xFEE0)));

    private static EnrolmentCode Code(int seed, bool hasFingerprint)
    {
        var random = new Random(seed);
        byte[] secret = new byte[EnrolmentCode.SecretBytes], fingerprint = new byte[hasFingerprint ? EnrolmentCode.FingerprintBytes : 0];
        random.NextBytes(secret);
        random.NextBytes(fingerprint);
        return new(secret, fingerprint);
    }
}
