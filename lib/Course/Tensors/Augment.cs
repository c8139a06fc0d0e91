using static TorchSharp.torch;

namespace Course;

/// <summary>How an image is moved: what the picture content does, seen from its centre.</summary>
/// <param name="ShiftX">To the right, in pixels.</param>
/// <param name="ShiftY">Downwards, in pixels.</param>
/// <param name="Degrees">Counter-clockwise.</param>
/// <param name="Shear">Pixels to the right per pixel downwards.</param>
/// <param name="Zoom">Above 1 enlarges.</param>
public sealed record ImageMove(double ShiftX = 0, double ShiftY = 0, double Degrees = 0, double Shear = 0, double Zoom = 1);

/// <summary>Moved copies of images [N, C, H, W], with bilinear interpolation. What comes in from outside has a fill value.</summary>
public static class Augment
{
    /// <summary>The same move for every image.</summary>
    public static Tensor Move(Tensor images, ImageMove move, double fill = 0) => Each(images, _ => move, fill);

    public static Tensor Shift(Tensor images, double right, double down, double fill = 0) => Move(images, new(ShiftX: right, ShiftY: down), fill);

    public static Tensor Rotate(Tensor images, double degrees, double fill = 0) => Move(images, new(Degrees: degrees), fill);

    public static Tensor Shear(Tensor images, double shear, double fill = 0) => Move(images, new(Shear: shear), fill);

    public static Tensor Zoom(Tensor images, double zoom, double fill = 0) => Move(images, new(Zoom: zoom), fill);

    /// <summary>A random move for each image, up to the given limits in either direction.</summary>
    /// <param name="limits">Largest moves; <see cref="ImageMove.Zoom"/> is the largest factor (its inverse the smallest).</param>
    public static Tensor Randomly(Tensor images, ImageMove limits, int seed, double fill = 0)
    {
        var random = new Random(seed);
        double Within(double limit) => (2 * random.NextDouble() - 1) * limit;
        return Each(images, _ => new ImageMove(Within(limits.ShiftX), Within(limits.ShiftY), Within(limits.Degrees), Within(limits.Shear), Math.Pow(limits.Zoom, Within(1))), fill);
    }

    /// <summary>Mirrors left and right. Not for digits: a mirrored 2 is no 2.</summary>
    public static Tensor Flip(Tensor images) => images.index_select(-1, arange(images.shape[^1] - 1, -1, -1));

    static Tensor Each(Tensor images, Func<long, ImageMove> move, double fill)
    {
        if (images.dim() != 4) throw new ArgumentException($"Expected images [N, C, H, W], got shape [{string.Join(", ", images.shape)}].", nameof(images));
        long count = images.shape[0], channels = images.shape[1];
        int height = (int)images.shape[2], width = (int)images.shape[3], size = height * width;
        using Tensor plain = images.detach().to(ScalarType.Float32).cpu().contiguous().alias();
        float[] source = plain.data<float>().ToArray(), target = new float[source.Length];
        for (long image = 0; image < count; image++)
        {
            var sampler = new Sampler(move(image), height, width, (float)fill);
            for (long channel = 0; channel < channels; channel++)
            {
                int at = checked((int)((image * channels + channel) * size));
                sampler.Run(source.AsSpan(at, size), target.AsSpan(at, size));
            }
        }
        return tensor(target, images.shape).to(images.dtype).to(images.device);
    }

    /// <summary>For each target pixel the source position: the inverse of zoom, shear, rotation and shift.</summary>
    readonly struct Sampler
    {
        readonly int height, width;
        readonly float fill;
        readonly double xx, xy, yx, yy, shiftX, shiftY;

        internal Sampler(ImageMove move, int height, int width, float fill)
        {
            if (!(move.Zoom > 0)) throw new ArgumentException($"Zoom is {move.Zoom}, expected above 0.");
            (this.height, this.width, this.fill, shiftX, shiftY) = (height, width, fill, move.ShiftX, move.ShiftY);
            // Rotation undone first (rows point downwards), then shear, then zoom.
            double angle = move.Degrees * Math.PI / 180, cos = Math.Cos(angle), sin = Math.Sin(angle);
            (yx, yy) = (sin / move.Zoom, cos / move.Zoom);
            (xx, xy) = (cos / move.Zoom - move.Shear * yx, -sin / move.Zoom - move.Shear * yy);
        }

        internal void Run(ReadOnlySpan<float> from, Span<float> to)
        {
            double centreX = (width - 1) / 2.0, centreY = (height - 1) / 2.0;
            for (int row = 0; row < height; row++)
                for (int column = 0; column < width; column++)
                {
                    double x = column - centreX - shiftX, y = row - centreY - shiftY;
                    to[row * width + column] = At(from, xx * x + xy * y + centreX, yx * x + yy * y + centreY);
                }
        }

        float At(ReadOnlySpan<float> image, double x, double y)
        {
            int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
            float right = (float)(x - left), below = (float)(y - top);
            float Row(ReadOnlySpan<float> image, Sampler s, int row) => s.Pixel(image, left, row) * (1 - right) + (right > 0 ? s.Pixel(image, left + 1, row) * right : 0);
            return Row(image, this, top) * (1 - below) + (below > 0 ? Row(image, this, top + 1) * below : 0);
        }

        float Pixel(ReadOnlySpan<float> image, int column, int row) =>
            (uint)column < (uint)width && (uint)row < (uint)height ? image[row * width + column] : fill;
    }
}
