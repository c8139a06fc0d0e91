using System.Numerics;
using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>A stored matrix, or a batch of them.</summary>
internal readonly struct StridedSource<T>(long line, long k, long batch) : ISource<T> where T : unmanaged
{
    private readonly long _line = line, _k = k, _batch = batch;

    public bool RunsAlongK => _k == 1;

    public T At(ArrayView<T> data, int batch, int line, int k) => data[batch * _batch + line * _line + k * _k];
}

/// <summary>A stored right matrix whose rows lie contiguous: sixteen neighbours are one load.</summary>
internal readonly struct RowSource<T>(long k, long batch) : ISource<T> where T : unmanaged
{
    private readonly long _k = k, _batch = batch;

    public bool RunsAlongK => false;

    public T At(ArrayView<T> data, int batch, int line, int k) => data[batch * _batch + k * _k + line];
}

/// <summary>Stored matrices of which each serves every <paramref name="period"/>th product: a group's weights for all images.</summary>
internal readonly struct PeriodicSource<T>(long line, long k, long batch, int period) : ISource<T> where T : unmanaged
{
    private readonly long _line = line, _k = k, _batch = batch;
    private readonly int _period = period;

    public bool RunsAlongK => _k == 1;

    public T At(ArrayView<T> data, int batch, int line, int k) => data[batch % _period * _batch + line * _line + k * _k];
}

/// <summary>A stored result, replaced or added to.</summary>
internal readonly struct StridedTarget<T>(long row, long column, long batch, bool accumulate) : ITarget<T> where T : unmanaged, INumber<T>
{
    private readonly long _row = row, _column = column, _batch = batch;
    private readonly int _accumulate = accumulate ? 1 : 0;

    public void Store(ArrayView<T> data, ArrayView<T> extra, int batch, int row, int column, T value)
    {
        long at = batch * _batch + row * _row + column * _column;
        data[at] = _accumulate != 0 ? data[at] + value : value;
    }
}

/// <summary><see cref="ConvShape"/> in 32 bits, with what the kernels divide by.</summary>
internal readonly struct ConvWindow(ConvShape s)
{
    internal readonly int Channels = (int)s.InChannels, Height = (int)s.Height, Width = (int)s.Width, OutChannels = (int)s.OutChannels;
    internal readonly int KernelHeight = (int)s.KernelHeight, KernelWidth = (int)s.KernelWidth, StrideHeight = (int)s.StrideHeight, StrideWidth = (int)s.StrideWidth;
    internal readonly int PadHeight = (int)s.PadHeight, PadWidth = (int)s.PadWidth, DilationHeight = (int)s.DilationHeight, DilationWidth = (int)s.DilationWidth;
    internal readonly int OutHeight = (int)s.OutHeight, OutWidth = (int)s.OutWidth;
    internal readonly int InGroup = (int)(s.InChannels / s.Groups), OutGroup = (int)(s.OutChannels / s.Groups);

    internal int Taps => KernelHeight * KernelWidth;

    internal int Pixels => Height * Width;

    internal int OutPixels => OutHeight * OutWidth;

    /// <summary>The row of pixels under row <paramref name="i"/> of the window that stands in row <paramref name="r"/>.</summary>
    internal int Row(int r, int i) => r * StrideHeight - PadHeight + i * DilationHeight;

    internal int Column(int q, int j) => q * StrideWidth - PadWidth + j * DilationWidth;

    internal bool Covers(int row, int column) => row >= 0 && row < Height && column >= 0 && column < Width;
}

/// <summary>The weights of a group as [outputs, inputs·taps].</summary>
internal readonly struct WeightSource<T>(ConvWindow s) : ISource<T> where T : unmanaged
{
    private readonly ConvWindow _s = s;

    public bool RunsAlongK => true;

    public T At(ArrayView<T> data, int group, int line, int k) => data[(long)(group * _s.OutGroup + line) * _s.InGroup * _s.Taps + k];
}

/// <summary>The weights of a group as [inputs, outputs·taps]: for the gradient of the input.</summary>
internal readonly struct TransposedWeightSource<T>(ConvWindow s) : ISource<T> where T : unmanaged
{
    private readonly ConvWindow _s = s;

    public bool RunsAlongK => true;

    public T At(ArrayView<T> data, int group, int line, int k) =>
        data[((long)(group * _s.OutGroup + k / _s.Taps) * _s.InGroup + line) * _s.Taps + k % _s.Taps];
}

/// <summary>The patches under the windows: [batch·outputs, inputs·taps], never stored; zero in the padding.</summary>
internal readonly struct PatchSource<T>(ConvWindow s, bool positionsAlongK) : ISource<T> where T : unmanaged, INumber<T>
{
    private readonly ConvWindow _s = s;
    private readonly int _positionsAlongK = positionsAlongK ? 1 : 0;

    public bool RunsAlongK => _positionsAlongK != 0;

    public T At(ArrayView<T> data, int group, int line, int k)
    {
        int position = _positionsAlongK != 0 ? k : line, tap = _positionsAlongK != 0 ? line : k;
        int channel = group * _s.InGroup + tap / _s.Taps, i = tap % _s.Taps / _s.KernelWidth, j = tap % _s.KernelWidth;
        int image = position / _s.OutPixels, r = position % _s.OutPixels / _s.OutWidth, q = position % _s.OutWidth;
        int row = r * _s.StrideHeight - _s.PadHeight + i * _s.DilationHeight, column = q * _s.StrideWidth - _s.PadWidth + j * _s.DilationWidth;
        if (row < 0 || row >= _s.Height || column < 0 || column >= _s.Width)
            return T.Zero;
        return data[((long)image * _s.Channels + channel) * _s.Pixels + row * _s.Width + column];
    }
}

/// <summary>The output's gradient as [outputs, batch·positions].</summary>
internal readonly struct OutputSource<T>(ConvWindow s) : ISource<T> where T : unmanaged
{
    private readonly ConvWindow _s = s;

    public bool RunsAlongK => true;

    public T At(ArrayView<T> data, int group, int line, int k) =>
        data[((long)(k / _s.OutPixels) * _s.OutChannels + group * _s.OutGroup + line) * _s.OutPixels + k % _s.OutPixels];
}

/// <summary>For each pixel of the input and each output's tap, the gradient of the output that this tap took part in: [batch·pixels, outputs·taps].</summary>
internal readonly struct GatherSource<T>(ConvWindow s) : ISource<T> where T : unmanaged, INumber<T>
{
    private readonly ConvWindow _s = s;

    public bool RunsAlongK => false;

    public T At(ArrayView<T> data, int group, int line, int k)
    {
        int output = group * _s.OutGroup + k / _s.Taps, i = k % _s.Taps / _s.KernelWidth, j = k % _s.KernelWidth;
        int image = line / _s.Pixels, row = line % _s.Pixels / _s.Width, column = line % _s.Width;
        int down = row + _s.PadHeight - i * _s.DilationHeight, across = column + _s.PadWidth - j * _s.DilationWidth;
        int r = down / _s.StrideHeight, q = across / _s.StrideWidth;
        bool met = down >= 0 && across >= 0 && r * _s.StrideHeight == down && q * _s.StrideWidth == across && r < _s.OutHeight && q < _s.OutWidth;
        if (!met)
            return T.Zero;
        return data[((long)image * _s.OutChannels + output) * _s.OutPixels + r * _s.OutWidth + q];
    }
}

/// <summary>Columns are positions of all images, rows are channels: [images, channels, positions], with a bias a channel where there is one.</summary>
internal readonly struct ImageTarget<T>(int channels, int groupChannels, int positions, bool hasBias) : ITarget<T> where T : unmanaged, INumber<T>
{
    private readonly int _channels = channels, _groupChannels = groupChannels, _positions = positions, _hasBias = hasBias ? 1 : 0;

    public void Store(ArrayView<T> data, ArrayView<T> bias, int group, int row, int column, T value)
    {
        int channel = group * _groupChannels + row;
        if (_hasBias != 0)
            value += bias[channel];
        data[((long)(column / _positions) * _channels + channel) * _positions + column % _positions] = value;
    }
}

/// <summary>As <see cref="ImageTarget{T}"/> where each product has the positions of a few images only: those of a block, for one group of channels.</summary>
internal readonly struct BlockTarget<T>(ConvWindow s, int groups, int images, bool hasBias) : ITarget<T> where T : unmanaged, INumber<T>
{
    private readonly int _channels = s.OutChannels, _groupChannels = s.OutGroup, _positions = s.OutPixels, _groups = groups, _images = images, _hasBias = hasBias ? 1 : 0;

    public void Store(ArrayView<T> data, ArrayView<T> bias, int batch, int row, int column, T value)
    {
        int channel = batch % _groups * _groupChannels + row, image = batch / _groups * _images + column / _positions;
        if (_hasBias != 0)
            value += bias[channel];
        data[((long)image * _channels + channel) * _positions + column % _positions] = value;
    }
}
