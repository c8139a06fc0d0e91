using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>
    /// y = −Σ x[s, t[s, i], i] over [batch, classes, …], or its mean, without the targets that are ignored; dx = −dy at the targets (divided
    /// by their number). In one pass on a device that has it; null elsewhere.
    /// </summary>
    /// <param name="target">Int64, of the shape of x without its classes.</param>
    internal static Tensor? NegativeLog(Tensor x, Tensor target, long ignored, bool mean)
    {
        if (x.device_type is DeviceType.CPU or DeviceType.META || target.device != x.device || x.Layout.Count == 0)
            return null;
        var pass = new NegativeLogShape(x.Layout.Shape, ignored);
        Tensor packed = Packed(x), classes = Packed(target), y = x.NewEmpty(Layout.Of([]), x.dtype), share = x.NewEmpty(Layout.Of([]), x.dtype);
        bool done = y.Backend.NegativeLog(x.dtype, packed.On(y), (long*)classes.On(y), y.On(y), share.On(y), pass.Batch, pass.Classes, pass.Positions, ignored, mean);
        GC.KeepAlive(packed);
        GC.KeepAlive(classes);
        Free(packed, x);
        Free(classes, target);
        if (done && Records(x))
            y.Produced(new NegativeLogBackward(x, target, share, pass));
        share.Discard();
        if (done)
            return y;
        y.Discard();
        return null;
    }

    /// <summary>[batch, classes, positions], and the target that does not count.</summary>
    private readonly record struct NegativeLogShape(long[] Shape, long Ignored)
    {
        internal int Dimension => Shape.Length == 1 ? 0 : 1;

        internal long Classes => Shape[Dimension];

        internal long Batch => Shape.Length == 1 ? 1 : Shape[0];

        internal long Positions => Layout.CountOf(Shape.AsSpan(Dimension + 1));
    }

    private sealed class NegativeLogBackward(Tensor x, Tensor target, Tensor share, NegativeLogShape pass) : UnaryNode(x)
    {
        private readonly ScalarType _type = x.dtype;
        private Saved _target = new(target), _share = new(share);

        internal override string Name => "NllLossBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            Tensor target = _target.Unpack(this), share = _share.Unpack(this);
            if (!GradMode.Enabled)
            {
                var classes = Packed(target);
                var result = gradient.NewEmpty(Layout.Of(pass.Shape), _type);
                bool done = result.Backend.NegativeLogBackward(_type, gradient.On(result), share.On(result), (long*)classes.On(result), result.On(result), pass.Batch, pass.Classes, pass.Positions, pass.Ignored);
                GC.KeepAlive(gradient);
                GC.KeepAlive(share);
                GC.KeepAlive(classes);
                Free(classes, target);
                if (done)
                {
                    dx[0] = result;
                    return;
                }
            }
            var ignored = target.eq(pass.Ignored);
            var parts = (gradient * share).neg().expand(target.shape).masked_fill(ignored, 0);
            dx[0] = ScatterAdd(torch.zeros(pass.Shape, _type, gradient.device), pass.Dimension, target.masked_fill(ignored, 0).unsqueeze(pass.Dimension), parts.unsqueeze(pass.Dimension));
        }

        internal override void Release()
        {
            _target.Release();
            _share.Release();
        }
    }
}
