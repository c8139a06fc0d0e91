using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>More elements around a tensor: two numbers (before, after) a dimension, from the last one on; negative ones cut off.</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                if (pad.Length % 2 != 0 || pad.Length / 2 > input.Layout.Rank)
                    throw new ExternalException($"Padding length must be divisible by 2 and at most twice the number of dimensions of the input: got {Layout.Text(pad)} for {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                var y = input;
                if (mode is PaddingModes.Constant or PaddingModes.Zeros)
                    return scope.MoveToOuter(PadConstant(input, pad, value));
                if (input.Layout.Rank - pad.Length / 2 is not (1 or 2) || pad.Length > 6)
                    throw new ExternalException($"Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now: 2 numbers pad the last dimension of 2D or 3D inputs, 4 the last two of 3D or 4D, 6 the last three of 4D or 5D; got {pad.Length} numbers for {input.Layout}");
                for (int i = 0; i < pad.Length / 2; i++)
                {
                    int d = input.Layout.Rank - 1 - i;
                    long before = pad[2 * i], after = pad[2 * i + 1], size = input.Layout.Shape[d];
                    if (before == 0 && after == 0)
                        continue;
                    CheckBorder(input, mode, size, before, after, d);
                    long[] index = new long[size + before + after];
                    for (int k = 0; k < index.Length; k++)
                        index[k] = Source(mode, k - before, size);
                    y = y.index_select(d, tensor(index, device: input.device));
                }
                return scope.MoveToOuter(ReferenceEquals(y, input) ? input.clone() : y);
            }

            private static void CheckBorder(Tensor input, PaddingModes mode, long size, long before, long after, int dim)
            {
                long limit = mode == PaddingModes.Reflect ? size - 1 : mode == PaddingModes.Circular ? size : size > 0 ? long.MaxValue : 0;
                if (before > limit || after > limit || size + before + after <= 0)
                    throw new ExternalException($"Padding size should be less than the corresponding input dimension, but got: padding ({before}, {after}) at dimension {dim} of input {input.Layout} (mode {mode})");
            }

            private static long Source(PaddingModes mode, long position, long size) => mode switch
            {
                PaddingModes.Replicate => Math.Clamp(position, 0, size - 1),
                PaddingModes.Circular => (position % size + size) % size,
                _ => position < 0 ? -position : position >= size ? 2 * (size - 1) - position : position,
            };

            private static Tensor PadConstant(Tensor input, long[] pad, double value)
            {
                long[] shape = (long[])input.Layout.Shape.Clone();
                var inside = new TensorIndex[shape.Length];
                System.Array.Fill(inside, TensorIndex.Colon);
                var source = input;
                for (int i = 0; i < pad.Length / 2; i++)
                {
                    int d = shape.Length - 1 - i;
                    long before = pad[2 * i], after = pad[2 * i + 1], size = shape[d];
                    shape[d] = size + before + after;
                    if (shape[d] < 0)
                        throw new ExternalException($"The input size {size}, plus negative padding {before} and {after}, resulted in a negative output size, which is invalid. Check dimension {d} of your input {input.Layout}.");
                    if (before < 0 || after < 0)
                        source = source.slice(d, Math.Max(-before, 0), size - Math.Max(-after, 0), 1);
                    before = Math.Max(before, 0);
                    inside[d] = TensorIndex.Slice(before, before + source.Layout.Shape[d]);
                }
                var y = Factories.Full(shape, value, input.dtype, input.device, false);
                y[inside] = source;
                return y;
            }

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, pad.ToArray(), mode, value);

            /// <summary>As many more elements before and after every dimension.</summary>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, [.. Enumerable.Repeat(pad, 2 * input.Layout.Rank)], mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);
        }
    }
}
