using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Agent.Running;

/// <summary>The hub's answers to one township, by the rules of the contract alone: one version per submission id, none over one that was not seen.</summary>
internal sealed class ModelHub(TimeProvider clock)
{
    public const string RefusedWords = "the branch is not registered";

    internal sealed record Kept(string SubmissionId, Report Report, Receipt Receipt);

    private byte[] head = new byte[32];

    /// <summary>In the order of the log.</summary>
    public List<Kept> Log { get; private set; } = [];

    /// <summary>What its registry knows nothing of.</summary>
    public Func<Report, bool> Refuses { get; set; } = _ => false;

    public SubmitReportResponse Submit(SubmitReportRequest request)
    {
        if (Log.Find(k => k.SubmissionId == request.SubmissionId) is { } first)
            return first.Report.Equals(request.Report) ? new() { Receipt = first.Receipt, AlreadyKept = true } : throw Refused(StatusCode.AlreadyExists, "SUBMISSION_ID_USED", "the submission id was used for other content");
        if (Refuses(request.Report)) throw Refused(StatusCode.InvalidArgument, "BRANCH_UNKNOWN", RefusedWords);
        if (clock.GetUtcNow() < Period.Parse(request.Report.Period).EndsAt) throw Refused(StatusCode.FailedPrecondition, "PERIOD_NOT_ENDED", "the period has not ended");
        if (request.ExpectedVersion != Log.Count) throw Refused(StatusCode.Aborted, "VERSION_STALE", $"version {Log.Count} is in force");
        // As in the log, the instant counts: the same report received again is another record.
        head = SHA256.HashData([.. head, .. BitConverter.GetBytes(HubTime.ToMicroseconds(clock.GetUtcNow())), .. Encoding.UTF8.GetBytes(request.SubmissionId), .. request.Report.ToByteArray()]);
        var receipt = new Receipt { Position = Log.Count + 1, Version = Log.Count + 1, ReceivedAt = Timestamp.FromDateTimeOffset(clock.GetUtcNow()), Hash = ByteString.CopyFrom(head) };
        Log.Add(new(request.SubmissionId, request.Report.Clone(), receipt));
        return new() { Receipt = receipt };
    }

    /// <summary>From another machine, whose clerk has seen what is in force.</summary>
    public void SubmitFromElsewhere(string submissionId, Report report) => Submit(new() { SubmissionId = submissionId, ExpectedVersion = Log.Count, Report = report });

    public GetReportResponse Get() => Log.Count == 0 ? throw Refused(StatusCode.NotFound, "NOT_FOUND", "there is no such version of the report")
        : new() { Report = Log[^1].Report, Receipt = Log[^1].Receipt, SubmissionId = Log[^1].SubmissionId };

    public ReconcileResponse Reconcile(ReconcileRequest request) => new()
    {
        Missing = { request.Receipts.Where(h => !Log.Any(k => k.Receipt.Position == h.Position && k.Receipt.Hash == h.Hash)).Select(h => h.SubmissionId) },
        Position = Log.Count,
    };

    public ReadInboxResponse ReadInbox(ReadInboxRequest request) => request.After > Log.Count ? throw Refused(StatusCode.InvalidArgument, "FIELD_MALFORMED", "there is no such position") : new()
    {
        Township = "990101100",
        Messages =
        {
            Log.Skip((int)request.After).Select(k => new InboxMessage
            {
                Position = k.Receipt.Position, ReceivedReport = new() { Programme = k.Report.Programme, Period = k.Report.Period, Receipt = k.Receipt }, WordsZh = "已收妥", WordsEn = "kept",
            }),
        },
        NextAfter = Log.Count,
    };

    /// <summary>An older copy of the store is put back.</summary>
    public void Lose(int records)
    {
        Log = [.. Log.Take(Math.Max(0, Log.Count - records))];
        head = Log.Count > 0 ? Log[^1].Receipt.Hash.ToByteArray() : new byte[32];
    }

    private static RpcException Refused(StatusCode status, string reason, string detail) => new Google.Rpc.Status
    {
        Code = (int)status, Message = detail, Details = { Any.Pack(new Google.Rpc.ErrorInfo { Domain = "hub.v1", Reason = reason }) },
    }.ToRpcException();
}
