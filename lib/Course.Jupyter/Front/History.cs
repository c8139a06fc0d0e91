using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Course.Jupyter.Messages;

namespace Course.Jupyter.Front;

/// <summary>The inputs of this kernel and the text of their results.</summary>
internal sealed class History
{
    /// <summary>The only session there is: a kernel remembers nothing of the ones before it.</summary>
    private const int Session = 1;
    private const int Capacity = 100_000;
    private readonly LinkedList<(int Line, string Input, string? Output)> _entries = new();

    public void Add(int line, string input, string? output)
    {
        _entries.AddLast((line, input, output));
        if (_entries.Count > Capacity)
            _entries.RemoveFirst();
    }

    /// <summary>Answers a history_request: tail, range or search.</summary>
    public JsonObject Reply(System.Text.Json.JsonElement request)
    {
        bool output = request.Flag("output", false);
        int? n = request.Number("n");
        IEnumerable<(int Line, string Input, string? Output)> found = _entries;
        switch (request.Text("hist_access_type", "tail"))
        {
            case "range":
                // Session 0 is the current one, negative ones count back from it.
                int start = request.Number("start") ?? 1;
                int stop = request.Number("stop") ?? int.MaxValue;
                found = (request.Number("session") ?? 0) is 0 or Session ? found.Where(entry => entry.Line >= start && entry.Line < stop) : [];
                break;
            case "search":
                string pattern = request.Text("pattern", "*");
                found = found.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Input, ignoreCase: false));
                if (request.Flag("unique", false))
                    found = found.Reverse().DistinctBy(entry => entry.Input).Reverse();
                found = n is { } most ? found.TakeLast(Math.Max(most, 0)) : found;
                break;
            default:
                found = found.TakeLast(Math.Max(n ?? 1000, 0));
                break;
        }
        var entries = new JsonArray();
        foreach (var entry in found)
        {
            JsonNode last = output ? new JsonArray(entry.Input, entry.Output) : entry.Input;
            entries.Add((JsonNode)new JsonArray(Session, entry.Line, last));
        }
        return new() { ["status"] = "ok", ["history"] = entries };
    }
}
