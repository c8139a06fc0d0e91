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
        byte[] file = JpegEncoder.Encode(Gradient(16, 16, PixelLayout.Rgb));
        for (int length = 0; length < file.Length - 3; length++)
        {
            byte[] cut = file[..length];
            Assert.Throws<InvalidDataException>(() => PixelImage.Decode(cut));
        }
    }

    [Fact]
    public void Decode_RandomDamage_RefusesOrGivesAnImageOfBoundedSize()
    {
        byte[] file = JpegEncoder.Encode(Gradient(24, 24, PixelLayout.Rgb), restartInterval: 2);
        var random = new SplitMix(11);
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] damaged = file.ToArray();
            for (int k = 0; k <= random.Next(3); k++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
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
    [InlineData(0xca, "arithmetic")]
    [InlineData(0xc3, "lossless")]
    [InlineData(0xc9, "arithmetic")]
    public void Decode_OtherKinds_AreRefusedByName(byte marker, string name)
    {
        byte[] file = JpegEncoder.Encode(Gradient(8, 8, PixelLayout.Grey));
        file[Array.IndexOf(file, (byte)0xc0)] = marker;

        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => Jpeg.Decode(file)).Message);
    }

    [Fact]
    public void Decode_ManyFrameHeaders_RefusesTheSecond()
    {
        byte[] file = JpegEncoder.Encode(Gradient(8, 8, PixelLayout.Grey));
        int frame = Array.IndexOf(file, (byte)0xc0) - 1;
        byte[] twice = [.. file[..frame], .. file[frame..(frame + 13)], .. file[frame..]];

        Assert.Contains("two frame headers", Assert.Throws<InvalidDataException>(() => Jpeg.Decode(twice)).Message);
    }

    [Fact]
    public void Decode_MorePixelsThanTheCallerAllows_Refuses()
    {
        foreach (byte[] file in new[] { JpegEncoder.Encode(Gradient(8, 8, PixelLayout.Grey)), Png.Encode(Gradient(8, 8, PixelLayout.Grey)) })
        {
            Assert.Equal(8, PixelImage.Decode(file, 64).Width);
            Assert.Contains("8 × 8 pixels, more than the 63", Assert.Throws<InvalidDataException>(() => PixelImage.Decode(file, 63)).Message);
        }
    }

    [Fact]
    public void Decode_GiantDimensions_RefusesBeforeTakingMemory()
    {
        byte[] file = JpegEncoder.Encode(Gradient(8, 8, PixelLayout.Grey));
        int frame = Array.IndexOf(file, (byte)0xc0);
        (file[frame + 4], file[frame + 5], file[frame + 6], file[frame + 7]) = (0x1b, 0x58, 0x1b, 0x58); // 7000 × 7000
        long before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<InvalidDataException>(() => Jpeg.Decode(file));

        Assert.Contains("cannot hold 7000 × 7000", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(1, 0, 1, 2, 3, 4, 5)]
    [InlineData(2, 2, 1, 0, 5, 4, 3)]
    [InlineData(3, 5, 4, 3, 2, 1, 0)]
    [InlineData(4, 3, 4, 5, 0, 1, 2)]
    [InlineData(5, 0, 3, 1, 4, 2, 5)]
    [InlineData(6, 3, 0, 4, 1, 5, 2)]
    [InlineData(7, 5, 2, 4, 1, 3, 0)]
    [InlineData(8, 2, 5, 1, 4, 0, 3)]
    public void Orientation_TurnsThePictureUpright(int orientation, params int[] expected)
    {
        // 0 1 2 above 3 4 5.
        var upright = JpegOrientation.Upright(new PixelImage(3, 2, PixelLayout.Grey, [0, 1, 2, 3, 4, 5]), orientation);

        Assert.Equal(orientation < 5 ? (3, 2) : (2, 3), (upright.Width, upright.Height));
        Assert.Equal(expected, upright.Pixels.Select(p => (int)p));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_AnExifOrientation_IsApplied(bool little)
    {
        byte[] tiff = little ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
            : [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        byte[] segment = [.. "Exif\0\0"u8, .. tiff];
        byte[] file = JpegEncoder.Encode(Gradient(32, 16, PixelLayout.Rgb));
        byte[] turned = [0xff, 0xd8, 0xff, 0xe1, 0, (byte)(segment.Length + 2), .. segment, .. file[2..]];

        var image = Jpeg.Decode(turned);

        Assert.Equal((16, 32), (image.Width, image.Height));
        Assert.Equal(JpegOrientation.Upright(Jpeg.Decode(file), 6).Pixels, image.Pixels);
    }

    [Fact]
    public void Decode_ComponentsNamedRgb_AreTakenAsSuch()
    {
        byte[] file = JpegEncoder.Encode(Gradient(16, 16, PixelLayout.Rgb));
        int frame = Array.IndexOf(file, (byte)0xc0);
        // No JFIF marker says otherwise once its name is another.
        int jfif = file.AsSpan().IndexOf("JFIF"u8);
        if (jfif >= 0)
            file[jfif] = (byte)'X';
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xda]);
        for (int i = 0; i < 3; i++)
            (file[frame + 9 + 3 * i], file[scan + 5 + 2 * i]) = ((byte)"RGB"[i], (byte)"RGB"[i]);

        var (named, converted) = (Jpeg.Decode(file), Jpeg.Decode(JpegEncoder.Encode(Gradient(16, 16, PixelLayout.Rgb))));

        // The first component is the brightness of what would be converted.
        Assert.InRange(named[3, 3, 0] - (0.299 * converted[3, 3, 0] + 0.587 * converted[3, 3, 1] + 0.114 * converted[3, 3, 2]), -3, 3);
        Assert.NotEqual(converted.Pixels, named.Pixels);
    }

    private static PixelImage Gradient(int width, int height, PixelLayout layout)
    {
        byte[] pixels = new byte[width * height * (int)layout];
        for (int i = 0; i < pixels.Length; i++)
        {
            var (x, y, c) = (i / (int)layout % width, i / (int)layout / width, i % (int)layout);
            pixels[i] = (byte)(128 + 100 * Math.Sin(x * 0.1 + c) * Math.Cos(y * 0.13));
        }
        return new PixelImage(width, height, layout, pixels);
    }
}
