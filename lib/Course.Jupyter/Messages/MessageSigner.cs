using System.Security.Cryptography;
using System.Text;

namespace Course.Jupyter.Messages;

/// <summary>HMAC-SHA256 over a message's four JSON frames, written as hexadecimal digits.</summary>
public sealed class MessageSigner(string key)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    public byte[] Sign(params ReadOnlySpan<byte[]> frames) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Digest(frames)));

    /// <summary>Compares in a time that does not depend on where the signatures differ.</summary>
    public bool Verify(byte[] signature, params ReadOnlySpan<byte[]> frames) =>
        CryptographicOperations.FixedTimeEquals(signature, Sign(frames));

    private byte[] Digest(ReadOnlySpan<byte[]> frames)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (byte[] frame in frames)
            hmac.AppendData(frame);
        return hmac.GetHashAndReset();
    }
}
