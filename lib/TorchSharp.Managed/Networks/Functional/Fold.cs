using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Windows of an image as columns: [batch, channels·kernel height·kernel width, windows].</summary>
            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
            {
                if (input.Layout.Rank != 4)
                    throw new ExternalException($"Expected a 4D (batch mode) input to unfold, got {input.Layout}");
                var ((kh, kw), (dh, dw), (ph, pw), (sh, sw)) = (kernel_size, dilation ?? (1, 1), padding ?? (0, 0), stride ?? (1, 1));
                using var scope = DisposeScope.ForTemporaries();
                var x = pad(input, [pw, pw, ph, ph]);
                var windows = x.unfold(2, dh * (kh - 1) + 1, sh).unfold(3, dw * (kw - 1) + 1, sw).slice(4, 0, long.MaxValue, dh).slice(5, 0, long.MaxValue, dw);
                return scope.MoveToOuter(windows.permute(0, 1, 4, 5, 2, 3).reshape(input.Layout.Shape[0], input.Layout.Shape[1] * kh * kw, windows.Layout.Shape[2] * windows.Layout.Shape[3]));
            }

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            /// <summary>Columns back to an image, where windows overlap their sum: [batch, channels, height, width]. The transpose of <c>unfold</c>.</summary>
            public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
            {
                var ((height, width), (kh, kw), (dh, dw), (ph, pw), (sh, sw)) = (output_size, kernel_size, dilation ?? (1, 1), padding ?? (0, 0), stride ?? (1, 1));
                long rows = (height + 2 * ph - dh * (kh - 1) - 1) / sh + 1, columns = (width + 2 * pw - dw * (kw - 1) - 1) / sw + 1;
                if (input.Layout.Rank != 3 || input.Layout.Shape[1] % (kh * kw) != 0 || input.Layout.Shape[2] != rows * columns)
                    throw new ExternalException($"fold: expected [batch, channels·{kh * kw}, {rows * columns}] for output size ({height}, {width}), kernel ({kh}, {kw}), dilation ({dh}, {dw}), padding ({ph}, {pw}) and stride ({sh}, {sw}), but got {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                long n = input.Layout.Shape[0], c = input.Layout.Shape[1] / (kh * kw), wide = width + 2 * pw;
                long[] places = new long[kh * kw * rows * columns];
                int at = 0;
                for (long i = 0; i < kh; i++)
                    for (long j = 0; j < kw; j++)
                        for (long r = 0; r < rows; r++)
                            for (long k = 0; k < columns; k++)
                                places[at++] = (i * dh + r * sh) * wide + j * dw + k * sw;
                var image = zeros([n, c, (height + 2 * ph) * wide], input.dtype, input.device).index_add(2, tensor(places, device: input.device), input.reshape(n, c, places.Length), 1);
                return scope.MoveToOuter(image.view(n, c, height + 2 * ph, wide).slice(2, ph, ph + height, 1).slice(3, pw, pw + width, 1).contiguous());
            }

            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));
        }
    }
}
