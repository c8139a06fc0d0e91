using System.Text.Json.Nodes;
using Course.Jupyter.Messages;

namespace Course.Jupyter.Front;

/// <summary>
/// Widgets' channels. This kernel has no targets, so each attempt to open one is answered by closing it, which is what the
/// protocol asks for; a front end then shows the static output.
/// </summary>
internal static class Comms
{
    public static JsonObject InfoReply() => new() { ["status"] = "ok", ["comms"] = new JsonObject() };

    public static void Open(IOPub iopub, JupyterMessage message)
    {
        if (message.Content.Text("comm_id") is { Length: > 0 } id)
            iopub.Publish("comm_close", new() { ["comm_id"] = id, ["data"] = new JsonObject() }, message);
    }
}
