using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Course.Base;

namespace Course;

/// <summary>Turns a downloaded file into the verified file of the catalogue, and verifies files that are there.</summary>
internal static class Unpacker
{
    /// <summary>
    /// Verifies <paramref name="part"/> as it came where an MD5 was published, decompresses it (gzip, a member of a ZIP archive, or plain),
    /// verifies the content and renames it to <paramref name="target"/>. A file whose content has no published hash stays compressed.
    /// </summary>
    public static void Unpack(string part, CatalogueFile file, string target)
    {
        try
        {
            if (file.Md5 is not null)
                CheckCompressed(part, file);
            if (file.Sha256 is null)
            {
                long content = ReadContent(part, file.Member, file.Size, Stream.Null).Size;
                if (content != file.Size)
                    throw new DownloadException(DownloadFailure.WrongContent, FormattableString.Invariant($"the content has {Count(content, file.Size)} bytes, expected {file.Size:N0}"));
                File.Move(part, target, overwrite: true);
                return;
            }
            AtomicFile.Write(target, output =>
            {
                var (size, hash) = ReadContent(part, file.Member, file.Size, output);
                if (size != file.Size || !hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
                    throw new DownloadException(DownloadFailure.WrongContent,
                        FormattableString.Invariant($"the content is not the published one: {Count(size, file.Size)} bytes with SHA-256 {hash}, expected {file.Size:N0} bytes with {file.Sha256}"));
            });
        }
        catch (InvalidDataException e)
        {
            throw new DownloadException(DownloadFailure.Damaged, $"the compressed data is damaged or incomplete ({e.Message})", e);
        }
        catch (IOException e) when (Downloader.IsDiskFull(e))
        {
            throw new DownloadException(DownloadFailure.NoSpace, FormattableString.Invariant($"the disk is full (writing {target}). Free {file.Size / 1e6:F1} MB and run again"), e);
        }
    }

    /// <summary>Whether a file begins as gzip files do.</summary>
    public static bool IsGzip(string path) => Head(path) is [0x1f, 0x8b, ..];

    /// <summary>MD5 of a file as it lies there. Enough against damage and mix-ups; against intent it proves nothing.</summary>
    public static string Md5(string path)
    {
        using var file = File.OpenRead(path);
#pragma warning disable CA5351 // the hash that the authors of the data published
        return Convert.ToHexStringLower(MD5.HashData(file));
#pragma warning restore CA5351
    }

    /// <summary>Size and SHA-256 of a file's decompressed content, read up to one byte beyond <paramref name="expected"/>.</summary>
    public static (long Size, string Sha256) Measure(string path, long expected) => ReadContent(path, null, expected, Stream.Null);

    private static void CheckCompressed(string part, CatalogueFile file)
    {
        RejectWebPage(Head(part));
        string md5 = Md5(part);
        if (!md5.Equals(file.Md5, StringComparison.OrdinalIgnoreCase))
            throw new DownloadException(DownloadFailure.WrongContent, $"the compressed file is not the published one: its MD5 is {md5}, expected {file.Md5}");
    }

    private static byte[] Head(string path)
    {
        using var file = File.OpenRead(path);
        byte[] head = new byte[64];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    private static void RejectWebPage(byte[] head)
    {
        string start = Encoding.Latin1.GetString(head).TrimStart();
        if (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            throw new DownloadException(DownloadFailure.WebPage, "the server answered with a web page instead of the file (an error page, a login or a proxy)");
    }

    private static (long Size, string Sha256) ReadContent(string path, string? member, long expected, Stream output)
    {
        byte[] magic = Head(path);
        RejectWebPage(magic);
        using var file = File.OpenRead(path);
        if (magic is [0x1f, 0x8b, ..])
        {
            using var gzip = new GZipStream(file, CompressionMode.Decompress);
            return Copy(gzip, expected, output);
        }
        if (member is not null)
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var entry = zip.GetEntry(member) ?? throw new InvalidDataException($"the archive has no member '{member}'");
            using var content = entry.Open();
            return Copy(content, expected, output);
        }
        return Copy(file, expected, output);
    }

    private static (long, string) Copy(Stream input, long expected, Stream output)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        long size = 0;
        try
        {
            // One byte too many proves the file wrong; a decompression bomb is not read any further.
            for (int n; size <= expected && (n = input.Read(buffer)) > 0; size += n)
            {
                hash.AppendData(buffer, 0, n);
                output.Write(buffer, 0, n);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static string Count(long size, long expected) => size > expected ? FormattableString.Invariant($"more than {expected:N0}") : FormattableString.Invariant($"{size:N0}");
}
