using System.Globalization;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Star;

namespace Hub.Server.Grpc;

/// <summary>What many requests share: a programme and a township within the caller's reach, a period, a page, a point to read at.</summary>
internal static class Requests
{
    /// <summary>A programme that the caller sees. One that it does not see and one that does not exist answer alike.</summary>
    public static Programmes.Programme Programme(string id, HubStore store, ServerCallContext context)
    {
        if (id.Length == 0) throw new RefusedException(Refusal.OfField("programme", RefusalReason.FieldMissing, new("缺少项目编号", "the programme is missing")));
        var programme = store.State.FindProgramme(id);
        return programme is not null && context.Caller().Sees(programme) ? programme : throw new RefusedException(Refusal.OfField("programme", RefusalReason.ProgrammeUnknown,
            new($"没有项目“{ReportParser.Short(id)}”", $"there is no programme “{ReportParser.Short(id)}”")));
    }

    /// <summary>A programme and one township of it: the caller's own where none is named.</summary>
    public static (Programmes.Programme Programme, string Township) ProgrammeAndTownship(string programmeId, string township, HubStore store, ServerCallContext context)
    {
        var caller = context.Caller();
        if (township.Length == 0 && caller.IsTownship) township = caller.Credential.Township;
        if (township.Length == 0) throw new RefusedException(Refusal.OfField("township", RefusalReason.FieldMissing, new("缺少乡镇编码", "the township is missing")));
        if (!caller.MayTouch(township) || store.State.FindTownship(township) is null) throw new RefusedException(AccessInterceptor.NotPermitted());
        var programme = Programme(programmeId, store, context);
        return programme.Covers(township) ? (programme, township) : throw new RefusedException(AccessInterceptor.NotPermitted());
    }

    /// <summary>The prefix to read within: the area asked for where the caller reaches it, else the caller's whole scope.</summary>
    public static string Scope(string area, Caller caller)
    {
        if (area.Length == 0) return caller.Scope;
        if (!area.StartsWith(caller.Scope, StringComparison.Ordinal)) throw new RefusedException(AccessInterceptor.NotPermitted());
        return Forms.IsArea(area) ? area : throw new RefusedException(Refusal.OfField("area", RefusalReason.FieldMalformed,
            new("区域须为 2、4、6 或 9 位数字", "the area must be 2, 4, 6 or 9 digits")));
    }

    public static Period Period(string text)
    {
        if (Programmes.Period.TryParse(text, out var period)) return period;
        throw new RefusedException(Refusal.OfField("period", text.Length == 0 ? RefusalReason.FieldMissing : RefusalReason.PeriodMalformed,
            new($"月份“{ReportParser.Short(text)}”不是 YYYY-MM 形式", $"the period “{ReportParser.Short(text)}” is not a month YYYY-MM")));
    }

    /// <summary>The period asked for, or the last that had ended at the reading's instant.</summary>
    public static Period PeriodOrLast(string text, Reading reading) => text.Length > 0 ? Period(text) : Programmes.Period.LastEnded(reading.AsOf);

    public static Reading Read(ReadingPoint? at, HubStore store) => store.Read(at?.Position ?? 0, Instant(at)).OrRefuse();

    public static DateTimeOffset? Instant(ReadingPoint? at)
    {
        if (at?.AsOf is not { } asOf) return null;
        if (HubTime.TryFromTimestamp(asOf, out var instant)) return instant;
        throw new RefusedException(Refusal.OfField("at.as_of", RefusalReason.FieldMalformed, new("as_of 不是有效时刻", "as_of is not a valid instant")));
    }

    public static ReadingPoint ToPoint(Reading reading) => new()
    {
        Position = reading.Position,
        AsOf = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(reading.AsOf),
    };

    public static Paging Page(int size, string token, int maxSize)
    {
        if (size < 0 || size > maxSize) throw new RefusedException(Refusal.OfField("page_size", RefusalReason.FieldMalformed,
            new($"page_size 须在 0 至 {maxSize} 之间", $"page_size must be 0 to {maxSize}")));
        var offset = 0;
        if (token.Length > 0 && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out offset)) throw new RefusedException(Refusal.OfField(
            "page_token", RefusalReason.FieldMalformed, new("page_token 不是先前应答所给的", "page_token is not one that a response gave")));
        return new(size == 0 ? 100 : size, offset);
    }

    /// <summary>A page asked for; queries fetch one row more to know whether another follows.</summary>
    internal readonly record struct Paging(int Size, int Offset)
    {
        public string Next(int fetched) => fetched > Size ? (Offset + Size).ToString(CultureInfo.InvariantCulture) : "";
    }
}
