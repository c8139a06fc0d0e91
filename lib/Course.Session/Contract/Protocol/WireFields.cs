using System.Text.Json;
using System.Text.Json.Nodes;

namespace Course.Session.Contract.Protocol;

/// <summary>The fields of messages, written one after the other and read in the same order.</summary>
internal static class WireFields
{
    public static BinaryWriter Kind(this BinaryWriter to, byte kind) => to.Put(kind);

    public static BinaryWriter Put(this BinaryWriter to, byte value)
    {
        to.Write(value);
        return to;
    }

    public static BinaryWriter Put(this BinaryWriter to, int value)
    {
        to.Write(value);
        return to;
    }

    public static BinaryWriter Put(this BinaryWriter to, long value)
    {
        to.Write(value);
        return to;
    }

    public static BinaryWriter Put(this BinaryWriter to, double value)
    {
        to.Write(value);
        return to;
    }

    public static BinaryWriter Put(this BinaryWriter to, bool value)
    {
        to.Write(value);
        return to;
    }

    public static BinaryWriter Put(this BinaryWriter to, string value)
    {
        to.Write(value);
        return to;
    }

    public static BinaryWriter PutOptional(this BinaryWriter to, string? text) =>
        text is null ? to.Put(false) : to.Put(true).Put(text);

    public static string? ReadOptional(this BinaryReader from) => from.ReadBoolean() ? from.ReadString() : null;

    public static BinaryWriter Put<T>(this BinaryWriter to, IReadOnlyList<T> list, Action<T> put)
    {
        to.Write(list.Count);
        foreach (var item in list)
            put(item);
        return to;
    }

    public static T[] ReadList<T>(this BinaryReader from, Func<T> read)
    {
        var list = new T[from.ReadInt32()];
        for (int i = 0; i < list.Length; i++)
            list[i] = read();
        return list;
    }

    /// <summary>Text as it stands: a figure of a megabyte need not be escaped.</summary>
    public static BinaryWriter Put(this BinaryWriter to, JsonObject json)
    {
        to.Write(json.Count);
        foreach (var (name, value) in json)
        {
            bool text = value?.GetValueKind() == JsonValueKind.String;
            to.Put(name).Put(text).Put(text ? value!.GetValue<string>() : value?.ToJsonString() ?? "null");
        }
        return to;
    }

    public static JsonObject ReadJson(this BinaryReader from)
    {
        var json = new JsonObject();
        for (int left = from.ReadInt32(); left > 0; left--)
        {
            var (name, text, value) = (from.ReadString(), from.ReadBoolean(), from.ReadString());
            json[name] = text ? value : JsonNode.Parse(value);
        }
        return json;
    }
}
