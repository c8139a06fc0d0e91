using System.Text.Json.Nodes;
using Course.Jupyter.Messages;
using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>Requests about code that is not run: completion, inspection, completeness.</summary>
internal sealed class CodeHandlers(SessionHolder sessions)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task<JsonObject> CompleteAsync(JupyterMessage message)
    {
        string code = message.Content.Text("code");
        int position = Position(message, code);
        using var limit = new CancellationTokenSource(Limit);
        var session = await sessions.GetAsync().ConfigureAwait(false);
        var completions = await session.CompleteAsync(code, position, limit.Token).ConfigureAwait(false);
        int start = CursorPosition.FromUtf16(code, completions.Start), end = CursorPosition.FromUtf16(code, completions.End);
        var types = new JsonArray();
        foreach (var item in completions.Items)
            types.Add((JsonNode)new JsonObject { ["text"] = item.Text, ["type"] = item.Kind, ["signature"] = item.Signature ?? "", ["start"] = start, ["end"] = end });
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. completions.Items.Select(item => (JsonNode)item.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = types },
        };
    }

    public async Task<JsonObject> InspectAsync(JupyterMessage message)
    {
        string code = message.Content.Text("code");
        var data = await DescribeAsync(code, Position(message, code)).ConfigureAwait(false);
        return new() { ["status"] = "ok", ["found"] = data is not null, ["data"] = data ?? new JsonObject(), ["metadata"] = new JsonObject() };
    }

    /// <summary>The description of the name at the end of <paramref name="subject"/>; null when there is none.</summary>
    public Task<JsonObject?> DescribeAsync(string subject) => DescribeAsync(subject, subject.Length);

    private async Task<JsonObject?> DescribeAsync(string code, int position)
    {
        using var limit = new CancellationTokenSource(Limit);
        var session = await sessions.GetAsync().ConfigureAwait(false);
        var inspection = await session.InspectAsync(code, position, limit.Token).ConfigureAwait(false);
        return inspection is null ? null : new() { ["text/plain"] = inspection.PlainText, ["text/markdown"] = inspection.Markdown };
    }

    /// <summary><c>?Name</c> as the whole cell asks for the description of a name, as in other kernels.</summary>
    public static string? Help(string source)
    {
        string text = source.Trim();
        return text.StartsWith('?') && !text.Contains('\n') && text.TrimStart('?').Trim() is { Length: > 0 } subject ? subject : null;
    }

    public async Task<JsonObject> IsCompleteAsync(JupyterMessage message)
    {
        string code = message.Content.Text("code");
        if (Help(code) is not null)
            return new() { ["status"] = "complete" };
        using var limit = new CancellationTokenSource(Limit);
        var session = await sessions.GetAsync().ConfigureAwait(false);
        var completeness = await session.IsCompleteAsync(code, limit.Token).ConfigureAwait(false);
        var reply = new JsonObject
        {
            ["status"] = completeness switch
            {
                Completeness.Complete => "complete",
                Completeness.Incomplete => "incomplete",
                _ => "invalid",
            },
        };
        if (completeness == Completeness.Incomplete)
            reply["indent"] = Indent(code);
        return reply;
    }

    /// <summary>The last line's indentation, one step deeper after an opening bracket.</summary>
    private static string Indent(string code)
    {
        string line = code[(code.LastIndexOf('\n') + 1)..];
        string indent = line[..(line.Length - line.TrimStart().Length)];
        return line.TrimEnd() is [.., '{' or '(' or '['] ? $"{indent}    " : indent;
    }

    private static int Position(JupyterMessage message, string code) =>
        CursorPosition.ToUtf16(code, message.Content.Number("cursor_pos") ?? int.MaxValue);
}
