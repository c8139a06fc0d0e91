using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A differentiable function of two elements: y = f(a, b), with da and db from (dy, a, b, y); shapes broadcast.</summary>
/// <param name="KeepsA">Which derivatives use a: bit 0 the one for a, bit 1 the one for b (likewise b and y).</param>
/// <param name="Promotes">To which type operands go first.</param>
internal sealed record BinaryOperation(string Name, BinaryKind Kind, int KeepsA, int KeepsB, int KeepsY,
    Func<Tensor, Tensor, Tensor, Tensor, Tensor?>? DerivativeA, Func<Tensor, Tensor, Tensor, Tensor, Tensor?>? DerivativeB, Promotion Promotes = Promotion.Common)
{
    internal string NodeName { get; } = char.ToUpperInvariant(Name[0]) + Name[1..] + "Backward";
}

internal enum Promotion
{
    /// <summary>The common type.</summary>
    Common,

    /// <summary>The common type, or the default floating-point type for integers.</summary>
    Floating,

    /// <summary>As Common, but booleans are refused.</summary>
    NoBool,

    /// <summary>As NoBool, and a boolean beside a number is refused as well.</summary>
    NeitherBool,

    /// <summary>Integers and booleans only.</summary>
    Integers,
}

internal static unsafe partial class Operations
{
    /// <summary>
    /// The type in which two tensors meet: tensors with dimensions decide; one without dimensions, and less so a plain number, only
    /// where it is of a wider category (PyTorch's rules).
    /// </summary>
    internal static ScalarType CommonType(Tensor a, Tensor b)
    {
        if (a.dtype == b.dtype)
            return a.dtype;
        int ranka = Priority(a), rankb = Priority(b);
        if (ranka == rankb)
            return ranka == 2 ? ScalarTypes.Promote(DefaultOf(a), DefaultOf(b)) : ScalarTypes.Promote(a.dtype, b.dtype);
        var (strong, weak) = ranka < rankb ? (a, b) : (b, a);
        if (ScalarTypes.Category(weak.dtype) <= ScalarTypes.Category(strong.dtype))
            return strong.dtype;
        return weak.IsWrappedNumber ? DefaultOf(weak) : weak.dtype;
    }

    private static int Priority(Tensor x) => x.IsWrappedNumber ? 2 : x.Layout.Rank == 0 ? 1 : 0;

    /// <summary>A plain number has a category and no width.</summary>
    private static ScalarType DefaultOf(Tensor number) => number.dtype.IsFloating() ? get_default_dtype() : number.dtype.IsIntegral() ? ScalarType.Int64 : number.dtype;

    private static ScalarType ResultType(BinaryOperation operation, Tensor a, Tensor b)
    {
        var type = CommonType(a, b);
        switch (operation.Promotes)
        {
            case Promotion.Floating when !type.IsFloating():
                return get_default_dtype();
            case Promotion.NoBool when type == ScalarType.Bool:
                throw new ExternalException($"\"{operation.Name}\" not implemented for 'Bool'");
            case Promotion.NeitherBool when a.dtype == ScalarType.Bool || b.dtype == ScalarType.Bool:
                throw new ExternalException(type == ScalarType.Bool ? "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead." : NoMask);
            case Promotion.Integers when type.IsFloating():
                throw new ExternalException($"\"{operation.Name}\" not implemented for '{type}': it needs integers or booleans");
            default:
                return type;
        }
    }

    /// <summary>The operand on whose device the result lies. A number may stand beside tensors of any device.</summary>
    internal static Tensor Together(Tensor a, Tensor b)
    {
        if (ReferenceEquals(a.Place, b.Place))
            return a;
        if (a.IsMeta || b.IsMeta)
        {
            var (meta, other) = a.IsMeta ? (a, b) : (b, a);
            if (other.Layout.Rank > 0 && meta.Layout.Rank > 0)
                throw Tensor.Elsewhere(a, b);
            return meta.Layout.Rank > 0 || other.Layout.Rank == 0 ? meta : other;
        }
        return b.IsNumberBeside(a) ? a : a.IsNumberBeside(b) ? b : throw Tensor.Elsewhere(a, b);
    }

    private const string NoMask = "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.";

    /// <summary>y = f(a, b), broadcast.</summary>
    internal static Tensor Binary(BinaryOperation operation, Tensor a, Tensor b)
    {
        var type = ResultType(operation, a, b);
        var y = Together(a, b).NewEmpty(Layout.Broadcast(a.Layout, b.Layout), type);
        BinaryData(operation.Kind, type, a, b, y);
        if (Records(a, b))
        {
            var node = new BinaryBackward(operation, a, b);
            y.Produced(node);
            node.Keep(a, b, y);
        }
        return y;
    }

    /// <summary>As <see cref="Binary(BinaryOperation, Tensor, Tensor)"/> with a number on the right.</summary>
    internal static Tensor Binary(BinaryOperation operation, Tensor a, Scalar b)
    {
        if (IsPlain(operation, a, b))
            return BesideNumber(operation.Kind, a, b, a.NewEmpty(a.Layout.Packed, a.dtype));
        using var number = NumberFor(operation, a, b);
        return Binary(operation, a, number);
    }

    internal static Tensor Binary(BinaryOperation operation, Scalar a, Tensor b)
    {
        using var number = NumberFor(operation, b, a);
        return Binary(operation, number, b);
    }

    /// <summary>A number beside a tensor in an operation: where that makes real numbers of integers, the number is not cut to their width first.</summary>
    private static Tensor NumberFor(BinaryOperation operation, Tensor x, Scalar value)
    {
        if (value.Type == ScalarType.Bool && operation.Promotes == Promotion.NeitherBool)
            throw new ExternalException(NoMask);
        return operation.Promotes == Promotion.Floating && !x.dtype.IsFloating() ? Number(value, value.Type) : NumberFor(x, value);
    }

    /// <summary>A number beside a tensor: in the tensor's type where that loses nothing, which saves a conversion.</summary>
    internal static Tensor NumberFor(Tensor x, Scalar value)
    {
        var type = value.Type;
        if (x.dtype.IsFloating() || (x.dtype.IsIntegral() && !type.IsFloating()))
            type = x.dtype;
        return Number(value, type);
    }

    /// <summary>Nothing is recorded, and the result has the type of a: then the number need not become a tensor.</summary>
    private static bool IsPlain(BinaryOperation operation, Tensor a, Scalar b) => a.Layout.IsContiguous && LeavesType(a.dtype, b) && !Records(a) && operation.Promotes switch
    {
        Promotion.Floating => a.dtype.IsFloating(),
        Promotion.Integers => !a.dtype.IsFloating(),
        Promotion.NeitherBool => b.Type != ScalarType.Bool,
        _ => true,
    };

    /// <summary>Whether a number leaves a tensor beside it in its type.</summary>
    private static bool LeavesType(ScalarType type, Scalar number) => type.IsFloating() || (type.IsIntegral() && !number.IsFloating);

    /// <summary>y = f(a, b) for contiguous elements of one type and a number.</summary>
    private static Tensor BesideNumber(BinaryKind kind, Tensor a, Scalar b, Tensor y)
    {
        long value;
        ScalarTypes.Write(b, a.dtype, (byte*)&value);
        if (y.HasData)
            y.Backend.Binary(kind, a.dtype, a.On(y), 1, &value, 0, y.On(y), y.Layout.Count);
        GC.KeepAlive(a);
        GC.KeepAlive(y);
        return y;
    }

    /// <summary>a = f(a, b), in place; b broadcasts to a.</summary>
    internal static Tensor BinaryInto(BinaryOperation operation, Tensor a, Tensor b)
    {
        a.CheckInPlace();
        if (!ReferenceEquals(Together(a, b).Place, a.Place))
            throw Tensor.Elsewhere(a, b);
        var type = ResultType(operation, a, b);
        if (ScalarTypes.Category(type) > ScalarTypes.Category(a.dtype))
            throw CannotHold(type, a.dtype);
        if (!Layout.Broadcast(a.Layout, b.Layout).SameShape(a.Layout))
            throw new ExternalException($"output with shape {a.Layout} doesn't match the broadcast shape {Layout.Broadcast(a.Layout, b.Layout)}");
        BinaryBackward? node = null;
        if (Records(a, b))
        {
            node = new BinaryBackward(operation, a, b);
            if (node.KeepsA)
            {
                using var original = Clone(a).AsTemporary();
                node.Keep(original, b, null);
            }
            else
                node.Keep(null, b, null);
        }
        if (a.Layout.IsContiguous && type == a.dtype && !(ReferenceEquals(a.Storage, b.Storage) && !ReferenceEquals(a, b)))
            BinaryData(operation.Kind, type, a, b, a);
        else
        {
            using var y = a.NewEmpty(a.Layout.Packed.IsContiguous ? Layout.Of(a.Layout.Shape) : a.Layout, type).AsTemporary();
            BinaryData(operation.Kind, type, a, b, y);
            Transfers.Copy(y, a);
        }
        a.Changed(node);
        node?.Keep(null, null, a);
        return a;
    }

    internal static Tensor BinaryInto(BinaryOperation operation, Tensor a, Scalar b)
    {
        if (IsPlain(operation, a, b))
        {
            a.CheckInPlace();
            return BesideNumber(operation.Kind, a, b, a).Changed(null);
        }
        using var number = NumberFor(operation, a, b);
        return BinaryInto(operation, a, number);
    }

    /// <summary>The work of a binary operation: y is contiguous and of the shape to which a and b broadcast (or a itself).</summary>
    internal static void BinaryData(BinaryKind kind, ScalarType type, Tensor a, Tensor b, Tensor y)
    {
        if (!y.HasData)
            return;
        var ca = a.dtype == type ? a : Packed(a, type);
        var cb = b.dtype == type ? b : Packed(b, type);
        byte* pa = ca.OrNumberOn(y), pb = cb.OrNumberOn(y), py = y.On(y);
        bool numberA = ca.IsNumberBeside(y), numberB = cb.IsNumberBeside(y);
        if (ca.Layout.SameShape(cb.Layout) && ca.Layout.IsContiguous && cb.Layout.IsContiguous)
            y.Backend.Binary(kind, type, pa, numberA ? 0 : 1, pb, numberB ? 0 : 1, py, y.Layout.Count);
        else
        {
            long[] shape = y.Layout.Shape;
            Span<long> sa = stackalloc long[shape.Length], sb = stackalloc long[shape.Length];
            ca.Layout.BroadcastStrides(shape, sa);
            cb.Layout.BroadcastStrides(shape, sb);
            y.Backend.BinaryStrided(kind, type, pa, sa, pb, sb, py, y.Layout.Strides, shape);
        }
        GC.KeepAlive(ca);
        GC.KeepAlive(cb);
        GC.KeepAlive(y);
        Free(ca, a);
        Free(cb, b);
    }

    private sealed class BinaryBackward : Node
    {
        private readonly BinaryOperation _operation;
        private readonly Layout _layoutA, _layoutB;
        private readonly ScalarType _typeA, _typeB;
        private Saved _a, _b, _y;

        internal BinaryBackward(BinaryOperation operation, Tensor a, Tensor b)
        {
            _operation = operation;
            _layoutA = a.Layout;
            _layoutB = b.Layout;
            _typeA = a.dtype;
            _typeB = b.dtype;
            Next = [a.GradientEdge(), b.GradientEdge()];
        }

        internal override string Name => _operation.NodeName;

        private int Needed => (Needs(0) ? 1 : 0) | (Needs(1) ? 2 : 0);

        internal bool KeepsA => (_operation.KeepsA & Needed) != 0;

        internal void Keep(Tensor? a, Tensor? b, Tensor? y)
        {
            if (a is not null && (_operation.KeepsA & Needed) != 0)
                _a = new Saved(a);
            if (b is not null && (_operation.KeepsB & Needed) != 0)
                _b = new Saved(b);
            if (y is not null && (_operation.KeepsY & Needed) != 0)
                _y = new Saved(y, isOutput: true);
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            // In the type of the result: the square of a Byte, say, would not fit into one.
            var a = _a.IsEmpty ? gradient : _a.Unpack(this).As(gradient.dtype);
            var b = _b.IsEmpty ? gradient : _b.Unpack(this).As(gradient.dtype);
            var y = _y.IsEmpty ? gradient : _y.Unpack(this, isOutput: true);
            if (Needs(0) && _operation.DerivativeA is { } da)
                dx[0] = Fit(da(gradient, a, b, y), _layoutA, _typeA);
            if (Needs(1) && _operation.DerivativeB is { } db)
                dx[1] = Fit(db(gradient, a, b, y), _layoutB, _typeB);
        }

        private static Tensor? Fit(Tensor? gradient, Layout layout, ScalarType type)
        {
            if (gradient is null)
                return null;
            if (!gradient.Layout.SameShape(layout))
                gradient = SumTo(gradient, layout.Shape);
            return gradient.dtype == type ? gradient : gradient.to(type);
        }

        internal override void Release()
        {
            _a.Release();
            _b.Release();
            _y.Release();
        }
    }
}
