using System.Buffers.Binary;
using System.Net.Sockets;

namespace Course.Session.Contract.Protocol;

/// <summary>Messages over a private socket: four bytes of length, then the message.</summary>
internal sealed class MessageChannel(Socket socket) : IDisposable
{
    private const int Largest = 1 << 30;
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly Lock _sending = new();

    /// <exception cref="IOException">The other side is gone.</exception>
    public void Send(Message message)
    {
        byte[] body = MessageCodec.Encode(message);
        byte[] packet = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packet, body.Length);
        body.CopyTo(packet, 4);
        lock (_sending)
            _stream.Write(packet);
    }

    /// <summary>The next message; null when the other side is gone. Blocks; called from one thread.</summary>
    public Message? Receive()
    {
        try
        {
            Span<byte> header = stackalloc byte[4];
            _stream.ReadExactly(header);
            int length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is < 0 or > Largest)
                return null;
            byte[] body = new byte[length];
            _stream.ReadExactly(body);
            return MessageCodec.Decode(body);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or InvalidDataException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();
}
