using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // Convolutions of volumes [N, C, D, H, W]; the batch dimension may be absent.
            public static Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride), Three(padding), null, Three(dilation), padding_mode, groups, bias, device, dtype);

            public static Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride) ?? Three(1), Three(padding) ?? Three(0), null, Three(dilation) ?? Three(1), padding_mode, groups, bias, device, dtype);

            public static Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride), Three(0), padding, Three(dilation), padding_mode, groups, bias, device, dtype);

            public static Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernel_size, Padding padding, (long, long, long)? stride = null, (long, long, long)? dilation = null,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride) ?? Three(1), Three(0), padding, Three(dilation) ?? Three(1), padding_mode, groups, bias, device, dtype);

            public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride), Three(padding), Three(output_padding), Three(dilation), padding_mode, groups, bias, device, dtype);

            public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? output_padding = null,
                (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride) ?? Three(1), Three(padding) ?? Three(0), Three(output_padding) ?? Three(0), Three(dilation) ?? Three(1), padding_mode, groups, bias, device, dtype);

            internal static long[] Three(long value) => [value, value, value];

            internal static long[]? Three(long? value) => value is { } v ? Three(v) : null;

            internal static long[] Three((long, long, long) value) => [value.Item1, value.Item2, value.Item3];

            internal static long[]? Three((long, long, long)? value) => value is { } v ? Three(v) : null;
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>y[k] = b[k] + Σ over channels and kernel positions of w·x.</summary>
    public sealed class Conv3d : Convolution
    {
        internal Conv3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
            PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv3d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, false, [0, 0, 0], groups, bias, padding_mode, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => Convolve(input, static (c, x, padding) => functional.conv3d(x, c.weight, c.bias, c.stride, padding, c.dilation, c.groups));
    }

    public sealed class ConvTranspose3d : ConvolutionTranspose
    {
        internal ConvTranspose3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation,
            PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose3d), in_channels, out_channels, kernel_size, stride, padding, null, dilation, true, output_padding, groups, bias, padding_mode, device, dtype)
        {
        }

        public override Tensor forward(Tensor input, long[]? output_size) => functional.conv_transpose3d(input, weight, bias, stride, padding, OutputPadding(input, output_size), dilation, groups);
    }
}
