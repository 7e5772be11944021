using Google.Protobuf.Reflection;
using Hub.Protocol;

namespace Hub.Server.Rest;

/// <summary>What the protocol's files say of services, calls, messages, fields and values: generated code does not keep it.</summary>
internal static class ProtocolComments
{
    private static readonly Lazy<Dictionary<string, string>> All = new(() => Read().ToDictionary(StringComparer.Ordinal));

    public static string Of(IDescriptor descriptor) => All.Value[descriptor.FullName];

    private static IEnumerable<KeyValuePair<string, string>> Read()
    {
        var assembly = typeof(Report).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".binpb", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            foreach (var file in FileDescriptorSet.Parser.ParseFrom(stream).File)
                foreach (var location in file.SourceCodeInfo.Location)
                    if (NameAt(file, location.Path) is { } name) yield return new($"{file.Package}.{name}", Line(location.LeadingComments));
        }
    }

    // The numbers are those of descriptor.proto's fields.
    private static string? NameAt(FileDescriptorProto file, IList<int> path) => path switch
    {
        [4, var message] => file.MessageType[message].Name,
        [4, var message, 2, var field] => $"{file.MessageType[message].Name}.{file.MessageType[message].Field[field].Name}",
        [5, var type] => file.EnumType[type].Name,
        [5, var type, 2, var value] => $"{file.EnumType[type].Name}.{file.EnumType[type].Value[value].Name}",
        [6, var service] => file.Service[service].Name,
        [6, var service, 2, var method] => $"{file.Service[service].Name}.{file.Service[service].Method[method].Name}",
        _ => null,
    };

    private static string Line(string comment) => string.Join(' ', comment.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
