using System.Runtime.Intrinsics;

namespace Course;

/// <summary>
/// A convolution without padding, or a linear layer as one of 1×1 places, in whole numbers: sums of products of bytes, the largest of
/// each 2×2 places where pooling follows, then one multiplication and one addition per channel, the rectifier, and rounding to a byte.
/// </summary>
internal sealed unsafe class Int8Layer
{
    /// <summary>Activations between layers go from 0 to 127, so that two products with weights up to 127 fit into 16 bits.</summary>
    public const int LargestActivation = 127;

    // Bytes that a group of four may read beyond the last activation.
    private const int Slack = 64;

    private readonly int _inChannels, _width, _rows, _groups, _blocks, _outWidth, _outHeight;
    private readonly bool _pool, _last;
    private readonly int[] _places;
    private readonly sbyte[] _weights;
    private readonly float[] _factors, _offsets;

    /// <param name="weights">[channels out][rows of the kernel][columns · channels in].</param>
    /// <param name="kernel">Rows and columns of the kernel.</param>
    /// <param name="input">Height, width and channels of what comes in.</param>
    /// <param name="factors">What a sum is multiplied with, by channel.</param>
    /// <param name="offsets">What is added then.</param>
    /// <param name="last">Keeps the results as numbers instead of rounding them to bytes.</param>
    public Int8Layer(sbyte[][][] weights, (int Rows, int Columns) kernel, (int Height, int Width, int Channels) input, float[] factors, float[] offsets, bool pool, bool last)
    {
        (_inChannels, _width, _rows, _pool, _last) = (input.Channels, input.Width, kernel.Rows, pool, last);
        _groups = (kernel.Columns * input.Channels + 3) / 4;
        Channels = weights.Length;
        _blocks = (Channels + Int8Product.Lanes - 1) / Int8Product.Lanes;
        (_outHeight, _outWidth) = (input.Height - kernel.Rows + 1, input.Width - kernel.Columns + 1);
        _places = [.. from y in Enumerable.Range(0, _outHeight) from x in Enumerable.Range(0, _outWidth) select (y * _width + x) * _inChannels];
        int lanes = Int8Product.Lanes;
        _weights = new sbyte[_blocks * _rows * _groups * 4 * lanes];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int row = 0; row < _rows; row++)
            {
                for (int k = 0; k < weights[channel][row].Length; k++)
                    _weights[(((channel / lanes * _rows + row) * _groups + k / 4) * lanes + channel % lanes) * 4 + k % 4] = weights[channel][row][k];
            }
        }
        _factors = Padded(factors);
        _offsets = Padded(offsets);
    }

    /// <summary>Channels that come out.</summary>
    public int Channels { get; }

    /// <summary>Height and width of what comes out.</summary>
    public (int Height, int Width) Size => _pool ? (_outHeight / 2, _outWidth / 2) : (_outHeight, _outWidth);

    /// <summary>Room for one result, with what may be read beyond it.</summary>
    public int Room => Size.Height * Size.Width * _blocks * Int8Product.Lanes + Slack;

    /// <summary>Room for the sums of one image.</summary>
    public int Sums => _places.Length * _blocks * Int8Product.Lanes;

    /// <summary>Bytes that must be stored: a byte a weight, two 32-bit numbers a channel.</summary>
    public long Bytes(long weights) => weights + 8L * Channels;

    /// <summary>One image.</summary>
    /// <param name="sums">Scratch, <see cref="Sums"/> numbers.</param>
    /// <param name="bytes">The result of an inner layer, channels innermost.</param>
    /// <param name="numbers">The result of the last layer.</param>
    public void Compute(Int8Path path, byte* input, int* sums, byte* bytes, Span<float> numbers)
    {
        fixed (sbyte* weights = _weights)
            Int8Product.Compute(path, input, _places, _width * _inChannels, _rows, _groups, weights, _blocks, sums);
        if (_last)
        {
            for (int channel = 0; channel < Channels; channel++)
                numbers[channel] = sums[channel] * _factors[channel] + _offsets[channel];
            return;
        }
        int stride = _blocks * Int8Product.Lanes;
        for (int y = 0; y < Size.Height; y++)
        {
            for (int x = 0; x < Size.Width; x++, bytes += Channels)
            {
                int* from = sums + (_pool ? 2 * (y * _outWidth + x) : y * _outWidth + x) * stride;
                for (int channel = 0; channel < Channels; channel += 8)
                    Round(from, channel, stride, bytes);
            }
        }
    }

    private void Round(int* from, int channel, int stride, byte* to)
    {
        var sum = Vector256.Load(from + channel);
        if (_pool)
        {
            int* below = from + _outWidth * stride;
            sum = Vector256.Max(Vector256.Max(sum, Vector256.Load(from + stride + channel)), Vector256.Max(Vector256.Load(below + channel), Vector256.Load(below + stride + channel)));
        }
        // Multiplied and added one after the other, never fused, so that every processor rounds alike.
        var y = Vector256.ConvertToSingle(sum) * Vector256.Create(_factors, channel);
        y = Vector256.Min(Vector256.Max(y + Vector256.Create(_offsets, channel), Vector256<float>.Zero), Vector256.Create((float)LargestActivation));
        var rounded = Vector256.ConvertToInt32(y + Vector256.Create(0.5f));
        var shorts = Vector128.Narrow(rounded.GetLower(), rounded.GetUpper());
        // Eight at a time: what is written beyond the last channel is overwritten by the next place, or is slack.
        Vector128.Narrow(shorts, shorts).AsByte().GetLower().Store(to + channel);
    }

    private float[] Padded(float[] values)
    {
        Array.Resize(ref values, _blocks * Int8Product.Lanes);
        return values;
    }
}
