namespace Hub.Programmes;

/// <summary>The languages that people read here: Chinese first, English second.</summary>
public enum Language { Chinese, English }

/// <summary>One message in both languages. Values in it are shown as they are; whoever prints it escapes.</summary>
public readonly record struct Text(string Chinese, string English)
{
    public string In(Language language) => language == Language.Chinese ? Chinese : English;
    public override string ToString() => English;
}
