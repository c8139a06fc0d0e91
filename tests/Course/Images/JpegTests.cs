namespace Course.Tests.Images;

public class JpegTests
{
    [Theory]
    [InlineData(PixelLayout.Grey, 0)]
    [InlineData(PixelLayout.Rgb, 0)]
    [InlineData(PixelLayout.Rgb, 3)]
    public void Decode_WhatEncodeWrote_IsClose(PixelLayout layout, int restartInterval)
    {
        var image = Gradient(37, 21, layout);

        var read = PixelImage.Decode(JpegEncoder.Encode(image, quality: 98, restartInterval));

        Assert.Equal((37, 21, layout), (read.Width, read.Height, read.Layout));
        Assert.InRange(image.Pixels.Zip(read.Pixels, (a, b) => Math.Abs(a - b)).Max(), 0, 6);
    }

    [Fact]
    public void Encode_LowerQuality_IsSmaller()
    {
        var image = Gradient(64, 64, PixelLayout.Rgb);

        Assert.True(JpegEncoder.Encode(image, 20).Length < JpegEncoder.Encode(image, 95).Length);
    }

    [Fact]
    public void Decode_AnyTruncation_Refuses()
    {
        var file = JpegEncoder.Encode(Gradient(16, 16, PixelLayout.Rgb));
        for (var length = 0; length < file.Length - 3; length++)
        {
            var cut = file[..length];
            Assert.Throws<InvalidDataException>(() => PixelImage.Decode(cut));
        }
    }

    [Fact]
    public void Decode_RandomDamage_RefusesOrGivesAnImageOfBoundedSize()
    {
        var file = JpegEncoder.Encode(Gradient(24, 24, PixelLayout.Rgb), restartInterval: 2);
        var random = new SplitMix(11);
        for (var trial = 0; trial < 3000; trial++)
        {
            var damaged = file.ToArray();
            for (var k = 0; k <= random.Next(3); k++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.InRange(Jpeg.Decode(damaged).Pixels.Length, 1, 50_000_000);
            }
            catch (InvalidDataException)
            {
                // the expected answer to damage
            }
        }
    }

    [Theory]
    [InlineData(0xc2, "progressive")]
    [InlineData(0xc3, "lossless")]
    [InlineData(0xc9, "arithmetic")]
    public void Decode_OtherKinds_AreRefusedByName(byte marker, string name)
    {
        var file = JpegEncoder.Encode(Gradient(8, 8, PixelLayout.Grey));
        file[Array.IndexOf(file, (byte)0xc0)] = marker;

        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => Jpeg.Decode(file)).Message);
    }

    [Fact]
    public void Decode_ManyFrameHeaders_RefusesTheSecond()
    {
        var file = JpegEncoder.Encode(Gradient(8, 8, PixelLayout.Grey));
        var frame = Array.IndexOf(file, (byte)0xc0) - 1;
        byte[] twice = [.. file[..frame], .. file[frame..(frame + 13)], .. file[frame..]];

        Assert.Contains("two frame headers", Assert.Throws<InvalidDataException>(() => Jpeg.Decode(twice)).Message);
    }

    [Fact]
    public void Decode_MorePixelsThanTheCallerAllows_Refuses()
    {
        foreach (var file in new[] { JpegEncoder.Encode(Gradient(8, 8, PixelLayout.Grey)), Png.Encode(Gradient(8, 8, PixelLayout.Grey)) })
        {
            Assert.Equal(8, PixelImage.Decode(file, 64).Width);
            Assert.Contains("8 × 8 pixels, more than the 63", Assert.Throws<InvalidDataException>(() => PixelImage.Decode(file, 63)).Message);
        }
    }

    [Fact]
    public void Decode_GiantDimensions_RefusesBeforeTakingMemory()
    {
        var file = JpegEncoder.Encode(Gradient(8, 8, PixelLayout.Grey));
        var frame = Array.IndexOf(file, (byte)0xc0);
        (file[frame + 4], file[frame + 5], file[frame + 6], file[frame + 7]) = (0x1b, 0x58, 0x1b, 0x58); // 7000 × 7000
        var before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<InvalidDataException>(() => Jpeg.Decode(file));

        Assert.Contains("cannot hold 7000 × 7000", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static PixelImage Gradient(int width, int height, PixelLayout layout)
    {
        var pixels = new byte[width * height * (int)layout];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, c) = (i / (int)layout % width, i / (int)layout / width, i % (int)layout);
            pixels[i] = (byte)(128 + 100 * Math.Sin(x * 0.1 + c) * Math.Cos(y * 0.13));
        }
        return new PixelImage(width, height, layout, pixels);
    }
}
