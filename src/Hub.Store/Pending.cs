using Hub.Programmes;
using Hub.Store.Log;

namespace Hub.Store;

/// <summary>A write that waits for the writer: decided on the state of its turn, answered once its commit is durable or has failed.</summary>
internal abstract class Pending
{
    public abstract void Decide(HubState state, DateTimeOffset now, Func<Draft, LoggedRecord> keep);
    public abstract void Complete(Refusal? failure);
}

internal sealed class Pending<T>(Func<HubState, DateTimeOffset, Outcome<Decision<T>>> decide) : Pending
{
    private readonly TaskCompletionSource<Outcome<T>> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Outcome<T> outcome;
    private Exception? error;

    public Task<Outcome<T>> Task => completion.Task;

    public override void Decide(HubState state, DateTimeOffset now, Func<Draft, LoggedRecord> keep)
    {
        Outcome<Decision<T>> decided;
        try
        {
            decided = decide(state, now);
        }
        catch (Exception e)
        {
            // A bug in one decision, before anything was kept: its caller gets it, the others go on.
            error = e;
            return;
        }
        outcome = decided.IsRefused(out var refusal) ? refusal : decided.Value.Answer([.. decided.Value.Drafts.Select(keep)]);
    }

    public override void Complete(Refusal? failure)
    {
        if (error is not null) completion.SetException(error);
        else completion.SetResult(failure ?? outcome);
    }
}
