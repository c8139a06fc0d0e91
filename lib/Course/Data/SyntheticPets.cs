namespace Course;

/// <summary>
/// Drawn faces of cats and dogs, 64 × 64 pixels in colour: cats have pointed ears, a small nose and whiskers, dogs have
/// hanging ears and a long muzzle; colours, sizes, places, tilt and background say nothing about the class.
/// </summary>
public static class SyntheticPets
{
    public const string Name = "synthetic-pets-v1";
    private const int Side = 64;

    /// <summary>Writes <c>cat/</c> and <c>dog/</c> with <paramref name="each"/> files, every third one JPEG, the others PNG.</summary>
    public static void Write(string folder, int each, ulong seed = 1)
    {
        string temporary = $"{folder}.{Guid.NewGuid():N}.tmp";
        foreach (bool dog in new[] { false, true })
        {
            string target = Path.Combine(temporary, dog ? "dog" : "cat");
            Directory.CreateDirectory(target);
            Parallel.For(0, each, i =>
            {
                var image = Draw(dog, i, seed);
                if (i % 3 == 2)
                    File.WriteAllBytes(Path.Combine(target, $"{i:D5}.jpg"), JpegEncoder.Encode(image));
                else
                    File.WriteAllBytes(Path.Combine(target, $"{i:D5}.png"), Png.Encode(image));
            });
        }
        try
        {
            Directory.Move(temporary, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(temporary, recursive: true); // another process was faster
        }
    }

    /// <summary>Draws one face; equal arguments give equal pixels.</summary>
    public static PixelImage Draw(bool dog, int index, ulong seed = 1)
    {
        var random = new SplitMix(seed, (ulong)index * 2 + (dog ? 1UL : 0UL));
        var (fur, ground) = (Colour(ref random), Colour(ref random));
        var dark = (fur.R * 0.6, fur.G * 0.6, fur.B * 0.6);
        double tilt = random.Next(-0.35, 0.35), size = random.Next(13, 19), noise = random.Next(4, 22);
        double middleX = Side / 2.0 + random.Next(-7, 7), middleY = Side / 2.0 + random.Next(-4, 8), wide = random.Next(0.85, 1.1);
        var (sin, cos) = Math.SinCos(tilt);
        byte[] pixels = new byte[Side * Side * 3];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
            {
                // Coordinates of the face: centre 0, radius about 1, y down.
                var (dx, dy) = ((x - middleX) / size, (y - middleY) / size);
                var (u, v) = ((cos * dx + sin * dy) / wide, -sin * dx + cos * dy);
                var (r, g, b) = Face(dog, Math.Abs(u), v, fur, dark) ?? ground;
                int at = (y * Side + x) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = (Noisy(r, noise, ref random), Noisy(g, noise, ref random), Noisy(b, noise, ref random));
            }
        return new PixelImage(Side, Side, PixelLayout.Rgb, pixels);
    }

    // Faces are symmetric, so u is the distance from the middle line.
    private static (double R, double G, double B)? Face(bool dog, double u, double v, (double R, double G, double B) fur, (double, double, double) dark)
    {
        var black = (25.0, 25.0, 30.0);
        if (Inside(u - 0.38, v + 0.15, 0.13, 0.13))
            return black; // eyes
        if (dog)
        {
            if (Inside(u, v - 0.35, 0.2, 0.14))
                return black; // nose
            if (Inside(u, v - 0.55, 0.45, 0.42))
                return (fur.R * 0.8 + 50, fur.G * 0.8 + 50, fur.B * 0.8 + 50); // muzzle
            if (Inside(u - 0.95, v - 0.05, 0.27, 0.75))
                return dark; // hanging ear
        }
        else
        {
            if (Inside(u, v - 0.28, 0.1, 0.08))
                return (220, 130, 140); // nose
            if (u is > 0.3 and < 1.25 && Math.Abs(v - 0.35 - 0.12 * (u - 0.3)) < 0.04)
                return black; // whiskers
            if (v < -0.45 && v > -1.55 + 1.6 * Math.Abs(u - 0.62) && u < 1)
                return dark; // pointed ear
        }
        return Inside(u, v, 1, 0.95) ? fur : null;
    }

    private static bool Inside(double x, double y, double a, double b) => x * x / (a * a) + y * y / (b * b) < 1;

    private static (double R, double G, double B) Colour(ref SplitMix random) =>
        (random.Next(70, 235), random.Next(70, 235), random.Next(70, 235));

    private static byte Noisy(double value, double noise, ref SplitMix random) =>
        (byte)Math.Clamp(value + noise * random.NextNormal(), 0, 255);
}
