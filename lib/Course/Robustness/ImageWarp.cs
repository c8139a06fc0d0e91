using static TorchSharp.torch;

namespace Course;

/// <summary>
/// An affine change of an image about its centre: a target pixel at (x, y) takes its value from
/// (Xx·x + Xy·y + Dx, Yx·x + Yy·y + Dy), all in pixels.
/// </summary>
public readonly record struct Affine(double Xx, double Xy, double Dx, double Yx, double Yy, double Dy)
{
    /// <summary>Moves the picture right and down.</summary>
    public static Affine Shift(double right, double down) => new(1, 0, -right, 0, 1, -down);

    /// <summary>Turns the picture anticlockwise.</summary>
    public static Affine Rotate(double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(cos, -sin, 0, sin, cos, 0);
    }

    /// <summary>Enlarges the picture by a factor.</summary>
    public static Affine Zoom(double factor) => new(1 / factor, 0, 0, 0, 1 / factor, 0);

    /// <summary>Slants the picture: rows move sideways in proportion to their height.</summary>
    public static Affine Shear(double amount) => new(1, amount, 0, 0, 1, 0);

    /// <summary>First this change, then <paramref name="next"/>.</summary>
    public Affine Then(Affine next) => new(
        Xx * next.Xx + Xy * next.Yx, Xx * next.Xy + Xy * next.Yy, Xx * next.Dx + Xy * next.Dy + Dx,
        Yx * next.Xx + Yy * next.Yx, Yx * next.Xy + Yy * next.Yy, Yx * next.Dx + Yy * next.Dy + Dy);
}

/// <summary>Geometric changes of batches of images.</summary>
public static class ImageWarp
{
    /// <summary>Applies one change to each image, with linear interpolation; outside the image is <paramref name="fill"/>.</summary>
    /// <param name="images">float32 [batch, channels, height, width].</param>
    public static Tensor Apply(Tensor images, Func<int, Affine> change, float fill = 0)
    {
        if (images.dim() != 4 || images.dtype != ScalarType.Float32)
            throw new ArgumentException($"Expected float32 [batch, channels, height, width], got {images.dtype} [{string.Join(", ", images.shape)}].");
        var (batch, channels, height, width) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        float[] source = images.detach().contiguous().cpu().data<float>().ToArray();
        float[] target = new float[source.Length];
        int plane = height * width;
        for (int i = 0; i < batch; i++)
        {
            var a = change(i);
            for (int c = 0; c < channels; c++)
                Warp(source.AsSpan((i * channels + c) * plane, plane), target.AsSpan((i * channels + c) * plane, plane), height, width, a, fill);
        }
        return tensor(target, images.shape).to(images.device);
    }

    private static void Warp(ReadOnlySpan<float> source, Span<float> target, int height, int width, Affine a, float fill)
    {
        var (middleX, middleY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        for (int y = 0; y < height; y++)
        {
            double u = a.Xx * -middleX + a.Xy * (y - middleY) + a.Dx + middleX;
            double v = a.Yx * -middleX + a.Yy * (y - middleY) + a.Dy + middleY;
            for (int x = 0; x < width; x++, u += a.Xx, v += a.Yx)
            {
                int left = (int)Math.Floor(u), top = (int)Math.Floor(v);
                float s = (float)(u - left), t = (float)(v - top);
                if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height)
                {
                    var p = source.Slice(top * width + left, width + 2);
                    target[y * width + x] = (p[0] * (1 - s) + p[1] * s) * (1 - t) + (p[width] * (1 - s) + p[width + 1] * s) * t;
                }
                else
                {
                    target[y * width + x] = (At(source, left, top) * (1 - s) + At(source, left + 1, top) * s) * (1 - t)
                        + (At(source, left, top + 1) * (1 - s) + At(source, left + 1, top + 1) * s) * t;
                }
            }
        }

        float At(ReadOnlySpan<float> image, int x, int y) => (uint)x < width && (uint)y < height ? image[y * width + x] : fill;
    }
}

/// <summary>Random small changes of training images; each range is symmetric about no change.</summary>
/// <param name="Shift">Largest shift in pixels, each way.</param>
/// <param name="Rotate">Largest rotation in degrees.</param>
/// <param name="Shear">Largest slant, sideways pixels per pixel of height.</param>
/// <param name="Zoom">Largest change of size, 0.1 = from 0.9 to 1.1.</param>
/// <param name="Flip">Mirror half of the images left to right.</param>
/// <param name="Fill">Value of what comes in from outside; black after normalisation is not 0.</param>
public sealed record Augmentation(double Shift = 0, double Rotate = 0, double Shear = 0, double Zoom = 0, bool Flip = false, float Fill = 0)
{
    /// <summary>A changed copy of a batch [batch, channels, height, width]; equal seeds give equal changes.</summary>
    public Tensor Apply(Tensor images, ulong seed) => ImageWarp.Apply(images, i =>
    {
        var random = new SplitMix(seed, (ulong)i);
        bool mirror = random.Next(2) == 0 && Flip;
        return Affine.Rotate(random.Next(-Rotate, Rotate))
            .Then(Affine.Shear(random.Next(-Shear, Shear)))
            .Then(Affine.Zoom(1 + random.Next(-Zoom, Zoom)))
            .Then(mirror ? new Affine(-1, 0, 0, 0, 1, 0) : Affine.Shift(0, 0))
            .Then(Affine.Shift(random.Next(-Shift, Shift), random.Next(-Shift, Shift)));
    }, Fill);
}
