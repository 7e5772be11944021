using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Log;

namespace Hub.Tests.Store;

/// <summary>A log of more megabytes than stay in memory: what was read or written leaves it, and whoever reads meanwhile sees every record.</summary>
public sealed class LargeLogTests
{
    private const int Records = 96, RecordsAtOnce = 8, ReasonCharacters = 1_000_000;

    [Fact]
    public async Task A_large_log_is_read_whole_while_it_grows_and_when_it_is_opened_again()
    {
        var directory = Directory.CreateTempSubdirectory("hub-test-").FullName;
        try
        {
            var (problems, head) = (new List<Text>(), new LoggedRecord(0, 0, [], LoggedRecord.GenesisHash, new LogRecord()));
            using (var log = LogFile.Open(directory))
            {
                Assert.Empty(log.ReadAll());
                log.Settle();
                using var grown = new CancellationTokenSource();
                var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var reader = Task.Run(() =>
                {
                    do
                    {
                        if (log.FindProblems(problems, 10, CancellationToken.None).Position > 0) begun.TrySetResult();
                    } while (!grown.IsCancellationRequested);
                });
                while (head.Position < Records)
                {
                    var next = new List<LoggedRecord>();
                    for (var i = 0; i < RecordsAtOnce; i++) next.Add(head = After(head));
                    log.Append(next);
                    // A machine at its limit might start the reader only when all is written, and nothing would be read meanwhile.
                    await await Task.WhenAny(begun.Task, reader);
                }
                await grown.CancelAsync();
                await reader;
                var seen = log.FindProblems(problems, 10, CancellationToken.None);
                Assert.Equal(Records, seen.Position);
                Assert.Equal(head.Hash, seen.Hash);
            }
            Assert.Empty(problems);

            using var again = LogFile.Open(directory);
            Assert.Equal(Enumerable.Range(1, Records), again.ReadAll().Select(r => (int)r.Position));
            Assert.Equal(head.Hash, again.HeadHash);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static LoggedRecord After(LoggedRecord last)
    {
        var content = new LogRecord { PeriodReopened = new PeriodReopened { Programme = "p", Period = "2026-01", Township = "990101100", Reason = new string('x', ReasonCharacters) } };
        var (position, bytes) = (last.Position + 1, content.ToByteArray());
        return new(position, position, bytes, LoggedRecord.HashOf(last.Hash, position, position, bytes), content);
    }
}
