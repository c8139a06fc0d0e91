using System.Buffers;
using static TorchSharp.torch;

namespace Course;

/// <summary>
/// A convolutional network in whole numbers of 8 bits, as [Jacob2018] does it: weights with a step for each output channel, activations
/// with a step for each layer, measured on calibration images. Batch normalisation disappears into the steps. For networks that run
/// convolutions without padding (each with its pooling, normalisation and rectifier) and linear layers one after the other.
/// </summary>
public sealed unsafe class Int8Network
{
    private readonly (int Height, int Width, int Channels) _input;
    private readonly List<Int8Layer> _layers;
    private readonly int _room, _sums;

    private Int8Network((int Height, int Width, int Channels) input, List<Int8Layer> layers, long bytes)
    {
        (_input, _layers, Bytes) = (input, layers, bytes);
        _room = Math.Max(input.Height * input.Width * input.Channels + 64, layers.Max(layer => layer.Room));
        _sums = layers.Max(layer => layer.Sums);
    }

    /// <summary>Bytes of its weights, factors and offsets.</summary>
    public long Bytes { get; }

    /// <summary>The instructions that it uses: the fastest that run here, unless <see cref="With"/> asked for others.</summary>
    public Int8Path Path { get; private init; } = Int8Paths.Best;

    /// <summary>The same network by other instructions.</summary>
    /// <exception cref="NotSupportedException">This processor lacks them.</exception>
    public Int8Network With(Int8Path path) => Int8Paths.Supported.Contains(path)
        ? new(_input, _layers, Bytes) { Path = path }
        : throw new NotSupportedException($"This processor has no {path}; it has {string.Join(", ", Int8Paths.Supported)}.");

    /// <summary>Rounds a network to 8 bits.</summary>
    /// <param name="network">In evaluation mode; stays as it is.</param>
    /// <param name="preprocessing">What raw values from 0 to 255 become before they enter it.</param>
    /// <param name="calibration">Images between 0 and 1 [n, channels, height, width] that show how large the activations become; a few hundred.</param>
    /// <param name="kept">Share of the activations that a step must hold; the few above it are cut off.</param>
    /// <exception cref="NotSupportedException">A layer has no form in whole numbers here; the message names it.</exception>
    public static Int8Network From(nn.Module<Tensor, Tensor> network, Preprocessing preprocessing, Tensor calibration, double kept = 0.9998)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (layers, bytes) = new Int8Builder(preprocessing, calibration, kept).Build(network);
        return new((checked((int)calibration.shape[2]), (int)calibration.shape[3], (int)calibration.shape[1]), layers, bytes);
    }

    /// <summary>Scores of images between 0 and 1.</summary>
    /// <param name="images">[n, channels, height, width]; rounded to 256 levels of grey.</param>
    /// <returns>[n, outputs].</returns>
    public Tensor Forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var levels = (images.permute(0, 2, 3, 1) * 255).round().clamp(0, 255).to(ScalarType.Byte).contiguous();
        int n = (int)images.shape[0];
        return tensor(Forward(levels.data<byte>().ToArray(), n)).reshape(n, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of images of 256 levels.</summary>
    /// <param name="pixels">[count, height, width, channels].</param>
    public float[] Forward(byte[] pixels, int count)
    {
        int size = _input.Height * _input.Width * _input.Channels, outputs = _layers[^1].Channels;
        if (pixels.Length != count * size)
            throw new ArgumentException($"{count} images of {_input.Height}×{_input.Width}×{_input.Channels} have {count * size} levels, not {pixels.Length}.", nameof(pixels));
        float[] scores = new float[count * outputs];
        // Pieces of at least eight images: a thread costs more than a few of them.
        int pieces = Math.Clamp(count / 8, 1, get_num_threads());
        if (pieces == 1)
            Answer(pixels, scores, 0, count);
        else
            Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = pieces }, i => Answer(pixels, scores, count * i / pieces, count * (i + 1) / pieces));
        return scores;
    }

    private void Answer(byte[] pixels, float[] scores, int from, int to)
    {
        int size = _input.Height * _input.Width * _input.Channels, outputs = _layers[^1].Channels;
        var (first, second, sums) = (ArrayPool<byte>.Shared.Rent(_room), ArrayPool<byte>.Shared.Rent(_room), ArrayPool<int>.Shared.Rent(_sums));
        fixed (byte* a = first, b = second)
        fixed (int* s = sums)
        {
            for (int i = from; i < to; i++)
            {
                pixels.AsSpan(i * size, size).CopyTo(first);
                for (int layer = 0; layer < _layers.Count; layer++)
                    _layers[layer].Compute(Path, layer % 2 == 0 ? a : b, s, layer % 2 == 0 ? b : a, scores.AsSpan(i * outputs, outputs));
            }
        }
        ArrayPool<byte>.Shared.Return(first);
        ArrayPool<byte>.Shared.Return(second);
        ArrayPool<int>.Shared.Return(sums);
    }
}
