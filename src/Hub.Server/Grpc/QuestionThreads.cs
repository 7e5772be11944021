using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Hub.Server.Grpc;

/// <summary>Answers questions on threads of their own. A question works in the engine on the thread that asks, for milliseconds or seconds; the pool has as many
/// threads as the machine has processors and gets more only after standing still for a while, and a report that arrives meanwhile would wait for that long.</summary>
public sealed class QuestionThreads : Interceptor, IDisposable
{
    // More would share the processors and the engine's memory with the writer; they wait, which costs neither.
    private const int MostAtOnce = 16;

    private readonly SemaphoreSlim turns = new(MostAtOnce);
    // The last to rest is the first to work: what the engine keeps for its thread is at hand. A new thread takes some milliseconds longer.
    private readonly Stack<Worker> resting = new();
    private bool isDisposed;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        await await AskAsync(() => continuation(request, context), context.CancellationToken);

    /// <summary>Waits for a turn and asks on a thread that does nothing else meanwhile.</summary>
    public async Task<T> AskAsync<T>(Func<T> ask, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        var question = new Task<T>(ask, TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Take().Do(question);
        }
        // The machine has no thread to give.
        catch
        {
            turns.Release();
            throw;
        }
        return await question;
    }

    /// <summary>Threads that rest end; one that works ends after it.</summary>
    public void Dispose()
    {
        lock (resting)
        {
            isDisposed = true;
            while (resting.TryPop(out var worker)) worker.End();
        }
    }

    private Worker Take()
    {
        lock (resting)
            if (resting.TryPop(out var worker)) return worker;
        return new(this);
    }

    private bool Rest(Worker worker)
    {
        lock (resting)
        {
            if (!isDisposed) resting.Push(worker);
            return !isDisposed;
        }
    }

    private sealed class Worker
    {
        private readonly QuestionThreads owner;
        private readonly SemaphoreSlim called = new(0);
        private Task? question;

        public Worker(QuestionThreads owner)
        {
            this.owner = owner;
            new Thread(Run) { IsBackground = true, Name = "question" }.UnsafeStart();
        }

        public void Do(Task next)
        {
            question = next;
            called.Release();
        }

        public void End() => called.Release();

        private void Run()
        {
            for (var goesOn = true; goesOn;)
            {
                called.Wait();
                if (question is not { } asked) return;
                // What it throws is the question's.
                asked.RunSynchronously(TaskScheduler.Default);
                question = null;
                // The turn is given back by whoever rests, so that there are never more threads than turns.
                goesOn = owner.Rest(this);
                owner.turns.Release();
            }
        }
    }
}
