using System.Collections.Frozen;
using Hub.Store.Star;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Hub.Tests.Models;

/// <summary>What <c>analytics/models/NAME.yml</c> says of the model beside it. The form is described in the folder's README.</summary>
public sealed record ModelDocument
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithEnforceRequiredMembers().WithDuplicateKeyChecking().Build();

    public required string Description { get; init; }
    public required List<string> Grain { get; init; }
    public List<ModelParameter> Parameters { get; init; } = [];
    public required List<ModelColumn> Columns { get; init; }
    public ModelChecks Checks { get; init; } = new();
    public List<ModelCase> Cases { get; init; } = [];

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Every document by its model's name.</summary>
    public static FrozenDictionary<string, ModelDocument> All { get; } = Directory.GetFiles(Folder, "*.yml")
        .ToFrozenDictionary(f => Path.GetFileNameWithoutExtension(f), f => Read(File.ReadAllText(f), Path.GetFileName(f)), StringComparer.Ordinal);

    public static IEnumerable<string> Models => ModelCatalog.Views.Concat(ModelCatalog.Macros).Order(StringComparer.Ordinal);

    /// <summary>What stands after FROM to read a model: its name, and for a macro its arguments.</summary>
    public static string Source(string model, IEnumerable<string> arguments) => !ModelCatalog.Macros.Contains(model) ? model
        : $"{model}({string.Join(", ", arguments.Select(a => $"'{a.Replace("'", "''", StringComparison.Ordinal)}'"))})";

    /// <exception cref="InvalidDataException">Malformed, an unknown key, or one that is missing.</exception>
    public static ModelDocument Read(string text, string file)
    {
        try
        {
            return Yaml.Deserialize<ModelDocument>(text);
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{file} line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}", e);
        }
    }
}

public sealed record ModelParameter
{
    public required string Name { get; init; }

    /// <summary>The argument that columns and checks are read with.</summary>
    public required string Example { get; init; }
    public required string Means { get; init; }
}

public sealed record ModelColumn
{
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required string Means { get; init; }
    public bool Nullable { get; init; }
}

/// <summary>What holds for every row, besides a unique grain and no null in a column that is not nullable. A null breaks none of these.</summary>
public sealed record ModelChecks
{
    public Dictionary<string, List<string>> AcceptedValues { get; init; } = [];

    /// <summary>By column: <c>LEAST..MOST</c>, either of them left out where there is no bound.</summary>
    public Dictionary<string, string> Ranges { get; init; } = [];

    /// <summary>Conditions in SQL.</summary>
    public List<string> Holds { get; init; } = [];

    /// <summary>By column list: the model in which these columns have a row for each of this one.</summary>
    public Dictionary<string, string> Relations { get; init; } = [];
}

public sealed record ModelCase
{
    public required string Name { get; init; }
    public required Given Given { get; init; }
    public List<string> Arguments { get; init; } = [];

    /// <summary>Which rows are looked at, in SQL.</summary>
    public string Where { get; init; } = "true";

    /// <summary>Exactly these rows; all name the same columns.</summary>
    public required List<Dictionary<string, string?>> Expect { get; init; }
}
