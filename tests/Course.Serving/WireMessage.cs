using System.Text;
using Google.Protobuf;

namespace Course.Serving.Tests;

/// <summary>A protobuf message read without its schema: field numbers and what is in them.</summary>
internal sealed class WireMessage
{
    private readonly List<(int Field, object Value)> _fields = [];

    /// <exception cref="InvalidProtocolBufferException">The bytes are no message.</exception>
    public WireMessage(byte[] bytes)
    {
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            _fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => input.ReadFixed32(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                var other => throw new InvalidOperationException($"wire type {other}"),
            }));
        }
    }

    /// <summary>The messages at the end of a path of field numbers.</summary>
    public IEnumerable<WireMessage> All(params ReadOnlySpan<int> path)
    {
        IEnumerable<WireMessage> here = [this];
        foreach (int field in path)
            here = [.. here.SelectMany(message => message.Of(field)).Select(value => new WireMessage((byte[])value))];
        return here;
    }

    public string Text(int field) => Encoding.UTF8.GetString((byte[])Of(field).Single());

    public string Hex(int field) => Convert.ToHexStringLower((byte[])(Of(field).SingleOrDefault() ?? Array.Empty<byte>()));

    /// <summary>A number of any width; 0 when it is not there, as protobuf has it.</summary>
    public ulong Number(int field) => Of(field).SingleOrDefault() switch { ulong wide => wide, uint narrow => narrow, _ => 0 };

    /// <summary>OTLP's KeyValue (key 1, value 2) with texts (1) or integers (3) as values.</summary>
    public Dictionary<string, string> Attributes(int field) => All(field).ToDictionary(pair => pair.Text(1), pair =>
        pair.All(2).Single() is var value && value.Of(1).Any() ? value.Text(1) : value.Number(3).ToString());

    private IEnumerable<object> Of(int field) => _fields.Where(one => one.Field == field).Select(one => one.Value);
}
