using Hub.Agent.Running;
using Microsoft.Extensions.Logging;

namespace Hub.Tests.Agent.Running;

/// <summary>Keeps what an agent says.</summary>
internal sealed class SaidLog : ILogger<TownshipAgent>
{
    private readonly List<string> said = [];

    /// <summary>How many times something was said with all of the words.</summary>
    public int Count(params string[] words) => said.Count(s => words.All(w => s.Contains(w, StringComparison.Ordinal)));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => said.Add(formatter(state, exception));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
