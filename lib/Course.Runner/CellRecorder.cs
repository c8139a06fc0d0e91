using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Notebooks;
using Course.Session.Contract;

namespace Course.Runner;

/// <summary>
/// Collects a cell's outputs as nbformat stores them, and what checks, records and exercises say in MIME types of their own.
/// </summary>
/// <param name="displays">The displays of the notebook by their id, also those of earlier cells.</param>
internal sealed class CellRecorder(Dictionary<string, List<JsonObject>> displays)
{
    /// <summary>Characters of text that are kept for a cell; the rest is counted.</summary>
    private const int MostText = 1_000_000;

    /// <summary>Characters of displays that are kept for a cell; behind them each is named by its size only.</summary>
    private const long MostData = 32_000_000;

    private readonly Lock _gate = new();
    private readonly List<JsonObject> _outputs = [];
    private readonly Dictionary<string, double> _numbers = [];
    private StringBuilder? _text;
    private string? _stream;
    private long _kept, _dropped, _shown;
    private bool _clearPending;

    public int Checks { get; private set; }

    /// <summary>An exercise in this cell was checked before its reader did it.</summary>
    public bool NotDone { get; private set; }

    public IReadOnlyDictionary<string, double> Numbers => _numbers;

    public LeakReport? Leaks { get; private set; }

    /// <summary>The kind of device that the notebook said it uses; null in cells that say nothing of it.</summary>
    public string? Device { get; private set; }

    public void Add(CellOutput output)
    {
        lock (_gate)
            AddInOrder(output);
    }

    /// <summary>The outputs for the executed copy; a later cell's update still changes them.</summary>
    public JsonArray ToJson(int executionCount)
    {
        lock (_gate)
        {
            EndStream();
            if (_dropped > 0)
            {
                _outputs.Add(Stream("stderr", FormattableString.Invariant($"\n[{_dropped:N0} more characters of output were left out]\n")));
                _dropped = 0;
            }
            foreach (var result in _outputs.Where(o => (string?)o["output_type"] == "execute_result"))
                result["execution_count"] = executionCount;
            foreach (var output in _outputs)
                (output.Parent as JsonArray)?.Remove(output);
            return new JsonArray([.. _outputs]);
        }
    }

    /// <summary>Replaces what the session said about its own interruption by what the runner knows.</summary>
    public void ReplaceError(ErrorOutput error)
    {
        lock (_gate)
        {
            EndStream();
            _outputs.RemoveAll(o => (string?)o["output_type"] == "error");
            _outputs.Add(Error(error));
        }
    }

    private void AddInOrder(CellOutput output)
    {
        if (_clearPending && output is not ClearOutput)
        {
            _clearPending = false;
            Clear();
        }
        switch (output)
        {
            case StreamOutput streamed:
                AddText(streamed.Name, streamed.Text);
                break;
            case DisplayData display:
                EndStream();
                Read(display.Data);
                var displayed = Bundle("display_data", Kept(display.Data), display.Metadata);
                _outputs.Add(displayed);
                if (display.DisplayId is { } id)
                    (displays.TryGetValue(id, out var same) ? same : displays[id] = []).Add(displayed);
                break;
            case UpdateDisplay update:
                foreach (var target in displays.GetValueOrDefault(update.DisplayId, []))
                {
                    target["data"] = Normalized(Kept(update.Data));
                    target["metadata"] = update.Metadata.DeepClone();
                }
                break;
            case ExecuteResult result:
                EndStream();
                Read(result.Data);
                _outputs.Add(Bundle("execute_result", Kept(result.Data), result.Metadata));
                break;
            case ErrorOutput error:
                EndStream();
                _outputs.Add(Error(error));
                break;
            case ClearOutput clear when clear.Wait:
                _clearPending = true;
                break;
            case ClearOutput:
                Clear();
                break;
        }
    }

    private JsonObject Kept(JsonObject data)
    {
        long size = data.Sum(part => part.Value is JsonValue value && value.TryGetValue(out string? text) ? text.Length : 0L);
        if (_shown + size <= MostData)
        {
            _shown += size;
            return data;
        }
        string left = FormattableString.Invariant($"[a display of {size:N0} characters was left out: this cell has shown {_shown:N0}, and a copy keeps {MostData:N0} of a cell]");
        // The text beside what is too long says at least what was shown.
        if (data.Count > 1 && data["text/plain"] is JsonValue beside && beside.TryGetValue(out string? kept) && _shown + kept.Length <= MostData)
        {
            _shown += kept.Length;
            left = $"{kept}\n{left}";
        }
        return new JsonObject { ["text/plain"] = left };
    }

    private void AddText(string name, string added)
    {
        if (_stream != name)
            EndStream();
        int room = (int)Math.Min(added.Length, MostText - _kept);
        if (room > 0)
        {
            _stream = name;
            (_text ??= new StringBuilder()).Append(added, 0, room);
        }
        _kept += room;
        _dropped += added.Length - room;
    }

    private void EndStream()
    {
        if (_text is { Length: > 0 })
            _outputs.Add(Stream(_stream!, _text.ToString()));
        _text = null;
        _stream = null;
    }

    private void Clear()
    {
        _text = null;
        _stream = null;
        _kept = 0;
        _outputs.Clear();
    }

    private void Read(JsonObject data)
    {
        if (data[CourseMime.Check] is JsonObject)
            Checks++;
        if (data[CourseMime.Number] is JsonObject number && NotebookCell.Text(number, "name") is { } name)
            _numbers[name] = Number(number["value"]);
        if (data[CourseMime.Exercise] is JsonObject exercise)
            NotDone |= NotebookCell.Text(exercise, "status") == CourseMime.NotDone;
        if (data[CourseMime.Device] is JsonObject device)
            Device = NotebookCell.Text(device, "kind");
        if (data[CourseMime.Leaks] is JsonObject left)
            Leaks = new LeakReport((long)left["tensors"]!, (long?)left["bytes"], NotebookCell.Text(left, "at"), (int?)left["line"], (int?)left["most"]);
    }

    private static double Number(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => value.GetValue<double>(),
        JsonValueKind.String when double.TryParse((string?)value, System.Globalization.CultureInfo.InvariantCulture, out double parsed) => parsed,
        _ => double.NaN,
    };

    private static JsonObject Stream(string name, string content) =>
        new() { ["name"] = name, ["output_type"] = "stream", ["text"] = NotebookCell.Lines(content) };

    private static JsonObject Bundle(string type, JsonObject data, JsonObject metadata) =>
        new() { ["data"] = Normalized(data), ["metadata"] = metadata.DeepClone(), ["output_type"] = type };

    private static JsonObject Error(ErrorOutput error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. error.Traceback.Select(l => (JsonNode)l)]),
    };

    /// <summary>Texts become lists of lines, as nbformat stores them on disk.</summary>
    private static JsonObject Normalized(JsonObject data)
    {
        var normalized = new JsonObject();
        foreach (var (mimeType, content) in data)
            normalized[mimeType] = content?.GetValueKind() == JsonValueKind.String && mimeType.StartsWith("text/", StringComparison.Ordinal)
                || mimeType == "image/svg+xml" && content?.GetValueKind() == JsonValueKind.String
                ? NotebookCell.Lines((string)content!) : content?.DeepClone();
        return normalized;
    }
}
