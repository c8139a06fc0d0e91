using static TorchSharp.torch;

namespace Course;

/// <summary>An image file that could not be used, and why.</summary>
public sealed record SkippedImage(string Path, string Reason);

/// <summary>
/// Images on disk, one folder for each class. Files are decoded when their batch is due, so the set may be larger than
/// memory; a file that cannot be read is noted in <see cref="Skipped"/> and left out.
/// </summary>
public sealed class ImageFolder
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];
    private readonly HashSet<string> _bad = [];
    private readonly List<SkippedImage> _skipped = [];

    private ImageFolder(IReadOnlyList<string> names, IReadOnlyList<(string Path, int Class)> files, int size, bool grey) =>
        (Names, Files, Size, Grey) = (names, files, size, grey);

    /// <summary>Class names: those of the folders, in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All image files with their classes, in a fixed order.</summary>
    public IReadOnlyList<(string Path, int Class)> Files { get; }

    /// <summary>Height and width to which every image is brought.</summary>
    public int Size { get; }

    public bool Grey { get; }

    /// <summary>Files that could not be read so far.</summary>
    public IReadOnlyList<SkippedImage> Skipped => _skipped;

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">No class folder, or a class without images; says what was expected.</exception>
    public static ImageFolder Open(string folder, int size, bool grey = false)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: no such folder. Expected one folder for each class in it, with PNG or JPEG files.");
        if (size is < 1 or > 4096)
            throw new ArgumentOutOfRangeException(nameof(size), size, "The size lies between 1 and 4096 pixels.");
        string[] classes = Directory.GetDirectories(folder).OrderBy(Path.GetFileName, StringComparer.Ordinal).ToArray();
        if (classes.Length == 0)
            throw new InvalidDataException($"{folder}: no folders in it. Expected one for each class, for example cat/ and dog/.");
        var files = new List<(string, int)>();
        for (int c = 0; c < classes.Length; c++)
        {
            string[] images = Directory.GetFiles(classes[c]).Where(f => Extensions.Contains(Path.GetExtension(f).ToLowerInvariant()))
                .Order(StringComparer.Ordinal).ToArray();
            if (images.Length == 0)
                throw new InvalidDataException($"{classes[c]}: no .png, .jpg or .jpeg files in it.");
            files.AddRange(images.Select(f => (f, c)));
        }
        return new ImageFolder([.. classes.Select(c => Path.GetFileName(c))], files, size, grey);
    }

    /// <summary>Two parts without overlap, after a shuffle by seed.</summary>
    public (ImageFolder Train, ImageFolder Held) Split(double heldShare, int seed)
    {
        int[] order = new SplitMix((ulong)seed).Permutation(Files.Count);
        int held = (int)Math.Round(heldShare * Files.Count);
        ImageFolder Part(int[] places) => new(Names, [.. places.Select(i => Files[i])], Size, Grey);
        return (Part(order[held..]), Part(order[..held]));
    }

    /// <summary>All images once, in batches: float32 [batch, 3 or 1, size, size] in 0 … 1 and int64 [batch]. A batch lives until the next one is asked for.</summary>
    /// <param name="shuffleSeed">Another order for each seed; null keeps the files' order.</param>
    public IEnumerable<(Tensor Images, Tensor Labels)> Batches(int batchSize, ulong? shuffleSeed = null)
    {
        int[] order = shuffleSeed is { } seed ? new SplitMix(seed).Permutation(Files.Count) : [.. Enumerable.Range(0, Files.Count)];
        foreach (int[] chunk in order.Chunk(batchSize))
        {
            float[][] read = new float[chunk.Length][];
            Parallel.For(0, chunk.Length, i => read[i] = TryRead(Files[chunk[i]].Path)!);
            int[] good = Enumerable.Range(0, chunk.Length).Where(i => read[i] is not null).ToArray();
            if (good.Length == 0)
                continue;
            float[] values = new float[good.Length * read[good[0]].Length];
            for (int i = 0; i < good.Length; i++)
                read[good[i]].CopyTo(values, i * read[good[i]].Length);
            using var images = tensor(values, new long[] { good.Length, Grey ? 1 : 3, Size, Size });
            using var labels = tensor(good.Select(i => (long)Files[chunk[i]].Class).ToArray());
            yield return (images, labels);
        }
    }

    /// <summary>One image file as a batch of one, float32 [1, 3 or 1, size, size] in 0 … 1.</summary>
    /// <exception cref="InvalidDataException">The file cannot be decoded; names it.</exception>
    public static Tensor Load(string path, int size, bool grey = false) =>
        tensor(Decode(path, size, grey), new long[] { 1, grey ? 1 : 3, size, size });

    private float[]? TryRead(string path)
    {
        try
        {
            return Decode(path, Size, Grey);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            lock (_bad)
                if (_bad.Add(path))
                    _skipped.Add(new SkippedImage(path, e.Message));
            return null;
        }
    }

    // Channels first, as networks want them.
    private static float[] Decode(string path, int size, bool grey)
    {
        var image = PixelImage.Read(path).To(grey ? PixelLayout.Grey : PixelLayout.Rgb).Resize(size, size);
        int plane = size * size;
        float[] values = new float[plane * image.Channels];
        for (int i = 0; i < values.Length; i++)
            values[i] = image.Pixels[i % plane * image.Channels + i / plane] / 255f;
        return values;
    }
}

public static partial class Datasets
{
    /// <inheritdoc cref="ImageFolder.Open"/>
    public static ImageFolder Images(string folder, int size, bool grey = false) => ImageFolder.Open(folder, size, grey);

    /// <summary>Cats and dogs: the folder <c>cats-and-dogs</c> with <c>cat/</c> and <c>dog/</c> where <c>COURSE_DATA</c> or <c>data/</c> has it, else drawn ones.</summary>
    /// <param name="drawn">How many images of each kind are drawn when there are no photographs.</param>
    /// <returns>The folder, and a sentence that says which it is.</returns>
    public static (ImageFolder Images, string Source) CatsAndDogs(int size, int drawn)
    {
        var folders = DataFolders.FromEnvironment();
        string? photos = folders.Searched.Append(folders.Cache).Select(f => Path.Combine(f, "cats-and-dogs")).FirstOrDefault(Directory.Exists);
        if (photos is not null)
            return (Images(photos, size), $"photographs in {photos}");
        string folder = Path.Combine(folders.Cache, $"{SyntheticPets.Name}-{drawn}");
        if (!Directory.Exists(folder))
            SyntheticPets.Write(folder, drawn);
        return (Images(folder, size), $"{2 * drawn} drawn cats and dogs (put photographs into data/cats-and-dogs/cat and …/dog to use those)");
    }
}
