using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What all convolutions share: kernel, geometry and initial values (He et al., 2015, as PyTorch applies it).</summary>
public abstract class Convolution : Module<Tensor, Tensor>
{
    private protected readonly int spatial;
    private long[] _pads;

    protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
        bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device = null, ScalarType? dtype = null) : base(name)
    {
        if (groups <= 0)
            throw new ArgumentException($"{name}: groups is {groups}, expected 1 or more.", nameof(groups));
        if (in_channels % groups != 0)
            throw new ArgumentException($"{name}: in_channels {in_channels} is no multiple of groups {groups}.", nameof(in_channels));
        if (out_channels % groups != 0)
            throw new ArgumentException($"{name}: out_channels {out_channels} is no multiple of groups {groups}.", nameof(out_channels));
        if (padding_type == Padding.Same && stride.Any(step => step != 1))
            throw new ArgumentException($"{name}: padding 'Same' needs stride 1.", nameof(stride));
        spatial = kernel_size.Length;
        (this.in_channels, this.out_channels, this.kernel_size, this.stride) = (in_channels, out_channels, kernel_size, stride);
        (this.dilation, this.transposed, this.output_padding, this.groups, this.padding_mode) = (dilation, transposed, output_padding, groups, padding_mode);
        (_pads, this.padding_type) = (padding, padding_type);
        (device, dtype) = GetDefaultDeviceAndType(device, dtype);
        weight = new Parameter(empty([.. transposed ? [in_channels, out_channels / groups] : new[] { out_channels, in_channels / groups }, .. kernel_size], dtype, device));
        if (bias)
            this.bias = new Parameter(empty([out_channels], dtype, device));
        reset_parameters();
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[] padding => _pads;

    public Padding? padding_type { get; private set; }

    public long[] dilation { get; set; }

    public bool transposed { get; }

    public long[] output_padding { get; set; }

    public long groups { get; set; }

    public PaddingModes padding_mode { get; set; }

    /// <summary>[out, in / groups, kernel…], or [in, out / groups, kernel…] of a transposed convolution.</summary>
    public Parameter weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value); }

    public Parameter? bias { get; set => ConditionallyRegisterParameter(nameof(bias), field = value!); }

    public void SetPadding(long[] padding) => (_pads, padding_type) = (padding, null);

    public void SetPadding(Padding padding) => padding_type = padding;

    public void reset_parameters()
    {
        init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null)
            return;
        var (fanIn, _) = init.CalculateFanInAndFanOut(weight);
        double bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        init.uniform_(bias, -bound, bound);
    }

    /// <summary>True when an input [N, C, …] or [C, …] has this module's number of channels.</summary>
    protected bool ValidateShape(Tensor input, long dimensions)
    {
        long[] weights = weight.Layout.Shape, size = input.Layout.Shape;
        long channels = transposed ? weights[0] : weights[1] * groups;
        return size.Length == dimensions + 2 && size[1] == channels || size.Length == dimensions + 1 && size[0] == channels;
    }

    private protected void RequireShape(Tensor input)
    {
        if (!ValidateShape(input, spatial))
            throw new ArgumentException($"Expected {spatial + 1}D (unbatched) or {spatial + 2}D (batched) input with {in_channels} channels to {GetName()}, got shape [{string.Join(", ", input.shape)}].", nameof(input));
    }

    /// <summary>Padding before and after each dimension, last dimension first, as <c>pad</c> takes it.</summary>
    private protected long[] PaddingPairs()
    {
        long[] pairs = new long[2 * spatial];
        for (int i = 0; i < spatial; i++)
        {
            int at = 2 * (spatial - 1 - i);
            long total = padding_type switch
            {
                Padding.Same => dilation[i] * (kernel_size[i] - 1),
                Padding.Valid => 0,
                _ => 2 * _pads[i],
            };
            (pairs[at], pairs[at + 1]) = (total / 2, total - total / 2);
        }
        return pairs;
    }

    /// <summary>Checks the input, pads it where the kernel cannot, and convolves it with what padding is left.</summary>
    private protected Tensor Convolve(Tensor input, Func<Convolution, Tensor, long[], Tensor> convolve)
    {
        RequireShape(input);
        var (padded, rest) = Pad(input);
        var y = convolve(this, padded, rest);
        Operations.Free(padded, input);
        return y;
    }

    /// <summary>Padding that the kernel itself cannot do (another mode, or uneven) happens before; the rest is passed on.</summary>
    private (Tensor input, long[] padding) Pad(Tensor input)
    {
        long[] pairs = PaddingPairs();
        bool even = true;
        long[] rest = new long[spatial];
        for (int i = 0; i < spatial; i++)
        {
            int at = 2 * (spatial - 1 - i);
            even &= pairs[at] == pairs[at + 1];
            rest[i] = pairs[at];
        }
        if (even && padding_mode is PaddingModes.Zeros or PaddingModes.Constant || pairs.All(size => size == 0))
            return (input, rest);
        return (functional.pad(input, pairs, padding_mode is PaddingModes.Zeros ? PaddingModes.Constant : padding_mode), new long[spatial]);
    }
}

/// <summary>Convolutions that run backwards: the gradient of a convolution as a layer.</summary>
public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
        bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device = null, ScalarType? dtype = null)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding, groups, bias, padding_mode, device, dtype)
    {
        if (padding_mode != PaddingModes.Zeros)
            throw new ArgumentException($"{name} supports only padding mode Zeros, not {padding_mode}.", nameof(padding_mode));
    }

    public override Tensor forward(Tensor input) => forward(input, null);

    /// <param name="output_size">Spatial size of the result, where the stride leaves a choice; null takes output_padding.</param>
    public abstract Tensor forward(Tensor input, long[]? output_size);

    /// <summary>Checks the input; what to add to the smallest result.</summary>
    private protected long[] OutputPadding(Tensor input, long[]? output_size)
    {
        RequireShape(input);
        return _output_padding(input, output_size, kernel_size, stride, padding, dilation, spatial);
    }

    protected long[] _output_padding(Tensor input, long[]? output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long num_spatial_dims)
    {
        if (output_size is null)
            return output_padding;
        int n = (int)num_spatial_dims;
        long[] wanted = output_size.Length > n ? output_size[^n..] : output_size;
        long[] result = new long[n];
        for (int i = 0; i < n; i++)
        {
            long smallest = (input.shape[input.dim() - n + i] - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel_size[i] - 1) + 1;
            result[i] = wanted[i] - smallest;
            if (result[i] < 0 || result[i] >= stride[i])
                throw new ArgumentException($"{GetName()}: output size {wanted[i]} of dimension {i} must lie from {smallest} to {smallest + stride[i] - 1}.", nameof(output_size));
        }
        return result;
    }
}
