using System.Text;

namespace Course.Jupyter.Zmtp;

/// <summary>The 64 bytes with which each side of a connection starts (ZMTP 3.1, section "Greeting").</summary>
internal static class ZmtpGreeting
{
    public const int Length = 64;
    public const int SignatureLength = 10;
    private const int VersionOffset = 10;
    private const int MechanismOffset = 12;
    private const int MechanismLength = 20;

    public static byte[] Create()
    {
        byte[] greeting = new byte[Length];
        greeting[0] = 0xFF;
        greeting[9] = 0x7F;
        greeting[VersionOffset] = 3;
        greeting[VersionOffset + 1] = 1;
        "NULL"u8.CopyTo(greeting.AsSpan(MechanismOffset));
        return greeting;
    }

    /// <summary>Looks at as many bytes as have come, so that a stranger (a browser, a scanner) is refused at its first byte.</summary>
    /// <exception cref="ZmtpException">These bytes cannot begin a greeting.</exception>
    public static void CheckSignature(ReadOnlySpan<byte> start)
    {
        if (start.Length > 0 && start[0] != 0xFF || start.Length >= SignatureLength && (start[9] & 1) == 0)
            throw new ZmtpException("the peer does not speak ZMTP 3");
    }

    /// <returns>The minor version that both sides speak: 0 or 1.</returns>
    /// <exception cref="ZmtpException">Another major version or another mechanism than NULL.</exception>
    public static int Check(ReadOnlySpan<byte> greeting)
    {
        CheckSignature(greeting);
        int major = greeting[VersionOffset], minor = greeting[VersionOffset + 1];
        if (major < 3)
            throw new ZmtpException($"the peer speaks ZMTP {major}, expected 3");
        var mechanism = greeting.Slice(MechanismOffset, MechanismLength).TrimEnd((byte)0);
        if (!mechanism.SequenceEqual("NULL"u8))
            throw new ZmtpException($"the peer wants security mechanism '{Printable(mechanism)}', expected NULL");
        return major > 3 ? 1 : Math.Min(minor, 1);
    }

    internal static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte b in bytes[..Math.Min(bytes.Length, 80)])
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '.');
        return text.ToString();
    }
}
