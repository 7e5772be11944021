using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Server.Grpc;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Net.Http.Headers;

namespace Hub.Server.Rest;

/// <summary>Whether query and body are those of a call. Transcoding passes over what it does not know and says of the rest only that it is wrong:
/// here a slip is named, with its place.</summary>
internal static class RestRequest
{
    /// <summary>As sent, and as inflated.</summary>
    public const int MaxBodyBytes = 4 << 20;

    /// <summary>A report is nested five deep.</summary>
    public const int MaxDepth = 16;

    private static readonly JsonParser Parser = new(new JsonParser.Settings(MaxDepth));
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>What is in the path or in the body is no parameter.</summary>
    public static void CheckQuery(HttpRequest request, GrpcJsonTranscodingMetadata rest)
    {
        var violations = new List<Violation>();
        foreach (var (name, values) in request.Query)
        {
            if (rest.HttpRule.Body.Length > 0 || request.RouteValues.ContainsKey(name) || FieldAt(rest.MethodDescriptor.InputType, name) is not { } field) violations.Add(Malformed(name, new("没有这个参数", "there is no such parameter")));
            else if (values.Count != 1) violations.Add(Malformed(name, new("参数只能给一次", "the parameter may be given once")));
            else if (!Fits(values[0] ?? "", field)) violations.Add(Malformed(name, new($"“{ReportParser.Short(values[0] ?? "")}”不是{In(field).Chinese}", $"“{ReportParser.Short(values[0] ?? "")}” is not {In(field).English}")));
            if (violations.Count == ReportParser.MaxViolations) break;
        }
        if (violations.Count > 0) throw new RefusedException(Refusal.OfFields(violations));
    }

    /// <summary>Reads the whole body, judges it and puts it back inflated.</summary>
    public static async Task TakeBodyAsync(HttpContext http, MessageDescriptor message)
    {
        var request = http.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "application/json" || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            throw Refused("content-type", new("content-type 须为 application/json（UTF-8）", "content-type must be application/json (UTF-8)"));
        if (request.ContentLength > MaxBodyBytes) throw TooLarge();
        var body = request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => await ReadAsync(request.Body, http.RequestAborted),
            "gzip" => await ReadAsync(new GZipStream(request.Body, CompressionMode.Decompress), http.RequestAborted),
            _ => throw Refused("content-encoding", new("content-encoding 只能是 gzip", "content-encoding may only be gzip")),
        };
        Check(body, message);
        request.Headers.ContentEncoding = default;
        request.ContentLength = body.Length;
        request.Body = body;
    }

    private static async Task<MemoryStream> ReadAsync(Stream from, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        var part = new byte[16_384];
        try
        {
            while (await from.ReadAsync(part, cancellation) is var read and not 0)
            {
                if (body.Length + read > MaxBodyBytes) throw TooLarge();
                body.Write(part, 0, read);
            }
        }
        catch (InvalidDataException e)
        {
            throw Refused("content-encoding", new($"内容不是 gzip：{e.Message}", $"the body is not gzip: {e.Message}"));
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge();
        }
        body.Position = 0;
        return body;
    }

    private static void Check(MemoryStream body, MessageDescriptor message)
    {
        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        try
        {
            var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (json.Read())
            {
            }
            Parser.Parse(Utf8.GetString(bytes), message);
        }
        catch (JsonException e)
        {
            throw Refused("body", new($"JSON 第 {e.LineNumber + 1} 行第 {e.BytePositionInLine + 1} 字节有误：{e.Message}", $"the JSON is wrong in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message}"));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or DecoderFallbackException)
        {
            throw Refused("body", new($"JSON 不是 {message.Name}（见 {OpenApi.Path}）：{e.Message}", $"the JSON is no {message.Name} (see {OpenApi.Path}): {e.Message}"));
        }
    }

    /// <summary>The field that a parameter names, by its JSON or its own name: <c>pageSize</c>, <c>at.as_of</c>.</summary>
    private static FieldDescriptor? FieldAt(MessageDescriptor message, string name)
    {
        FieldDescriptor? field = null;
        foreach (var part in name.Split('.', 8))
        {
            if (field is not null && (field.FieldType != FieldType.Message || OpenApi.IsTimestamp(field))) return null;
            field = (field?.MessageType ?? message).Fields.InDeclarationOrder().FirstOrDefault(f => f.JsonName == part || f.Name == part);
            if (field is null) return null;
        }
        return field is { FieldType: FieldType.Message } && !OpenApi.IsTimestamp(field) ? null : field;
    }

    private static bool Fits(string value, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Int32 => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        FieldType.Int64 => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        FieldType.Message => IsTimestamp(value),
        _ => true,
    };

    private static Text In(FieldDescriptor field) => field.FieldType == FieldType.Message
        ? new("时刻，如 2026-02-02T09:00:00+08:00", "an instant such as 2026-02-02T09:00:00+08:00") : new("整数", "an integer");

    private static bool IsTimestamp(string value)
    {
        try
        {
            Parser.Parse<Google.Protobuf.WellKnownTypes.Timestamp>(JsonSerializer.Serialize(value));
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static Violation Malformed(string field, Text message) => new(ReportParser.Short(field), RefusalReason.FieldMalformed, message);

    private static RefusedException Refused(string field, Text message) => new(Refusal.OfField(field, RefusalReason.FieldMalformed, message));

    private static RefusedException TooLarge() => new(new Refusal(RefusalReason.TooLarge, new("内容超过 4 MiB，请减少内容", "the body is over 4 MiB; send less")));
}
