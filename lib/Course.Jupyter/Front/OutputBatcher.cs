using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>
/// Between a cell and the front end: the first output passes at once, those that follow within the interval are merged into few
/// messages (text is joined, an update replaces an earlier one, a cleared output is never sent), and too much is cut with a note.
/// </summary>
internal sealed class OutputBatcher : IDisposable
{
    /// <summary>Characters collected before lines that rewrite themselves are reduced to what they show.</summary>
    private const int TextBeforeCollapse = 1 << 18;

    /// <summary>A line that rewrites itself for hours counts once, unless it is no line but a flood.</summary>
    private const int LongestProgress = 1000;

    private readonly Action<CellOutput> _publish;
    private readonly OutputPolicy _policy;
    private readonly Lock _lock = new();
    private readonly List<CellOutput> _waiting = [];
    private readonly StringBuilder _text = new();
    private readonly ITimer _timer;
    private readonly TimeProvider _clock;
    private readonly string _cell;
    private string _stream = "";
    private long? _lastFlush;
    private bool _scheduled;
    private bool _disposed;
    private int _shownCharacters;

    /// <summary>Characters of those that stand in the last, unfinished line: a carriage return takes them back.</summary>
    private int _lineCharacters;
    private int _displays;
    private OverflowFile? _overflow;

    /// <param name="cell">Names the files that take what is cut.</param>
    public OutputBatcher(string cell, OutputPolicy policy, Action<CellOutput> publish, TimeProvider? clock = null)
    {
        (_cell, _policy, _publish, _clock) = (cell, policy, publish, clock ?? TimeProvider.System);
        _timer = _clock.CreateTimer(_ =>
        {
            lock (_lock)
            {
                _scheduled = false;
                if (!_disposed)
                    Flush();
            }
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(CellOutput output)
    {
        lock (_lock)
        {
            if (_disposed || !Merge(output))
                return;
            var sinceFlush = _lastFlush is { } last ? _clock.GetElapsedTime(last) : TimeSpan.MaxValue;
            if (sinceFlush >= _policy.Interval)
                Flush();
            else if (!_scheduled)
            {
                _scheduled = true;
                _timer.Change(_policy.Interval - sinceFlush, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The cell has ended: sends what waits and says what was cut. Its threads may still add output.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            Flush();
            if (_overflow is { } file)
            {
                _publish(new StreamOutput("stderr", $"\n[{Size(file.Bytes)} more were printed; {Whereabouts(file, "they are")}]\n"));
            }
            if (_displays > _policy.Displays)
                _publish(new StreamOutput("stderr", string.Create(CultureInfo.InvariantCulture, $"\n[{_displays - _policy.Displays} more outputs are not shown: a cell may show {_policy.Displays}]\n")));
        }
    }

    private bool Merge(CellOutput output)
    {
        switch (output)
        {
            case StreamOutput stream:
                return AddText(stream);
            case ClearOutput clear:
                EndText();
                bool wait = clear.Wait;
                // Text and pictures that nobody has seen yet need not be sent to be removed again.
                _waiting.RemoveAll(waiting =>
                {
                    if (waiting is ClearOutput earlier)
                        wait &= earlier.Wait;
                    return waiting is not UpdateDisplay;
                });
                _waiting.Add(new ClearOutput(wait));
                // What the front end no longer shows leaves room for what comes.
                _shownCharacters = _lineCharacters = 0;
                _displays = 0;
                return true;
            case UpdateDisplay update:
                EndText();
                int at = _waiting.FindLastIndex(waiting => waiting is UpdateDisplay u && u.DisplayId == update.DisplayId || waiting is DisplayData d && d.DisplayId == update.DisplayId);
                if (at >= 0 && _waiting[at] is UpdateDisplay)
                    _waiting[at] = update with { Data = Cut(update.Data) };
                else
                    _waiting.Add(update with { Data = Cut(update.Data) });
                return true;
            case DisplayData display:
                return ++_displays <= _policy.Displays && AddOther(display with { Data = Cut(display.Data) });
            case ExecuteResult result:
                return AddOther(result with { Data = Cut(result.Data) });
            default:
                return AddOther(output);
        }
    }

    private bool AddOther(CellOutput output)
    {
        EndText();
        _waiting.Add(output);
        return true;
    }

    private bool AddText(StreamOutput output)
    {
        if (_text.Length > 0 && _stream != output.Name)
            EndText();
        _stream = output.Name;
        _text.Append(output.Text);
        if (_text.Length > TextBeforeCollapse)
            EndText();
        return true;
    }

    /// <summary>Puts the collected text among what waits to be sent, as far as the cell may still show it.</summary>
    private void EndText()
    {
        if (_text.Length == 0)
            return;
        string text = CarriageReturns.Collapse(_text.ToString());
        _text.Clear();
        if (_overflow is null && _lineCharacters <= LongestProgress && text.IndexOfAny(['\r', '\n']) is >= 0 and var first && text[first] == '\r')
            _shownCharacters -= _lineCharacters;
        int room = _policy.StreamCharacters - _shownCharacters;
        _shownCharacters += Math.Min(text.Length, room);
        _lineCharacters = Math.Min(_shownCharacters, text.AsSpan().LastIndexOfAny('\r', '\n') is >= 0 and var last ? text.Length - last : _lineCharacters + text.Length);
        if (text.Length > room)
        {
            room = room > 0 && char.IsHighSurrogate(text[room - 1]) ? room - 1 : room;
            if (room > 0)
                _waiting.Add(new StreamOutput(_stream, text[..room]));
            if (_overflow is null)
            {
                _overflow = new(_policy, $"{_cell}.txt");
                _waiting.Add(new StreamOutput("stderr", string.Create(CultureInfo.InvariantCulture, $"\n[the cell has printed {_policy.StreamCharacters} characters; what follows {_overflow.Whither}]\n")));
            }
            _overflow.Write(text[room..]);
        }
        else
            _waiting.Add(new StreamOutput(_stream, text));
    }

    private void Flush()
    {
        EndText();
        if (_waiting.Count == 0)
            return;
        foreach (var output in _waiting)
            _publish(output);
        _waiting.Clear();
        _lastFlush = _clock.GetTimestamp();
    }

    /// <summary>A value too large for a browser is kept in a file; a note stands in its place.</summary>
    private JsonObject Cut(JsonObject data)
    {
        if (!data.Any(entry => Length(entry.Value) > _policy.DisplayCharacters))
            return data;
        var cut = new JsonObject();
        var notes = new List<string>();
        foreach (var (type, value) in data)
        {
            if (Length(value) <= _policy.DisplayCharacters)
            {
                cut[type] = value?.DeepClone();
                continue;
            }
            string text = value!.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            using var file = new OverflowFile(_policy, $"{_cell}-{Guid.NewGuid():N}.{Extension(type)}");
            file.Write(text);
            notes.Add($"[{type} of {Size(file.Bytes)}: too long to show; {Whereabouts(file, "it is")}]");
            if (type == "text/plain")
                cut[type] = text[..Math.Min(text.Length, 10_000)];
        }
        cut["text/plain"] = string.Join('\n', [.. cut["text/plain"] is { } plain ? [plain.ToString()] : Array.Empty<string>(), .. notes]);
        return cut;
    }

    private static string Whereabouts(OverflowFile file, string subject) =>
        file.BytesKept == 0 ? $"{subject} not kept: {file.Problem}"
        : file.BytesKept == file.Bytes ? $"{subject} in {file.Path}"
        : $"the first {Size(file.BytesKept)} {subject.Split(' ')[1]} in {file.Path}";

    private static int Length(JsonNode? value) =>
        value is null ? 0 : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>().Length : value.ToJsonString().Length;

    private static string Extension(string type) => type switch
    {
        "text/html" => "html",
        "image/svg+xml" => "svg",
        _ when type.EndsWith("json", StringComparison.Ordinal) => "json",
        _ => "txt",
    };

    private static string Size(long bytes) => bytes < 10_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.00} MiB");

    public void Dispose()
    {
        lock (_lock)
        {
            Flush();
            _disposed = true;
            _timer.Dispose();
            _overflow?.Dispose();
        }
    }
}
