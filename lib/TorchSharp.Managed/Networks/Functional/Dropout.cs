namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Dropout: Srivastava et al., 2014. The masks come from the default generator in PyTorch's order.
        public static partial class functional
        {
            /// <summary>Sets each element to 0 with probability p and scales the others by 1/(1 − p).</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Drop(input, input.shape, p, training, inplace);

            /// <summary>Drops whole channels of [N, C, L].</summary>
            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => DropChannels(input, 1, p, training, inplace);

            /// <summary>Drops whole channels of [N, C, H, W].</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => DropChannels(input, 2, p, training, inplace);

            /// <summary>Drops whole channels of [N, C, D, H, W].</summary>
            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => DropChannels(input, 3, p, training, inplace);

            /// <summary>Dropout that keeps mean and variance of SELU's output. Klambauer et al., 2017.</summary>
            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                DropAlpha(input, input.shape, p, training, inplace);

            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                DropAlpha(input, ChannelShape(input), p, training, inplace);

            private static Tensor DropChannels(Tensor input, int spatial, double p, bool training, bool inplace)
            {
                // Without a batch dimension the mask is drawn as for a batch of one.
                if (input.dim() == spatial + 1)
                    return DropChannels(input.unsqueeze(0), spatial, p, training, inplace).squeeze(0);
                if (input.dim() != spatial + 2)
                    throw new ArgumentException($"dropout{spatial}d: expected {spatial + 1} or {spatial + 2} dimensions, got an input of shape {Shape(input)}.", nameof(input));
                return Drop(input, ChannelShape(input), p, training, inplace);
            }

            private static Tensor Drop(Tensor input, long[] maskShape, double p, bool training, bool inplace)
            {
                RequireProbability(p);
                if (!training || p == 0 || input.numel() == 0)
                    return inplace ? input : input.alias();
                using var mask = torch.empty(maskShape, input.dtype, input.device).AsTemporary();
                if (p == 1)
                    mask.zero_();
                else
                    mask.bernoulli_(1 - p).div_(1 - p);
                return inplace ? input.mul_(mask) : input * mask;
            }

            private static Tensor DropAlpha(Tensor input, long[] maskShape, double p, bool training, bool inplace)
            {
                RequireProbability(p);
                if (!training || p == 0 || input.numel() == 0)
                    return inplace ? input : input.alias();
                if (p == 1)
                    return inplace ? input.mul_(0) : input * torch.zeros_like(input);
                // Dropped elements take SELU's value far below 0, −λα; a and the shift restore variance 1 and mean 0.
                const double Floor = 1.7580993408473766;
                double a = 1 / Math.Sqrt((Floor * Floor * p + 1) * (1 - p));
                using var scale = torch.empty(maskShape, input.dtype, input.device).bernoulli_(1 - p).AsTemporary();
                using var shift = scale.sub(1).mul_(Floor * a).add_(Floor * a * p).AsTemporary();
                scale.mul_(a);
                if (inplace)
                    return input.mul_(scale).add_(shift);
                using var scaled = (input * scale).AsTemporary();
                return scaled + shift;
            }

            private static long[] ChannelShape(Tensor input)
            {
                if (input.dim() < 2)
                    throw new ArgumentException($"Dropping channels needs [N, C, …], got an input of shape {Shape(input)}.", nameof(input));
                long[] shape = new long[input.dim()];
                shape.AsSpan().Fill(1);
                (shape[0], shape[1]) = (input.shape[0], input.shape[1]);
                return shape;
            }

            internal static double RequireProbability(double p) =>
                p is >= 0 and <= 1 ? p : throw new ArgumentException(FormattableString.Invariant($"dropout probability has to be between 0 and 1, but got {p}."), nameof(p));
        }
    }
}
