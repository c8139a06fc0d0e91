using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>What backward needs of a function of one variable.</summary>
internal enum Keeps { Nothing, Input, Output }

/// <summary>A differentiable function applied to each element: y = f(x), dx = backward(dy, kept).</summary>
/// <param name="Name">PyTorch's name.</param>
/// <param name="Kind">The function, for the backend.</param>
/// <param name="Keeps">Which value backward uses.</param>
/// <param name="Derivative">dx from dy and the kept value.</param>
/// <param name="OnIntegers">Integers stay integers; otherwise they become the default floating-point type first.</param>
internal sealed record UnaryOperation(string Name, UnaryKind Kind, Keeps Keeps, Func<Tensor, Tensor, Tensor?> Derivative, bool OnIntegers = false)
{
    internal string NodeName { get; } = char.ToUpperInvariant(Name[0]) + Name[1..] + "Backward";
}

internal static unsafe partial class Operations
{
    /// <summary>Applies f to each element.</summary>
    internal static Tensor Unary(UnaryOperation operation, Tensor x)
    {
        var type = ResultType(operation, x);
        var packed = Packed(x, type);
        var y = x.NewEmpty(x.Layout.Packed, type);
        if (y.HasData)
            y.Backend.Unary(operation.Kind, type, packed.On(y), y.On(y), y.Layout.Count);
        GC.KeepAlive(packed);
        Free(packed, x);
        if (Records(x))
        {
            var node = new UnaryBackward(operation, x);
            y.Produced(node);
            node.Keep(x, y);
        }
        GC.KeepAlive(y);
        return y;
    }

    /// <summary>x = f(x), in place.</summary>
    internal static Tensor UnaryInto(UnaryOperation operation, Tensor x)
    {
        x.CheckInPlace();
        var type = ResultType(operation, x);
        if (type != x.dtype)
            throw CannotHold(type, x.dtype);
        UnaryBackward? node = null;
        if (Records(x))
        {
            node = new UnaryBackward(operation, x);
            if (operation.Keeps == Keeps.Input)
            {
                using var original = Clone(x).AsTemporary();
                node.Keep(original, x);
            }
        }
        if (x.Layout.IsContiguous)
            Apply(x);
        else
        {
            using var packed = Packed(x).AsTemporary();
            Apply(packed);
            Transfers.Copy(packed, x);
        }
        x.Changed(node);
        if (operation.Keeps == Keeps.Output)
            node?.Keep(x, x);
        GC.KeepAlive(x);
        return x;

        void Apply(Tensor y)
        {
            if (y.HasData)
                y.Backend.Unary(operation.Kind, type, y.On(y), y.On(y), y.Layout.Count);
        }
    }

    private static ScalarType ResultType(UnaryOperation operation, Tensor x)
    {
        if (x.dtype.IsFloating())
            return x.dtype;
        if (!operation.OnIntegers)
            return get_default_dtype();
        if (x.dtype == ScalarType.Bool && operation.Kind == UnaryKind.Neg)
            throw new System.Runtime.InteropServices.ExternalException("Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.");
        return x.dtype;
    }

    internal static Exception CannotHold(ScalarType type, ScalarType target) =>
        new System.Runtime.InteropServices.ExternalException($"result type {type} can't be cast to the desired output type {target}");

    private sealed class UnaryBackward(UnaryOperation operation, Tensor x) : UnaryNode(x)
    {
        private Saved _kept;

        internal override string Name => operation.NodeName;

        internal void Keep(Tensor x, Tensor y)
        {
            if (operation.Keeps == Keeps.Input)
                _kept = new Saved(x);
            else if (operation.Keeps == Keeps.Output)
                _kept = new Saved(y, isOutput: true);
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var kept = operation.Keeps == Keeps.Nothing ? gradient : _kept.Unpack(this, operation.Keeps == Keeps.Output);
            dx[0] = operation.Derivative(gradient, kept);
        }

        internal override void Release() => _kept.Release();
    }

    /// <summary>A node with one input.</summary>
    internal abstract class UnaryNode : Node
    {
        protected UnaryNode(Tensor x) => Next = [x.GradientEdge()];
    }
}
