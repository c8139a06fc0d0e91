using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>
    /// y = −(t·log x + (1−t)·log(1−x)), each logarithm at least −100; dx = dy·(x − t)/max(x(1−x), 10⁻¹²), dt = dy·(log(1−x) − log x).
    /// </summary>
    internal static Tensor BinaryCrossEntropy(Tensor x, Tensor t)
    {
        using var scope = DisposeScope.ForTemporaries();
        Tensor y;
        using (GradMode.Set(false))
            y = (t * LimitedLog(x) + (1 - t) * LimitedLog(1 - x)).neg();
        scope.MoveToOuter(y);
        return Records(x, t) ? y.Produced(new BinaryCrossEntropyBackward(x, t)) : y;
    }

    private static Tensor LimitedLog(Tensor x) => x.log().clamp_min(-100);

    private sealed class BinaryCrossEntropyBackward : Node
    {
        private Saved _x, _t;

        internal BinaryCrossEntropyBackward(Tensor x, Tensor t)
        {
            Next = [x.GradientEdge(), t.GradientEdge()];
            (_x, _t) = (new Saved(x), new Saved(t));
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            Tensor x = _x.Unpack(this), t = _t.Unpack(this);
            if (Needs(0))
                dx[0] = gradient * (x - t) / (x * (1 - x)).clamp_min(1e-12);
            if (Needs(1))
                dx[1] = gradient * (LimitedLog(1 - x) - LimitedLog(x));
        }

        internal override void Release()
        {
            _x.Release();
            _t.Release();
        }
    }
}
