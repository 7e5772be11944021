using Google.Protobuf.Reflection;
using Hub.Protocol;

namespace Hub.Tests.Conventions;

/// <summary>What must be so of every message, now and later.</summary>
public sealed class ProtocolTests
{
    private static readonly FileDescriptor[] Files =
    [
        AdministrationReflection.Descriptor, AnalyticsReflection.Descriptor, BulletinReflection.Descriptor, EnrolmentReflection.Descriptor, ErrorsReflection.Descriptor, LogReflection.Descriptor,
        ProgrammeReflection.Descriptor, ReadingReflection.Descriptor, ReportReflection.Descriptor, ReportingReflection.Descriptor,
    ];

    [Fact]
    public void No_field_anywhere_could_hold_a_record_of_a_person()
    {
        string[] words = ["person", "member", "phone", "mobile", "email", "birth", "gender", "sex", "age", "id_card", "secretary_name", "author", "user_name", "address"];
        var fields = Files.SelectMany(f => f.MessageTypes).SelectMany(m => m.Fields.InDeclarationOrder()).ToList();

        Assert.True(fields.Count > 150);
        Assert.All(fields, field => Assert.DoesNotContain(field.Name.Split('_'), part => words.Contains(part)));
    }

    [Fact]
    public void Every_file_of_the_protocol_is_looked_at_here()
    {
        var sources = Directory.GetFiles(Repository.Path("protos/hub/v1"), "*.proto").Select(f => "hub/v1/" + Path.GetFileName(f));
        Assert.Equal(sources.Order(StringComparer.Ordinal), Files.Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_client_can_say_when_its_report_was_received()
    {
        var requests = Files.SelectMany(f => f.Services).SelectMany(s => s.Methods).Select(m => m.InputType).SelectMany(Reachable).Distinct();
        Assert.All(requests.SelectMany(m => m.Fields.InDeclarationOrder()), field => Assert.NotEqual("received_at", field.Name));
    }

    private static IEnumerable<MessageDescriptor> Reachable(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder().Where(f => f.FieldType == FieldType.Message).SelectMany(f => Reachable(f.MessageType)).Prepend(message);
}
