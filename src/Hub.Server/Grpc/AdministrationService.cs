using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Server.Tls;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Import;
using Hub.Store.Queries;

namespace Hub.Server.Grpc;

/// <summary>What only an administrator of the whole hub does.</summary>
public sealed class AdministrationService(HubStore store, Bulletins bulletins, QuestionThreads threads) : Protocol.AdministrationService.AdministrationServiceBase
{
    private const long MaxImportBytes = 1L << 30;
    // Some 3 MB: any client takes an answer of 4.
    private const int MaxProblemsListed = 10_000;
    private const int RowsPerMessage = 1000;

    public override async Task<ImportHistoryResponse> ImportHistory(IAsyncStreamReader<ImportHistoryRequest> requests, ServerCallContext context)
    {
        // Parts are spooled to disk, deleted as soon as they are closed: an import must not fill the memory.
        var files = new Dictionary<string, Stream>(StringComparer.Ordinal);
        try
        {
            var (total, validateOnly) = (0L, false);
            await foreach (var part in requests.ReadAllAsync(context.CancellationToken))
            {
                if (!CountyFolder.Files.Contains(part.File)) throw new RefusedException(Refusal.OfField("file", RefusalReason.ImportInvalid, new(
                    $"“{ReportParser.Short(part.File)}”不是县域文件夹中的文件", $"“{ReportParser.Short(part.File)}” is no file of a county folder")));
                if ((total += part.Content.Length) > MaxImportBytes) throw new RefusedException(new Refusal(RefusalReason.TooLarge, new(
                    "导入内容超过 1 GiB，请分次导入", "the import is over 1 GiB; import it in parts")));
                if (!files.TryGetValue(part.File, out var file))
                    file = files[part.File] = new FileStream(Path.Combine(Path.GetTempPath(), $"hub-import-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
                await file.WriteAsync(part.Content.Memory, context.CancellationToken);
                validateOnly |= part.ValidateOnly;
            }
            foreach (var file in files.Values) file.Position = 0;
            if (validateOnly) return Check(files, context.Language());
            var folder = CountyFolder.Read(files).OrRefuse();
            return (await store.WriteAsync((state, now) => HistoryImport.Decide(folder, state, now), context.CancellationToken)).OrRefuse();
        }
        finally
        {
            foreach (var file in files.Values) await file.DisposeAsync();
        }
    }

    // Beside the writer: a check holds up nobody's report.
    private ImportHistoryResponse Check(Dictionary<string, Stream> files, Language language)
    {
        var problems = new ImportProblems(MaxProblemsListed);
        var folder = CountyFolder.Read(files, problems);
        // Where rows are missing, the others look wrong that are not: they are judged when all can be read.
        var response = problems.Count > 0 ? new() { Position = store.State.Position } : HistoryImport.Check(folder, store.State, store.Clock.GetUtcNow(), problems);
        response.ProblemCount = problems.Count;
        response.Problems.Add(problems.Kept.Select(p => new FolderProblem { File = p.File, Line = p.Line, Message = p.Message.In(language) }));
        return response;
    }

    public override async Task<CreateCredentialResponse> CreateCredential(CreateCredentialRequest request, ServerCallContext context) =>
        (await store.WriteAsync((state, now) => Credentials.Create(request, state, now), context.CancellationToken)).OrRefuse();

    public override async Task<CreateInvitationResponse> CreateInvitation(CreateInvitationRequest request, ServerCallContext context)
    {
        // A code made without the root's fingerprint where there is a root would let an agent trust whom it reaches.
        var certificates = new CertificateFolder(store.Directory, TimeProvider.System);
        var fingerprint = ReadOnlyMemory<byte>.Empty;
        if (certificates.HasRoot && !request.WithoutRoot)
        {
            using var root = certificates.ReadRoot();
            fingerprint = root.GetCertHash(HashAlgorithmName.SHA256).AsMemory(0, EnrolmentCode.FingerprintBytes);
        }
        var invited = (await store.WriteAsync((state, now) => Enrolment.Invite(request, state, now), context.CancellationToken)).OrRefuse();
        return new CreateInvitationResponse
        {
            Code = new EnrolmentCode(invited.Secret, fingerprint).ToString(),
            CredentialId = invited.Invitation.Id,
            ExpiresAt = Timestamp.FromDateTimeOffset(invited.Invitation.ExpiresAt),
        };
    }

    public override async Task<RevokeCredentialResponse> RevokeCredential(RevokeCredentialRequest request, ServerCallContext context) => new()
    {
        Position = (await store.WriteAsync((state, _) => Credentials.Revoke(request.CredentialId, state), context.CancellationToken)).OrRefuse(),
    };

    public override async Task RunQuery(RunQueryRequest request, IServerStreamWriter<RunQueryResponse> responses, ServerCallContext context)
    {
        using var reading = await threads.AskAsync(() => Requests.Read(request.At, store), context.CancellationToken);
        using var query = (await threads.AskAsync(() => AdHocQuery.Start(reading, request.Sql, TimeProvider.System, context.CancellationToken), context.CancellationToken)).OrRefuse();
        await responses.WriteAsync(new RunQueryResponse { Columns = { query.Columns } });
        // Whoever reads slowly keeps no turn.
        while ((await threads.AskAsync(() => query.Next(RowsPerMessage), context.CancellationToken)).OrRefuse() is { Count: > 0 } rows)
            await responses.WriteAsync(new RunQueryResponse { Rows = { rows } });
    }

    public override Task<VerifyStoreResponse> VerifyStore(VerifyStoreRequest request, ServerCallContext context)
    {
        var verification = store.Verify(request.KnownPosition, request.KnownHash.ToByteArray(), context.CancellationToken);
        var (again, otherRelease, differences) = request.BulletinsAgain ? bulletins.MakeAgain(context.CancellationToken) : (0, 0, []);
        var problems = verification.Problems.Concat(bulletins.Problems()).Concat(differences);
        return Task.FromResult(new VerifyStoreResponse
        {
            Records = verification.Records,
            HeadHash = ByteString.CopyFrom(verification.HeadHash),
            Problems = { problems.Select(p => p.In(context.Language())) },
            Bulletins = store.State.Publications.Count(p => p.Kept is not null),
            BulletinsAgain = again,
            BulletinsOfOtherReleases = otherRelease,
        });
    }
}
