using System.Globalization;
using System.Text;

namespace Course.Session.Contract.Protocol;

/// <summary>
/// A mark that the session writes into both of its output pipes, so that the host can put what it reads there
/// and what arrives over the socket into the order in which the cell made them.
/// </summary>
/// <param name="Number">Counts up from 1.</param>
/// <param name="HasMessage">Whether a message with this number comes over the socket.</param>
internal readonly record struct OutputMark(long Number, bool HasMessage)
{
    private const int TokenLength = 16;
    private const int NumberLength = 16;

    /// <summary>Bytes of every mark: a control character, the session's token, the kind, the number, a control character.</summary>
    public const int Length = 1 + TokenLength + 1 + NumberLength + 1;

    /// <summary>The last byte of every mark.</summary>
    public const byte End = 2;

    public static string NewToken() => Guid.NewGuid().ToString("N")[..TokenLength];

    /// <summary>How every mark of a session starts.</summary>
    public static byte[] Prefix(string token) => Encoding.ASCII.GetBytes("\u0001" + token);

    public byte[] Bytes(string token) =>
        Encoding.ASCII.GetBytes($"\u0001{token}{(HasMessage ? 'm' : 's')}{Number.ToString("x16", CultureInfo.InvariantCulture)}\u0002");

    public static OutputMark Parse(ReadOnlySpan<byte> bytes) => new(
        long.Parse(bytes.Slice(2 + TokenLength, NumberLength), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        bytes[1 + TokenLength] == 'm');
}
