using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Course.Serving;

/// <summary>
/// Who sees the new version: a hash of experiment and user decides, so that a user always sees the same, on every machine and without
/// a table, and so that two experiments divide the users independently of each other.
/// </summary>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Share">Share of the users who see the new version, from 0 to 1.</param>
public sealed record Assignment(string Experiment, double Share)
{
    /// <summary>True when this user sees the new version. With a larger share nobody changes back.</summary>
    public bool IsNew(string user)
    {
        if (Share is not (>= 0 and <= 1))
            throw new InvalidOperationException($"The share is {Share}, expected from 0 to 1.");
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Experiment}\0{user}"));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1L << 53)) < Share;
    }
}
