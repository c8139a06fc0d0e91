using System.Buffers.Binary;

namespace Course.Jupyter.Zmtp;

/// <summary>One frame: a flag byte, its length in one byte or eight, its body.</summary>
internal readonly record struct ZmtpFrame(ZmtpFrame.Flag Flags, byte[] Body)
{
    [Flags]
    public enum Flag : byte { None = 0, More = 1, Long = 2, Command = 4 }

    public const int MaxHeaderLength = 9;

    /// <summary>Stands for the body of a frame that was too large to keep: this very array, known by its reference.</summary>
    public static readonly byte[] TooLarge = new byte[0];

    public bool IsCommand => (Flags & Flag.Command) != 0;
    public bool HasMore => (Flags & Flag.More) != 0;

    /// <returns>The bytes written.</returns>
    public static int WriteHeader(Span<byte> to, int length, bool more, bool command = false)
    {
        var flags = (more ? Flag.More : 0) | (command ? Flag.Command : 0);
        if (length <= byte.MaxValue)
        {
            to[0] = (byte)flags;
            to[1] = (byte)length;
            return 2;
        }
        to[0] = (byte)(flags | Flag.Long);
        BinaryPrimitives.WriteInt64BigEndian(to[1..], length);
        return MaxHeaderLength;
    }

    /// <summary>All frames of a message in one array.</summary>
    public static byte[] Encode(IReadOnlyList<byte[]> message)
    {
        byte[] bytes = new byte[message.Sum(part => part.Length + MaxHeaderLength)];
        int length = 0;
        for (int i = 0; i < message.Count; i++)
        {
            length += WriteHeader(bytes.AsSpan(length), message[i].Length, more: i < message.Count - 1);
            message[i].CopyTo(bytes.AsSpan(length));
            length += message[i].Length;
        }
        return bytes[..length];
    }

    public static byte[] EncodeCommand(byte[] body)
    {
        byte[] bytes = new byte[body.Length + MaxHeaderLength];
        int header = WriteHeader(bytes, body.Length, more: false, command: true);
        body.CopyTo(bytes.AsSpan(header));
        return bytes[..(header + body.Length)];
    }
}
