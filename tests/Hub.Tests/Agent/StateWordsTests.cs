using System.Text;
using Hub.Agent.Workbooks;

namespace Hub.Tests.Agent;

/// <summary>Characters that stand for others, which a release for Linux knows without ICU.</summary>
public sealed class StateWordsTests
{
    [Fact]
    public void Every_character_that_stands_for_others_is_read_as_where_there_is_ICU()
    {
        var different = new List<string>();
        // Assigned for long, so that every ICU knows them: full-width forms, circled and parenthesised, radicals as copied from PDF, compatibility ideographs.
        foreach (var (first, last) in new[] { (0x00A0, 0x00FF), (0x2000, 0x2BFF), (0x2F00, 0x33FF), (0xF900, 0xFAD9), (0xFE30, 0xFFEF) })
            for (var code = first; code <= last; code++)
            {
                var character = ((char)code).ToString();
                var expected = string.Concat(character.Normalize(NormalizationForm.FormKC).Where(IsKept));
                if (StateWords.Normal(character) != expected) different.Add($"U+{code:X4}");
            }
        Assert.Empty(different);
    }

    [Fact]
    public void A_word_copied_from_a_PDF_with_radicals_for_characters_is_understood() =>
        Assert.Equal("不适用", StateWords.Normal("不适⽤"));

    [Fact]
    public void A_word_with_a_picture_is_another_word() => Assert.Null(StateWords.Parse("达标😀"));

    private static bool IsKept(char c) => !char.IsWhiteSpace(c) && !char.IsControl(c)
        && System.Globalization.CharUnicodeInfo.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format && c is not ('\uFE0E' or '\uFE0F');
}
