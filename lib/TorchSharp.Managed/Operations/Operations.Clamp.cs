using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>y = x cut to [min, max]; dx = dy where x lies within, bounds included.</summary>
    internal static Tensor Clamp(Tensor x, Tensor? min, Tensor? max)
    {
        if (min is null && max is null)
            throw new System.Runtime.InteropServices.ExternalException("torch.clamp: At least one of 'min' or 'max' must not be None");
        using var scope = DisposeScope.ForTemporaries();
        var y = x.detach();
        using (GradMode.Set(false))
        {
            if (min is not null)
                y = Binary(BinaryOperations.Maximum, y, min);
            if (max is not null)
                y = Binary(BinaryOperations.Minimum, y, max);
        }
        if (Records(x) || (min is not null && Records(min)) || (max is not null && Records(max)))
            y.Produced(new ClampBackward(x, min, max));
        return scope.MoveToOuter(y);
    }

    private sealed class ClampBackward : Node
    {
        private readonly Layout[] _layouts;
        private readonly ScalarType[] _types;
        private Saved _x, _min, _max;

        internal ClampBackward(Tensor x, Tensor? min, Tensor? max)
        {
            Next = [x.GradientEdge(), min?.GradientEdge() ?? default, max?.GradientEdge() ?? default];
            _layouts = [x.Layout, min?.Layout ?? x.Layout, max?.Layout ?? x.Layout];
            _types = [x.dtype, min?.dtype ?? x.dtype, max?.dtype ?? x.dtype];
            _x = new Saved(x.detach());
            if (min is not null)
                _min = new Saved(min.detach());
            if (max is not null)
                _max = new Saved(max.detach());
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var x = _x.Unpack(this);
            Tensor? min = _min.IsEmpty ? null : _min.Unpack(this), max = _max.IsEmpty ? null : _max.Unpack(this);
            using var zero = Number(0, gradient.dtype);
            Tensor? above = min is null ? null : x >= min, below = max is null ? null : x <= max;
            var inside = above is null ? below! : below is null ? above : above.logical_and(below);
            if (Needs(0))
                dx[0] = SumTo(Where(inside, gradient, zero), _layouts[0].Shape).As(_types[0]);
            // Where the bounds have changed places, the upper one is the result.
            if (Needs(1))
                dx[1] = SumTo(Where(max is null ? x < min! : (x < min!).logical_and(min! < max), gradient, zero), _layouts[1].Shape).As(_types[1]);
            if (Needs(2))
                dx[2] = SumTo(Where(min is null ? x > max! : (x > max!).logical_or(max! < min), gradient, zero), _layouts[2].Shape).As(_types[2]);
        }

        internal override void Release()
        {
            _x.Release();
            _min.Release();
            _max.Release();
        }
    }
}
