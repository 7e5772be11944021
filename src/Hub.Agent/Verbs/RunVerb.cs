using System.CommandLine;
using System.Runtime.Versioning;
using System.ServiceProcess;
using Hub.Agent.Outbox;
using Hub.Agent.Page;
using Hub.Agent.Running;
using Hub.Programmes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Verbs;

/// <summary><c>hub-agent run</c>: the scheduled service.</summary>
internal static class RunVerb
{
    public static Command Make()
    {
        var folder = Verb.Required<string>("--folder", "保存工作簿的文件夹", "the folder that workbooks are saved into", "DIR");
        var data = AgentOptions.Data();
        var hub = new HubOptions(data!);
        var cron = Verb.Optional<string>("--cron", "上报时间表（北京时间，cron 五个字段）；默认校验通过即报，最迟 2 日 17:00",
            "when to send, as cron text of five fields in Asia/Shanghai; default as soon as valid, at the latest on the 2nd at 17:00", "TEXT");
        var page = new Option<int>("--page") { Description = Verb.Say("本机网页的端口，只在 127.0.0.1；0 为不开", "port of the local page, on 127.0.0.1 only; 0 = none"), HelpName = "PORT", DefaultValueFactory = _ => LocalPage.DefaultPort };
        var command = new Command("run", Verb.WithExample(Verb.Say("监视文件夹，校验并按时上报，直到送达", "Watches the folder, checks, sends on schedule until it has arrived"),
            "hub-agent run --folder ./reports --data ./agent\n  HUB_TOKEN=... hub-agent run --hub http://127.0.0.1:8081 --folder ./reports --data ./agent")) { folder, cron, page };
        hub.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var watched = parsed.GetRequiredValue(folder);
            // One that is not there may be a share that is mounted after this starts: the service waits for it.
            if (File.Exists(watched)) throw new CommandFailedException(new($"{watched} 是文件，不是文件夹", $"{watched} is a file, not a folder"));
            var schedule = Schedule.Parse(parsed.GetValue(cron));
            if (parsed.GetValue(page) is var port && port is < 0 or > 65_535) throw new UsageException(new($"--page {port} 不是端口", $"--page {port} is not a port"));
            using var calls = hub.OpenAll(parsed);
            var directory = parsed.GetRequiredValue(data);
            Directory.CreateDirectory(directory);
            using var alone = Alone(directory);
            using var outbox = ReportOutbox.Open(directory);
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.Services.AddSystemd();
            builder.Services.AddWindowsService();
            builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Hub", LogLevel.Information).AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            });
            builder.Services.AddSingleton(outbox).AddSingleton(calls).AddSingleton(schedule).AddSingleton(new HubClock(TimeProvider.System)).AddSingleton(new WatchedFolder(Path.GetFullPath(watched)));
            builder.Services.AddSingleton<IWorkbooks>(WorkbooksApart.ByThisProgram());
            builder.Services.AddSingleton<TownshipAgent>().AddHostedService(services => services.GetRequiredService<TownshipAgent>());
            using var host = builder.Build();
            var agent = host.Services.GetRequiredService<TownshipAgent>();
            var (log, inUse) = (host.Services.GetRequiredService<ILogger<TownshipAgent>>(), hub.InUse(parsed));
            if (inUse.IsForAPerson) log.Warn(inUse.Words);
            else log.Say(inUse.Words);
            if (OperatingSystem.IsWindows()) TellFailures(host, agent);
            await using var local = port == 0 ? null : LocalPage.Start(
                port, directory, agent.Connection, host.Services.GetRequiredService<HubClock>(), host.Services.GetRequiredService<ILogger<LocalPage>>());
            await host.RunAsync(cancellation);
            // A bug ends the service, and then the process must not say that all was well: whoever watches it starts it again.
            if (agent.ExecuteTask is { IsFaulted: true } failed) await failed;
            return 0;
        });
        return command;
    }

    /// <summary>A Windows service that a bug ends stops in order, and only its own exit code tells the service control manager, which then starts it again
    /// (<c>sc.exe failureflag</c>).</summary>
    [SupportedOSPlatform("windows")]
    private static void TellFailures(IHost host, TownshipAgent agent)
    {
        if (host.Services.GetRequiredService<IHostLifetime>() is not ServiceBase service) return;
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() =>
        {
            if (agent.ExecuteTask is { IsFaulted: true }) service.ExitCode = Verb.Failed;
        });
    }

    /// <summary>Held while it runs: two agents on one outbox would send everything twice.</summary>
    private static FileStream Alone(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, "agent.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CommandFailedException(new($"{directory} 已有 hub-agent 在运行", $"a hub-agent is running on {directory} already"));
        }
    }
}
