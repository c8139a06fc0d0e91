using System.Buffers.Binary;
using System.Text;

namespace Course.Jupyter.Zmtp;

/// <summary>A command frame's body: a name of at most 255 bytes and its data.</summary>
internal readonly record struct ZmtpCommand(string Name, byte[] Data)
{
    private const int MaxProperties = 64;

    /// <exception cref="ZmtpException">The name runs past the end of the frame.</exception>
    public static ZmtpCommand Parse(byte[] body)
    {
        if (body.Length == 0 || body[0] == 0 || body[0] >= body.Length)
            throw new ZmtpException("a command frame has no name");
        return new(ZmtpGreeting.Printable(body.AsSpan(1, body[0])), body[(1 + body[0])..]);
    }

    public byte[] Encode() => [(byte)Name.Length, .. Encoding.ASCII.GetBytes(Name), .. Data];

    /// <summary>READY: each property is a short name and a value whose length takes four bytes.</summary>
    public static ZmtpCommand Ready(string socketType, byte[] identity)
    {
        var data = new List<byte>();
        Add("Socket-Type", Encoding.ASCII.GetBytes(socketType));
        if (socketType is "DEALER" or "ROUTER" or "REQ")
            Add("Identity", identity);
        return new("READY", [.. data]);

        void Add(string name, byte[] value)
        {
            data.Add((byte)name.Length);
            data.AddRange(Encoding.ASCII.GetBytes(name));
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
            data.AddRange(length);
            data.AddRange(value);
        }
    }

    /// <exception cref="ZmtpException">A length runs past the end, or there are too many properties.</exception>
    public Dictionary<string, byte[]> Properties()
    {
        var properties = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
        ReadOnlySpan<byte> rest = Data;
        while (rest.Length > 0)
        {
            int name = rest[0];
            if (name == 0 || rest.Length < 1 + name + 4 || properties.Count == MaxProperties)
                throw new ZmtpException("the handshake's properties are malformed");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest[(1 + name)..]);
            if (length > rest.Length - 1 - name - 4)
                throw new ZmtpException("the handshake's properties are malformed");
            properties[ZmtpGreeting.Printable(rest.Slice(1, name))] = rest.Slice(1 + name + 4, (int)length).ToArray();
            rest = rest[(1 + name + 4 + (int)length)..];
        }
        return properties;
    }

    public static ZmtpCommand Error(string reason) =>
        new("ERROR", [(byte)Math.Min(reason.Length, 255), .. Encoding.ASCII.GetBytes(reason[..Math.Min(reason.Length, 255)])]);
}
