namespace Course.Tests.Images;

/// <summary>Two pictures that libjpeg-turbo 2.1.5 has written as progressive JPEG, and the pixels that it reads from them.</summary>
public class ProgressiveJpegTests
{
    /// <summary>19 × 13 pixels in colour, two samples of brightness for one of colour each way, ten scans.</summary>
    private static readonly byte[] Colour = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMj" +
        "IyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wgARCAANABMDASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAQFBv/EABUBAQEAAAAAAAAAAAAAAAAAAAED" +
        "/9oADAMBAAIQAxAAAAGhn1dkkIbJU//EABoQAQEBAAMBAAAAAAAAAAAAAAIBAwQREyL/2gAIAQEAAQUCXIlGmFbJ6ObvpiJc3Pv/xAAZEQACAwEAAAAAAAAAAAAAAAAAEwECEhX/2gAIAQMBAT8Bbi" +
        "UnPqf/xAAZEQACAwEAAAAAAAAAAAAAAAAAAQIDExX/2gAIAQIBAT8BdWa3OlI//8QAFxABAQEBAAAAAAAAAAAAAAAAABEBEP/aAAgBAQAGPwKKndf/xAAZEAEBAQEBAQAAAAAAAAAAAAABABFBIVH/" +
        "2gAIAQEAAT8h9tsRLC+JeV7aVOQAX//aAAwDAQACAAMAAAAQgz//xAAYEQADAQEAAAAAAAAAAAAAAAAAAREhMf/aAAgBAwEBPxBtHwttP//EABgRAAIDAAAAAAAAAAAAAAAAAAABETFh/9oACAECAQ" +
        "E/EERrZgf/xAAYEAEBAQEBAAAAAAAAAAAAAAABEQAhMf/aAAgBAQABPxCKiyasEtyJHRMHZMFEXCF4O//Z");

    private static readonly byte[] ColourPixels = Convert.FromBase64String(
        "gdLJmeHNt+e9yd+e2tB55b5Z5aA53YQoxmQdrEkfijIobSY4Th1MNRhaLSJxJjaLG0+jJ2/BO4PVhM/Imt3LteO8x92f1s5747xd4KA/2YUtwmUiqk0kiDYrbCk7TyBMOBxZMCVxKTiJH1KhK3C+PY" +
        "TShsfBmtPCsdm2wNOcz8d+1rZj1Z1IzYY4umovpFQxhz43bDJBUipPPyZdOS5wMkCHKVieM3K5RITLh7y2lcO2qMmstcWYwLp+x6xnxJhRv4VGr29Bn15ChktFcEBOWjlYSjdkRj1yQEqFN16ZP3Ov" +
        "TIK+iKyqkrGpn7ShqbKTsKx/s6FvspJhr4ZannFQk2ZTgllXcVBbY0tjWUppVk5zUViCS2iUT3WkV4CuiJqajJyZkp6SmJ2Jm5mAnZR3nYxwnIZujHVlh25nfmhqdmJrbmBvaWBxaGN3ZGl/Y3ONZH" +
        "mWZ3+bhYWHg4ODg4OBg4R+g4R+goJ6goF8g4J9fn17fnx9fXt+fHp/fHp/fXt+fXt8fHx+fX2Fen2Ge36HgnJ1fm90eG90c3B3cHJ+a3WBaXmIbH6MdIeVd4uUe4yTgY2Nh42JjI+EkI5/kYt7kYN2" +
        "kX9zj31xfVxjcVZfZlRiYlpvWl98UmWFVnOVX4OjYIiicJapgKKriqShlaWYoauTpqeIppx5sZR0qoZmontce0xUbURSXkJYVUpqSVJ9QFqLQmufS3+vWI+2aaG8f6+5jLSsnrehrbuYtLeKuKp5wJ" +
        "hnvIdVr3lKdDtEYzNBUTBNRThjN0J6L06PMmSpO3u5TpTHZKnKgLzHlMO5q8mtvM2hxMmRy7t90J5fy4pKvHo9cTI7Xyk5SiVGPCtfLTd8I0iWKGOzMnzFRpbRXq7TfcPPls7BsdSzxNily9GR1MJ6" +
        "3KZe149FxXs0cy03XiM1Rx9ENyZdJjR/HUWcIWK8LX7PP5nYWbHZfMjVmNXGstq1xt6kztWP1sN246te3JBCyXsw");

    /// <summary>12 × 9 grey pixels, six scans.</summary>
    private static readonly byte[] Grey = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wgALCAAJAAwBAREA/8QAFQABAQAAAA" +
        "AAAAAAAAAAAAAABQT/2gAIAQEAAAABSOPt/8QAGRAAAgMBAAAAAAAAAAAAAAAAAgMBBDIi/9oACAEBAAEFAlWYWDOzZoM//8QAFhABAQEAAAAAAAAAAAAAAAAAEQAQ/9oACAEBAAY/Aid//8QAGRAA" +
        "AwADAAAAAAAAAAAAAAAAAAEREDFB/9oACAEBAAE/IaWx7L3DrP/aAAgBAQAAABB//8QAGhABAAIDAQAAAAAAAAAAAAAAAQARECExcf/aAAgBAQABPxAgYaqHtxHX3A//2Q==");

    private static readonly byte[] GreyPixels = Convert.FromBase64String(
        "gJu5zdzm4tbHrIp0gpy5y9ni3dLDqYl0gpmzxNHX08m7pYh2f5KpuMLIxb6xoIh4f42dqrG1tLCkmIh8gYiSmZ2enp2UjoV+gIKEhYSCgoSCgoGAfXt5dnJtbXB3eX2Af3NmXllWV1xkbnuE");

    [Fact]
    public void Decode_GivesThePixelsOfLibjpeg()
    {
        var (colour, grey) = (PixelImage.Decode(Colour), PixelImage.Decode(Grey));

        Assert.Equal((19, 13, PixelLayout.Rgb), (colour.Width, colour.Height, colour.Layout));
        Assert.Equal((12, 9, PixelLayout.Grey), (grey.Width, grey.Height, grey.Layout));
        // Decoders may round in their own ways.
        Assert.InRange(ColourPixels.Zip(colour.Pixels, (a, b) => Math.Abs(a - b)).Max(), 0, 3);
        Assert.InRange(GreyPixels.Zip(grey.Pixels, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
    }

    [Fact]
    public void Decode_AnExifOrientation_IsApplied()
    {
        byte[] segment = [.. "Exif\0\0"u8, 0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        byte[] turned = [0xff, 0xd8, 0xff, 0xe1, 0, (byte)(segment.Length + 2), .. segment, .. Grey[2..]];

        Assert.Equal(JpegOrientation.Upright(Jpeg.Decode(Grey), 6).Pixels, Jpeg.Decode(turned).Pixels);
    }

    [Fact]
    public void Decode_AnyTruncation_Refuses()
    {
        for (int length = 0; length < Colour.Length - 2; length++)
        {
            byte[] cut = Colour[..length];
            Assert.Throws<InvalidDataException>(() => PixelImage.Decode(cut));
        }
    }

    [Fact]
    public void Decode_RandomDamage_RefusesOrGivesTheSamePictureTwice()
    {
        var random = new SplitMix(12);
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] damaged = Colour.ToArray();
            for (int k = 0; k <= random.Next(3); k++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                var image = Jpeg.Decode(damaged);
                Assert.InRange(image.Pixels.Length, 1, 50_000_000);
                if (image.Pixels.Length < 100_000)
                    Assert.Equal(image.Pixels, Jpeg.Decode(damaged).Pixels);
            }
            catch (InvalidDataException)
            {
                // the expected answer to damage
            }
        }
    }

    [Fact]
    public void Decode_GiantDimensions_RefusesBeforeTakingMemory()
    {
        byte[] file = Colour.ToArray();
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xc2]) + 1;
        (file[frame + 4], file[frame + 5], file[frame + 6], file[frame + 7]) = (0x1b, 0x58, 0x1b, 0x58); // 7000 × 7000
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("cannot hold 7000 × 7000", Assert.Throws<InvalidDataException>(() => Jpeg.Decode(file)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Decode_ScansWithoutEnd_Refuses()
    {
        // The last scan of the picture again and again: each would be a walk over all of it.
        int scan = Colour.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xff, 0xda]);
        byte[] many = [.. Colour[..scan], .. Enumerable.Repeat(Colour[scan..^2], 200).SelectMany(s => s), 0xff, 0xd9];

        Assert.Contains("more than 100 scans", Assert.Throws<InvalidDataException>(() => Jpeg.Decode(many)).Message);
    }

    [Fact]
    public void Decode_AComponentThatNoScanBegins_Refuses()
    {
        // Without the first scan, which gives every component its mean.
        int first = Colour.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xda]), second = first + 2 + Colour.AsSpan(first + 2).IndexOf((ReadOnlySpan<byte>)[0xff, 0xda]);

        Assert.Contains("is refined before it is there", Assert.Throws<InvalidDataException>(() => Jpeg.Decode([.. Colour[..first], .. Colour[second..]])).Message);
    }

    [Fact]
    public void Decode_RestartIntervals_AreRefusedByName()
    {
        byte[] restarting = [0xff, 0xd8, 0xff, 0xdd, 0, 4, 0, 1, .. Colour[2..]];

        Assert.Contains("restart intervals", Assert.Throws<InvalidDataException>(() => Jpeg.Decode(restarting)).Message);
    }
}
