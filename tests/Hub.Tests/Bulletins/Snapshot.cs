using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hub.Programmes;
using Hub.Tests.Conventions;

namespace Hub.Tests.Bulletins;

/// <summary>Holds a text against the one kept in <c>Bulletins/Snapshots</c>. HUB_ACCEPT_SNAPSHOTS=1 keeps what it gets.</summary>
internal static class Snapshot
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new PeriodAsWritten(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static bool Accepting => Environment.GetEnvironmentVariable("HUB_ACCEPT_SNAPSHOTS") == "1";

    public static string File(string name) => Repository.Path(Path.Combine("tests/Hub.Tests/Bulletins/Snapshots", name));

    /// <summary>One line for each record of a list, so that a difference names it.</summary>
    public static string Of(object value)
    {
        var text = new System.Text.StringBuilder();
        foreach (var property in JsonSerializer.SerializeToElement(value, value.GetType(), Json).EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Array) text.Append(property.Name).Append(": ").Append(Line(property.Value)).Append('\n');
            else foreach (var item in property.Value.EnumerateArray()) text.Append(property.Name).Append("[]: ").Append(Line(item)).Append('\n');
        }
        return text.ToString();
    }

    public static void Matches(string name, string text)
    {
        var file = File(name);
        if (Accepting) System.IO.File.WriteAllText(file, text);
        Assert.True(System.IO.File.Exists(file), $"No snapshot {name}; set HUB_ACCEPT_SNAPSHOTS=1 to keep this one");
        Assert.Equal(System.IO.File.ReadAllText(file).ReplaceLineEndings("\n"), text);
    }

    private sealed class PeriodAsWritten : JsonConverter<Period>
    {
        public override Period Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Period.Parse(reader.GetString()!);
        public override void Write(Utf8JsonWriter writer, Period value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private static string Line(JsonElement element) => JsonSerializer.Serialize(element, new JsonSerializerOptions(Json) { WriteIndented = false });
}
