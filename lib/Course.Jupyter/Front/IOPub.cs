using System.Text;
using System.Text.Json.Nodes;
using Course.Jupyter.Messages;
using Course.Jupyter.Zmtp;
using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>What every front end hears: status, inputs, outputs.</summary>
internal sealed class IOPub
{
    private readonly XPubSocket _socket;
    private readonly WireFormat _wire;

    public IOPub(XPubSocket socket, WireFormat wire)
    {
        (_socket, _wire) = (socket, wire);
        socket.Welcome = topic => wire.Build("iopub_welcome", new() { ["subscription"] = Encoding.UTF8.GetString(topic) }, routing: topic);
    }

    public void Publish(string type, JsonObject content, JupyterMessage? parent, JsonObject? metadata = null, string? topic = null) =>
        _socket.Publish(_wire.Build(type, content, parent?.HeaderBytes, metadata, Encoding.UTF8.GetBytes(topic ?? $"kernel.{_wire.Session}.{type}")));

    public void Status(string state, JupyterMessage? parent) => Publish("status", new() { ["execution_state"] = state }, parent);

    public void Publish(CellOutput output, JupyterMessage? parent, int executionCount)
    {
        switch (output)
        {
            case StreamOutput stream:
                Publish("stream", new() { ["name"] = stream.Name, ["text"] = WireFormat.Text(stream.Text) }, parent, topic: $"stream.{stream.Name}");
                break;
            case DisplayData display:
                Publish("display_data", Bundle(display.Data, display.Metadata, display.DisplayId), parent);
                break;
            case UpdateDisplay update:
                Publish("update_display_data", Bundle(update.Data, update.Metadata, update.DisplayId), parent);
                break;
            case ExecuteResult result:
                var content = Bundle(result.Data, result.Metadata, null);
                content["execution_count"] = executionCount;
                Publish("execute_result", content, parent);
                break;
            case ErrorOutput error:
                Publish("error", Error(error), parent);
                break;
            case ClearOutput clear:
                Publish("clear_output", new() { ["wait"] = clear.Wait }, parent);
                break;
        }
    }

    public static JsonObject Bundle(JsonObject data, JsonObject metadata, string? displayId)
    {
        var transient = new JsonObject();
        if (displayId is not null)
            transient["display_id"] = displayId;
        return new() { ["data"] = data.DeepClone(), ["metadata"] = metadata.DeepClone(), ["transient"] = transient };
    }

    public static JsonObject Error(ErrorOutput error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = WireFormat.Text(error.Message),
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)WireFormat.Text(line))]),
    };
}
