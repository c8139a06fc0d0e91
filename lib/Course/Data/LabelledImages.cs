using static TorchSharp.torch;

namespace Course;

/// <summary>Grey or colour images with a class each; bytes inside, tensors on demand.</summary>
public sealed class LabelledImages
{
    private readonly byte[] _pixels; // [count, height, width, channels]
    private readonly Lazy<Tensor> _images, _labels;

    /// <param name="pixels">Count × height × width × channels values, 0 … 255.</param>
    /// <param name="classes">The class of each image.</param>
    /// <param name="names">What the classes are called.</param>
    public LabelledImages(byte[] pixels, int height, int width, int channels, int[] classes, IReadOnlyList<string> names)
    {
        if (pixels.Length != (long)classes.Length * height * width * channels)
            throw new ArgumentException(FormattableString.Invariant($"{pixels.Length:N0} bytes are not {classes.Length:N0} images of {height} × {width} × {channels}."));
        for (int i = 0; i < classes.Length; i++)
            if ((uint)classes[i] >= names.Count)
                throw new ArgumentException($"Image {i} has class {classes[i]}, but there are {names.Count} classes.");
        (_pixels, Height, Width, Channels, Classes, Names) = (pixels, height, width, channels, classes, names);
        _images = new(() => MakeImages().DetachFromDisposeScope());
        _labels = new(() => tensor(classes.Select(c => (long)c).ToArray()).DetachFromDisposeScope());
    }

    public int Count => Classes.Count;

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>The class of each image, 0 … Names.Count − 1.</summary>
    public IReadOnlyList<int> Classes { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>All images, float32 [count, channels, height, width], 0 = black … 1 = white. Made once; do not change or dispose it.</summary>
    public Tensor Images => _images.Value;

    /// <summary>All classes, int64 [count]. Made once; do not change or dispose it.</summary>
    public Tensor Labels => _labels.Value;

    /// <summary>The bytes of one image, row by row, channels last.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => _pixels.AsSpan(index * ItemSize, ItemSize);

    /// <summary>SHA-256 of all pixels and classes in their order, in hexadecimal: the identity of these data.</summary>
    public string Hash()
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        hash.AppendData(_pixels);
        foreach (int label in Classes)
            hash.AppendData([(byte)label, (byte)(label >> 8)]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>One image as rows of grey values 0 … 1, for figures.</summary>
    public double[,] Picture(int index)
    {
        double[,] picture = new double[Height, Width];
        var item = Pixels(index);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                double sum = 0;
                for (int c = 0; c < Channels; c++)
                    sum += item[(y * Width + x) * Channels + c];
                picture[y, x] = sum / Channels / 255;
            }
        return picture;
    }

    /// <summary>The images at the given places, in that order.</summary>
    public LabelledImages At(IEnumerable<int> indices)
    {
        int[] chosen = indices.ToArray();
        byte[] selected = new byte[(long)chosen.Length * ItemSize];
        for (int i = 0; i < chosen.Length; i++)
            Pixels(chosen[i]).CopyTo(selected.AsSpan(i * ItemSize));
        return new LabelledImages(selected, Height, Width, Channels, [.. chosen.Select(i => Classes[i])], Names);
    }

    /// <summary>The first <paramref name="count"/> images.</summary>
    public LabelledImages Take(int count) => count >= Count ? this : At(Enumerable.Range(0, count));

    /// <summary>All but the first <paramref name="count"/> images.</summary>
    public LabelledImages Skip(int count) => At(Enumerable.Range(0, Count).Skip(count));

    /// <summary>The images whose class passes.</summary>
    public LabelledImages Where(Func<int, bool> keep) => At(Enumerable.Range(0, Count).Where(i => keep(Classes[i])));

    /// <summary>Two parts without overlap: the last <paramref name="held"/> images of a shuffled order, and the others.</summary>
    public (LabelledImages Train, LabelledImages Held) Split(int held, int seed)
    {
        if (held <= 0 || held >= Count)
            throw new ArgumentOutOfRangeException(nameof(held), held, $"Must lie between 1 and {Count - 1}.");
        int[] order = new SplitMix((ulong)seed).Permutation(Count);
        return (At(order[..^held]), At(order[^held..]));
    }

    private int ItemSize => Height * Width * Channels;

    private Tensor MakeImages()
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(_pixels, new long[] { Count, Height, Width, Channels }, dtype: ScalarType.Byte);
        var image = Channels == 1 ? bytes.reshape(Count, 1, Height, Width) : bytes.permute(0, 3, 1, 2).contiguous();
        return image.to(ScalarType.Float32).div_(255).MoveToOuterDisposeScope();
    }
}
