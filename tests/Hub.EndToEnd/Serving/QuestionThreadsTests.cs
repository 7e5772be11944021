using Hub.Server.Grpc;

namespace Hub.EndToEnd.Serving;

/// <summary>Questions take turns on threads of their own, and give each turn back, however they end.</summary>
public sealed class QuestionThreadsTests
{
    private const int Turns = 16;

    [Fact]
    public async Task Sixteen_are_asked_at_once_again_after_others_threw_or_were_given_up()
    {
        using var threads = new QuestionThreads();
        using var hanging = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 2 * Turns; i++) await Assert.ThrowsAsync<InvalidOperationException>(() => threads.AskAsync<int>(() => throw new InvalidOperationException(), hanging.Token));

        var goOn = new TaskCompletionSource();
        var working = await AskTogetherAsync(threads, goOn.Task, hanging.Token);
        using var givenUp = new CancellationTokenSource();
        var waiting = threads.AskAsync(() => 0, givenUp.Token);
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        goOn.SetResult();
        var first = await Task.WhenAll(working);

        var second = await Task.WhenAll(await AskTogetherAsync(threads, Task.CompletedTask, hanging.Token));

        Assert.Equal(Turns, first.Distinct().Count());
        Assert.Equal(first.Order(), second.Order());
    }

    // All have come before any goes on: none waits for another's thread.
    private static async Task<List<Task<int>>> AskTogetherAsync(QuestionThreads threads, Task until, CancellationToken hanging)
    {
        using var all = new CountdownEvent(Turns);
        var come = new TaskCompletionSource();
        var asked = Enumerable.Range(0, Turns).Select(_ => threads.AskAsync(() =>
        {
            if (all.Signal()) come.SetResult();
            come.Task.Wait(hanging);
            until.Wait(hanging);
            return Environment.CurrentManagedThreadId;
        }, hanging)).ToList();
        await come.Task.WaitAsync(hanging);
        return asked;
    }
}
