using System.IO.Compression;

namespace Course.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private static readonly IdxArray Images = new([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_WhatWasWritten_GivesTheSameArray(bool compressed)
    {
        string path = Write(compressed);

        var read = IdxFile.Read(path, axes: 3);

        Assert.Equal(Images.Shape, read.Shape);
        Assert.Equal(Images.Values, read.Values);
        Assert.Equal([7, 8, 9, 10, 11, 12], read.Item(1).ToArray());
    }

    [Fact]
    public void Write_HasTheHeaderOfMnist()
    {
        Assert.Equal([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3], File.ReadAllBytes(Write(false))[..16]);
    }

    [Theory]
    [InlineData(0, 9, "not an IDX file")]
    [InlineData(2, 13, "element type 13")]
    [InlineData(3, 1, "1 axes, expected 3")]
    [InlineData(4, 127, "more than the file can hold")]
    [InlineData(4, 255, "more than the file can hold")]
    [InlineData(7, 3, "ends too early")]
    [InlineData(7, 1, "bytes follow after")]
    public void Read_DamagedHeader_NamesFileAndFault(int position, byte value, string fault)
    {
        string path = Write(false);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[position] = value;
        File.WriteAllBytes(path, bytes);

        var e = Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, axes: 3));

        Assert.Contains(path, e.Message);
        Assert.Contains(fault, e.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_AnyTruncation_IsRejectedWithTheFileName(bool compressed)
    {
        string path = Write(compressed);
        byte[] bytes = File.ReadAllBytes(path);
        for (int length = 0; length < bytes.Length - (compressed ? 12 : 0); length++) // gzip ends with its checksum and an end mark
        {
            File.WriteAllBytes(path, bytes[..length]);
            var e = Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, axes: 3));
            Assert.Contains(path, e.Message);
        }
    }

    private string Write(bool compressed)
    {
        string path = _folder.File("images-idx3-ubyte");
        IdxFile.Write(path, Images);
        if (!compressed)
            return path;
        using (var gzip = new GZipStream(File.Create(path + ".gz"), CompressionMode.Compress))
            gzip.Write(File.ReadAllBytes(path));
        return path + ".gz";
    }
}
