using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Course.Tests.Images;

public class PngTests
{
    [Theory]
    [InlineData(PixelLayout.Grey)]
    [InlineData(PixelLayout.GreyAlpha)]
    [InlineData(PixelLayout.Rgb)]
    [InlineData(PixelLayout.Rgba)]
    public void Decode_WhatEncodeWrote_GivesTheSamePixels(PixelLayout layout)
    {
        var random = new SplitMix(3);
        foreach (var (width, height) in new[] { (1, 1), (7, 3), (64, 33) })
        {
            byte[] pixels = Enumerable.Range(0, width * height * (int)layout).Select(i => (byte)(i % 5 == 0 ? random.Next(256) : i)).ToArray();

            var read = Png.Decode(Png.Encode(new PixelImage(width, height, layout, pixels)));

            Assert.Equal((width, height, layout), (read.Width, read.Height, read.Layout));
            Assert.Equal(pixels, read.Pixels);
        }
    }

    [Theory]
    [InlineData(0, 1, new byte[] { 0b10100000 }, new byte[] { 255, 0, 255 })]
    [InlineData(0, 2, new byte[] { 0b00_01_11_00 }, new byte[] { 0, 85, 255 })]
    [InlineData(0, 4, new byte[] { 0x0f, 0x80 }, new byte[] { 0, 255, 136 })]
    [InlineData(0, 16, new byte[] { 1, 99, 2, 99, 3, 99 }, new byte[] { 1, 2, 3 })]
    [InlineData(2, 16, new byte[] { 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9, 7, 9, 8, 9, 9, 9 }, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    public void Decode_OtherDepths_AreBroughtToEightBits(byte colourType, byte depth, byte[] row, byte[] expected)
    {
        byte[] file = File(3, 1, depth, colourType, Chunk("IDAT", Zlib([0, .. row])));

        Assert.Equal(expected, Png.Decode(file).Pixels);
    }

    [Fact]
    public void Decode_PaletteWithTransparency_LooksColoursUp()
    {
        byte[] file = File(3, 1, 2, 3, Chunk("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9]), Chunk("tRNS", [10, 20]), Chunk("IDAT", Zlib([0, 0b00_01_10_00])));

        Assert.Equal([1, 2, 3, 10, 4, 5, 6, 20, 7, 8, 9, 255], Png.Decode(file).Pixels);
    }

    [Theory]
    [InlineData(0, 8, new byte[] { 5, 6, 5 }, new byte[] { 0, 5 }, new byte[] { 5, 0, 6, 255, 5, 0 })]
    [InlineData(0, 1, new byte[] { 0b10100000 }, new byte[] { 0, 1 }, new byte[] { 255, 0, 0, 255, 255, 0 })]
    [InlineData(0, 16, new byte[] { 1, 9, 1, 8, 1, 9 }, new byte[] { 1, 9 }, new byte[] { 1, 0, 1, 255, 1, 0 })]
    [InlineData(2, 8, new byte[] { 1, 2, 3, 1, 2, 4, 1, 2, 3 }, new byte[] { 0, 1, 0, 2, 0, 3 }, new byte[] { 1, 2, 3, 0, 1, 2, 4, 255, 1, 2, 3, 0 })]
    public void Decode_OneTransparentColour_BecomesAlpha(byte colourType, byte depth, byte[] row, byte[] colour, byte[] expected)
    {
        var image = Png.Decode(File(3, 1, depth, colourType, Chunk("tRNS", colour), Chunk("IDAT", Zlib([0, .. row]))));

        Assert.Equal(colourType == 0 ? PixelLayout.GreyAlpha : PixelLayout.Rgba, image.Layout);
        Assert.Equal(expected, image.Pixels);
    }

    [Fact]
    public void Decode_ATransparentColourOfAnotherSize_Refuses() =>
        Assert.Throws<InvalidDataException>(() => Png.Decode(File(3, 1, 8, 2, Chunk("tRNS", [0, 1]), Chunk("IDAT", Zlib([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])))));

    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(2, 3, 8)]
    [InlineData(5, 1, 8)]
    [InlineData(9, 11, 8)]
    [InlineData(19, 17, 8)]
    [InlineData(11, 9, 1)]
    [InlineData(13, 8, 4)]
    public void Decode_Interlaced_GivesThePixelsInTheirPlaces(int width, int height, byte depth)
    {
        // The order of a picture's pixels by ISO/IEC 15948, figure in clause 8.2.
        int[,] pass = { { 1, 6, 4, 6, 2, 6, 4, 6 }, { 7, 7, 7, 7, 7, 7, 7, 7 }, { 5, 6, 5, 6, 5, 6, 5, 6 }, { 7, 7, 7, 7, 7, 7, 7, 7 },
            { 3, 6, 4, 6, 3, 6, 4, 6 }, { 7, 7, 7, 7, 7, 7, 7, 7 }, { 5, 6, 5, 6, 5, 6, 5, 6 }, { 7, 7, 7, 7, 7, 7, 7, 7 } };
        int Value(int x, int y) => (x * 31 + y * 17) % (1 << depth);
        var rows = new List<byte>();
        for (int p = 1; p <= 7; p++)
            for (int y = 0; y < height; y++)
            {
                int[] row = [.. Enumerable.Range(0, width).Where(x => pass[y % 8, x % 8] == p).Select(x => Value(x, y))];
                if (row.Length == 0)
                    continue;
                rows.Add(0);
                foreach (int[] part in row.Chunk(8 / depth))
                    rows.Add((byte)part.Select((v, i) => v << (8 - depth * (i + 1))).Sum());
            }

        var image = Png.Decode(File(width, height, depth, 0, 1, Chunk("IDAT", Zlib([.. rows]))));

        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(Enumerable.Range(0, width * height).Select(i => (byte)(Value(i % width, i / width) * 255 / ((1 << depth) - 1))), image.Pixels);
    }

    [Fact]
    public void Decode_InterlacedAndCut_Refuses() =>
        Assert.Contains("truncated PNG", Assert.Throws<InvalidDataException>(() => Png.Decode(File(9, 9, 8, 0, 1, Chunk("IDAT", Zlib(new byte[60]))))).Message);

    [Fact]
    public void Decode_AllFiveFilters_FollowTheStandard()
    {
        // One column of grey pixels per filter: none 10; sub 20 (+0 left); up 30 = 20+10; average 40 = 30/2+25; Paeth 45 = 40+5
        byte[] file = File(1, 5, 8, 0, Chunk("IDAT", Zlib([0, 10, 1, 20, 2, 10, 3, 25, 4, 5])));

        Assert.Equal([10, 20, 30, 40, 45], Png.Decode(file).Pixels);
    }

    [Fact]
    public void Decode_AnyTruncation_Refuses()
    {
        byte[] file = Png.Encode(new PixelImage(5, 5, PixelLayout.Rgb, new byte[75]));
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            Assert.Throws<InvalidDataException>(() => PixelImage.Decode(cut));
        }
    }

    [Fact]
    public void Decode_AnyByteChanged_RefusesOrStaysBounded()
    {
        byte[] file = Png.Encode(new PixelImage(9, 9, PixelLayout.Grey, [.. Enumerable.Range(0, 81).Select(i => (byte)(i * i))]));
        for (int at = 0; at < file.Length; at++)
        {
            byte[] damaged = file.ToArray();
            damaged[at] ^= 0x41;
            Assert.Throws<InvalidDataException>(() => PixelImage.Decode(damaged));
        }
    }

    [Theory]
    [InlineData(100_000, 100_000, 0, "more than the")]
    [InlineData(7000, 7000, 0, "compressed bytes cannot hold")]
    [InlineData(0, 5, 0, "without pixels")]
    [InlineData(7000, 7000, 1, "compressed bytes cannot hold")]
    [InlineData(5, 5, 2, "interlacing 2")]
    public void Decode_HostileHeader_RefusesBeforeTakingMemory(int width, int height, byte interlace, string fault)
    {
        byte[] file = File(width, height, 8, 0, interlace, Chunk("IDAT", Zlib(new byte[100])));
        long before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<InvalidDataException>(() => Png.Decode(file));

        Assert.Contains(fault, e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Decode_DecompressionBomb_ReadsOnlyThePixels()
    {
        byte[] file = File(10, 10, 8, 0, Chunk("IDAT", Zlib(new byte[100_000_000])));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(100, Png.Decode(file).Pixels.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Decode_WrongChecksum_NamesTheChunk()
    {
        byte[] file = Png.Encode(new PixelImage(2, 2, PixelLayout.Grey, new byte[4]));
        file[29] ^= 1; // the checksum of the header

        Assert.Contains("checksum in the chunk IHDR", Assert.Throws<InvalidDataException>(() => Png.Decode(file)).Message);
    }

    [Fact]
    public void Decode_NeitherFormat_ShowsHowTheFileBegins() =>
        Assert.Contains("474946", Assert.Throws<InvalidDataException>(() => PixelImage.Decode("GIF89a"u8)).Message);

    private static byte[] File(int width, int height, byte depth, byte colourType, params byte[][] chunks) => File(width, height, depth, colourType, 0, chunks);

    private static byte[] File(int width, int height, byte depth, byte colourType, byte interlace, params byte[][] chunks)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, colourType, interlace);
        return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, .. Chunk("IHDR", header), .. chunks.SelectMany(c => c), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] body)
    {
        byte[] chunk = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        body.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), Crc32.Of(chunk.AsSpan(4, 4 + body.Length)));
        return chunk;
    }

    private static byte[] Zlib(byte[] content)
    {
        var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, CompressionLevel.Optimal))
            zlib.Write(content);
        return result.ToArray();
    }
}
