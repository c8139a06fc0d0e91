using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Jupyter.Messages;
using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>execute_request: one cell at a time, its outputs to all front ends, its reply to the one that asked.</summary>
internal sealed class ExecuteHandler(KernelOptions options, SessionHolder sessions, IOPub iopub, StdinChannel stdin, CodeHandlers code, History history)
{
    private readonly Lock _lock = new();
    private Run? _running;
    private OutputBatcher? _lastOutputs;

    private sealed class Run
    {
        public readonly TaskCompletionSource Done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public volatile bool Interrupted;
        public volatile bool Killed;
    }

    public int ExecutionCount { get; private set; }

    /// <summary>Output that comes while no cell runs appears below the last one.</summary>
    public void Stray(CellOutput output) => _lastOutputs?.Add(output);

    /// <returns>The reply, and whether the requests that wait behind this one are to be abandoned.</returns>
    public async Task<(JsonObject Reply, bool Abort)> ExecuteAsync(JupyterMessage message)
    {
        var request = message.Content;
        string source = request.Text("code");
        bool silent = request.Flag("silent", false);
        bool store = !silent && request.Flag("store_history", true);
        if (store)
            ExecutionCount++;
        int count = ExecutionCount;
        if (!silent)
        {
            iopub.Publish("execute_input", new() { ["code"] = WireFormat.Text(source), ["execution_count"] = count }, message);
        }
        if (CodeHandlers.Help(source) is { } subject)
            return (await PageAsync(subject, count).ConfigureAwait(false), false);

        string? shown = null;
        OutputBatcher? outputs = null;
        if (!silent)
        {
            _lastOutputs?.Dispose();
            _lastOutputs = outputs = new($"cell-{count}", options.Output, output => iopub.Publish(output, message, count), options.Clock);
        }
        bool allowInput = request.Flag("allow_stdin", true);
        string cell = string.Create(CultureInfo.InvariantCulture, $"cell[{count}]");
        var result = await RunAsync(message, source, cell, allowInput, output =>
        {
            if (output is ExecuteResult value)
                shown = value.Data["text/plain"]?.ToString();
            // The error is told once, at the end, from the result.
            if (output is not ErrorOutput)
                outputs?.Add(output);
        }).ConfigureAwait(false);
        var error = result.Error is null ? null : SourceExcerpt.AddTo(result.Error, source, cell);
        if (error is not null)
            outputs?.Add(error);
        outputs?.Settle();
        if (store)
            history.Add(count, source, shown);

        var reply = new JsonObject { ["status"] = "ok", ["execution_count"] = count };
        if (error is not null)
        {
            reply = IOPub.Error(error);
            reply["status"] = "error";
            reply["execution_count"] = count;
        }
        else
            reply["user_expressions"] = await EvaluateAsync(message, request).ConfigureAwait(false);
        reply["payload"] = new JsonArray();
        return (reply, error is not null && request.Flag("stop_on_error", true));
    }

    /// <summary>What a request gets that was waiting when an earlier cell failed.</summary>
    public JsonObject Aborted() => new() { ["status"] = "aborted", ["execution_count"] = ExecutionCount, ["payload"] = new JsonArray(), ["user_expressions"] = new JsonObject() };

    /// <summary>
    /// Asks the running cell to stop; returns at once. A cell that does not stop within the grace period loses its session.
    /// </summary>
    public void Interrupt()
    {
        Run? run;
        lock (_lock)
            run = _running;
        if (run is null || run.Interrupted)
            return;
        run.Interrupted = true;
        // In this order: the cell must hear that it is interrupted before it hears that nobody answers.
        sessions.Current?.Interrupt();
        stdin.Cancel();
        _ = EndAfterGraceAsync(run);
    }

    private async Task EndAfterGraceAsync(Run run)
    {
        if (await Task.WhenAny(run.Done.Task, Task.Delay(options.InterruptGrace, options.Clock)).ConfigureAwait(false) == run.Done.Task)
            return;
        run.Killed = true;
        if (sessions.Current is { } session)
            await session.ShutdownAsync().ConfigureAwait(false);
    }

    private async Task<CellResult> RunAsync(JupyterMessage message, string source, string name, bool allowInput, Action<CellOutput> onOutput)
    {
        var run = new Run();
        lock (_lock)
            _running = run;
        stdin.Asker = allowInput ? message : null;
        try
        {
            ISession session;
            try
            {
                session = await sessions.GetAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                return Failure("SessionStart", $"No C# session could be started: {e.Message}");
            }
            if (run.Interrupted)
                return Failure("Interrupted", "The cell was interrupted before it began.");
            var result = await session.ExecuteAsync(new(source, name, AllowInput: allowInput), onOutput).ConfigureAwait(false);
            if (run.Killed && result.Status is CellStatus.Died)
                return Failure("SessionDied", string.Create(CultureInfo.InvariantCulture,
                    $"The cell did not stop within {options.InterruptGrace.TotalSeconds:0.#} s after the interrupt, so its session was ended. All variables are lost: run the cells above again."));
            return result;
        }
        finally
        {
            stdin.Asker = null;
            stdin.Cancel();
            lock (_lock)
                _running = null;
            run.Done.TrySetResult();
        }
    }

    private static CellResult Failure(string name, string message) =>
        new(CellStatus.Died, new ErrorOutput(name, message, [$"{name}: {message}"]), TimeSpan.Zero, 0);

    private async Task<JsonObject> EvaluateAsync(JupyterMessage message, JsonElement request)
    {
        var values = new JsonObject();
        if (!request.TryGetProperty("user_expressions", out var expressions) || expressions.ValueKind != JsonValueKind.Object)
            return values;
        foreach (var expression in expressions.EnumerateObject())
        {
            ExecuteResult? value = null;
            string text = expression.Value.ValueKind == JsonValueKind.String ? expression.Value.GetString()! : "";
            var result = await RunAsync(message, text, $"expression {expression.Name}", allowInput: false, output => value = output as ExecuteResult ?? value).ConfigureAwait(false);
            JsonObject entry;
            if (result.Error is { } error)
            {
                entry = IOPub.Error(error);
                entry["status"] = "error";
            }
            else
                entry = new() { ["status"] = "ok", ["data"] = value?.Data.DeepClone() ?? new JsonObject(), ["metadata"] = value?.Metadata.DeepClone() ?? new JsonObject() };
            values[expression.Name] = entry;
        }
        return values;
    }

    private async Task<JsonObject> PageAsync(string subject, int count)
    {
        var data = await code.DescribeAsync(subject).ConfigureAwait(false) ?? new() { ["text/plain"] = $"Nothing is known about '{subject}'." };
        return new()
        {
            ["status"] = "ok",
            ["execution_count"] = count,
            ["user_expressions"] = new JsonObject(),
            ["payload"] = new JsonArray(new JsonObject { ["source"] = "page", ["data"] = data, ["start"] = 0 }),
        };
    }
}
