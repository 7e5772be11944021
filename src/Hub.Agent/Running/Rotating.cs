using Grpc.Core;
using Hub.Agent.Enrolling;
using Hub.Programmes;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>Gives credentials that end soon another token, and goes on trying once an hour until that has come about.</summary>
internal sealed class Rotating(TownshipCalls hubs, HubClock clock, ILogger log)
{
    private readonly Dictionary<string, long> triedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Text> told = new(StringComparer.Ordinal);

    public async Task StepAsync(CancellationToken cancellation)
    {
        if (hubs.Directory is not { } directory || !clock.IsLearnt) return;
        foreach (var (township, credential) in hubs.Credentials.Where(c => Rotation.IsDue(c.Value, clock.GetUtcNow())).ToList())
        {
            if (triedAt.TryGetValue(township, out var last) && clock.GetElapsedTime(last) < Reconciliation.Every) continue;
            triedAt[township] = clock.GetTimestamp();
            var hub = hubs.Of(township)!;
            try
            {
                if (!await Rotation.RunAsync(directory, township, hub, cancellation)) continue;
                triedAt.Remove(township);
                told.Remove(township);
                log.Say(new($"{credential.Name} {township}：凭证已更换", $"{credential.Name} {township}: the credential was renewed"));
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                Warn(hub.WhyNot(e));
            }
            catch (CommandFailedException e)
            {
                Warn(e.Text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Warn(new(e.Message, e.Message));
            }

            // Said once, until it is another reason.
            void Warn(Text why)
            {
                if (told.GetValueOrDefault(township) != why) log.Warn(new($"{credential.Name} {township}：凭证未能更换（{why.Chinese}），会再试", $"{credential.Name} {township}: the credential could not be renewed ({why.English}); it is tried again"));
                told[township] = why;
            }
        }
    }
}
