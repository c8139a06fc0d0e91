using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Course.Serving;

/// <summary>Writes log entries as one JSON object a line: time, level, event, message, the message's fields, the trace that it belongs to, and the exception.</summary>
internal sealed class JsonLinesLog(TextWriter writer, TimeProvider clock) : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var entry = new Dictionary<string, object?>
        {
            ["time"] = clock.GetUtcNow().ToString("O"),
            ["level"] = logLevel.ToString().ToLowerInvariant(),
            ["event"] = eventId.Name,
            ["message"] = formatter(state, exception),
        };
        if (state is IEnumerable<KeyValuePair<string, object?>> fields)
        {
            foreach (var (name, value) in fields.Where(field => field.Key != "{OriginalFormat}"))
                entry[JsonNamingPolicy.CamelCase.ConvertName(name)] = value is int or long ? value : value?.ToString();
        }
        if (Activity.Current is { } activity)
            entry["traceId"] = activity.TraceId.ToHexString();
        if (exception is not null)
            entry["exception"] = exception.ToString();
        string line = JsonSerializer.Serialize(entry);
        lock (_gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    public void Dispose()
    {
    }
}
