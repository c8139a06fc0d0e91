using System.Text.Json;

namespace Course.Jupyter.Messages;

/// <summary>A message whose signature was verified.</summary>
/// <param name="Identity">The peer that a reply goes to; empty for messages of a publisher.</param>
/// <param name="HeaderBytes">The header as it came: it becomes the parent header of every answer.</param>
public sealed record JupyterMessage(
    byte[] Identity, string Id, string Type, byte[] HeaderBytes, JsonElement Parent, JsonElement Metadata, JsonElement Content, IReadOnlyList<byte[]> Buffers)
{
    /// <summary>Whether it was too large to be kept, so that only its header is known and nobody could check its signature. It comes from a known client all the same.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>The id of the message that this one answers; empty when there is none.</summary>
    public string ParentId => Parent.ValueKind == JsonValueKind.Object ? Parent.Text("msg_id") : "";
}

/// <summary>Lenient reading of message contents: an absent or mistyped field has its default.</summary>
public static class JsonElementExtensions
{
    public static string Text(this JsonElement json, string name, string otherwise = "") =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    public static bool Flag(this JsonElement json, string name, bool otherwise) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? json.GetProperty(name).GetBoolean()
            : otherwise;

    public static int? Number(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : null;
}
