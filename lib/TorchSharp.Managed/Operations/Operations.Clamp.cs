using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>y = x cut to [min, max]; dx = dy where x lies within, bounds included.</summary>
    internal static Tensor Clamp(Tensor x, Tensor? min, Tensor? max)
    {
        if (min is null && max is null) throw new System.Runtime.InteropServices.ExternalException("torch.clamp: At least one of 'min' or 'max' must not be None");
        using var scope = NewDisposeScope();
        var y = x.detach();
        using (GradMode.Set(false))
        {
            if (min is not null) y = Binary(BinaryOperations.Maximum, y, min);
            if (max is not null) y = Binary(BinaryOperations.Minimum, y, max);
        }
        if (Records(x) || (min is not null && Records(min)) || (max is not null && Records(max))) y.Produced(new ClampBackward(x, min, max));
        return scope.MoveToOuter(y);
    }

    private sealed class ClampBackward : Node
    {
        private readonly Layout[] _layouts;
        private Saved _x, _min, _max;

        internal ClampBackward(Tensor x, Tensor? min, Tensor? max)
        {
            Next = [x.GradientEdge(), min?.GradientEdge() ?? default, max?.GradientEdge() ?? default];
            _layouts = [x.Layout, min?.Layout ?? x.Layout, max?.Layout ?? x.Layout];
            _x = new Saved(x.detach());
            if (min is not null) _min = new Saved(min.detach());
            if (max is not null) _max = new Saved(max.detach());
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient) return;
            var x = _x.Unpack(this);
            var low = _min.IsEmpty ? null : x < _min.Unpack(this);
            var high = _max.IsEmpty ? null : x > _max.Unpack(this);
            using var zero = Number(0, gradient.dtype);
            var outside = low is null ? high! : high is null ? low : low.logical_or(high);
            if (Needs(0)) dx[0] = SumTo(Where(outside, zero, gradient), _layouts[0].Shape);
            if (Needs(1)) dx[1] = SumTo(Where(high is null ? low! : low!.logical_and(high.logical_not()), gradient, zero), _layouts[1].Shape);
            if (Needs(2)) dx[2] = SumTo(Where(high!, gradient, zero), _layouts[2].Shape);
        }

        internal override void Release()
        {
            _x.Release();
            _min.Release();
            _max.Release();
        }
    }
}
