using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// What tensors can do, by topic: each operation with its formula, its forward pass (which asks the backend for the work) and its
/// backward pass (written with tensor operations).
/// </summary>
internal static unsafe partial class Operations
{
    /// <summary>The same values in contiguous memory of the given type: the tensor itself when it already is that.</summary>
    internal static Tensor Packed(Tensor x, ScalarType type)
    {
        if (x.dtype == type && x.Layout.IsContiguous)
            return x;
        var y = x.NewEmpty(x.Layout.Packed, type);
        Transfers.Copy(x, y);
        return y;
    }

    internal static Tensor Packed(Tensor x) => Packed(x, x.dtype);

    /// <summary>A temporary: freed when it is not one of the operands itself.</summary>
    internal static void Free(Tensor temporary, Tensor operand)
    {
        if (!ReferenceEquals(temporary, operand))
            temporary.Discard();
    }

    /// <summary>y = x, in memory of its own; dx = dy.</summary>
    internal static Tensor Clone(Tensor x)
    {
        var y = x.CloneData();
        return Records(x) ? y.Produced(new CloneBackward(x)) : y;
    }

    private sealed class CloneBackward : Node
    {
        internal CloneBackward(Tensor x) => Next = [x.GradientEdge()];

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0];
    }

    /// <summary>y = x in another type; dx = dy in the type of x.</summary>
    internal static Tensor Convert(Tensor x, ScalarType type)
    {
        var y = x.NewEmpty(x.Layout.Packed, type);
        Transfers.Copy(x, y);
        return type.IsFloating() && Records(x) ? y.Produced(new ConvertBackward(x)) : y;
    }

    private sealed class ConvertBackward : Node
    {
        private readonly ScalarType _type;

        internal ConvertBackward(Tensor x)
        {
            _type = x.dtype;
            Next = [x.GradientEdge()];
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0]?.As(_type);
    }

    /// <summary>y = x in another type on another device; dx = dy in the type and on the device of x.</summary>
    internal static Tensor Move(Tensor x, ScalarType type, Place place)
    {
        var y = Tensor.Allocate(x.Layout.Packed, type, place);
        Transfers.Copy(x, y);
        return type.IsFloating() && !y.IsMeta && Records(x) ? y.Produced(new MoveBackward(x)) : y;
    }

    private sealed class MoveBackward : Node
    {
        private readonly ScalarType _type;
        private readonly Device _device;

        internal MoveBackward(Tensor x)
        {
            (_type, _device) = (x.dtype, x.device);
            Next = [x.GradientEdge()];
        }

        internal override string Name => "ToCopyBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0]?.to(_type, _device);
    }

    /// <summary>x = source, broadcast and converted, in place; the old x gets no gradient, source gets dy summed to its shape.</summary>
    internal static Tensor CopyInto(Tensor x, Tensor source)
    {
        x.CheckInPlace();
        Span<long> strides = stackalloc long[x.Layout.Rank];
        if (!Layout.Broadcast(x.Layout, source.Layout).SameShape(x.Layout))
            throw new ExternalException($"The expanded size of the tensor must match the existing size: cannot copy a tensor of shape {source.Layout} into one of shape {x.Layout}");
        source.Layout.BroadcastStrides(x.Layout.Shape, strides);
        if (ReferenceEquals(source.Storage, x.Storage))
        {
            using var copy = source.CloneData().AsTemporary();
            copy.Layout.BroadcastStrides(x.Layout.Shape, strides);
            Transfers.Copy(copy, strides, x, x.Layout.Strides, x.Layout.Shape);
        }
        else
            Transfers.Copy(source, strides, x, x.Layout.Strides, x.Layout.Shape);
        return x.Changed(Records(x, source) ? new CopyIntoBackward(x, source) : null);
    }

    private sealed class CopyIntoBackward : Node
    {
        private readonly ScalarType _type;
        private readonly long[] _shape;

        internal CopyIntoBackward(Tensor x, Tensor source)
        {
            _type = source.dtype;
            _shape = source.Layout.Shape;
            Next = [x.GradientEdge(), source.GradientEdge()];
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (Needs(0))
                dx[0] = torch.zeros_like(gradient);
            if (Needs(1))
                dx[1] = SumTo(gradient, _shape).As(_type);
        }
    }

    /// <summary>x = value everywhere, in place; no gradient.</summary>
    internal static Tensor FillInto(Tensor x, Scalar value)
    {
        x.CheckGraph();
        RequireFits(value, x.dtype);
        FillData(x, value);
        return x.Changed(Records(x) ? new FillBackward(x) : null);
    }

    /// <summary>Throws for a number that the type cannot hold. A negative one wraps around in Byte, as in C.</summary>
    internal static void RequireFits(Scalar value, ScalarType type)
    {
        var (low, high, name) = type switch
        {
            ScalarType.Byte => (value.IsFloating ? byte.MinValue : -(double)byte.MaxValue, byte.MaxValue, "uint8_t"),
            ScalarType.Int8 => (sbyte.MinValue, sbyte.MaxValue, "int8_t"),
            ScalarType.Int16 => (short.MinValue, short.MaxValue, "int16_t"),
            ScalarType.Int32 => (int.MinValue, int.MaxValue, "int"),
            ScalarType.Int64 => (long.MinValue, long.MaxValue, "int64_t"),
            ScalarType.Float16 => ((double)Half.MinValue, (double)Half.MaxValue, "at::Half"),
            ScalarType.BFloat16 => ((double)BFloat16.MinValue, (double)BFloat16.MaxValue, "c10::BFloat16"),
            ScalarType.Float32 => (float.MinValue, float.MaxValue, "float"),
            _ => (double.NegativeInfinity, double.PositiveInfinity, ""),
        };
        bool fits = type.IsFloating() && !double.IsFinite(value.Real) || type == ScalarType.Bool || (value.Real >= low && value.Real <= high);
        if (!fits)
            throw new System.Runtime.InteropServices.ExternalException($"value cannot be converted to type {name} without overflow: {value}");
    }

    internal static void FillData(Tensor x, Scalar value)
    {
        if (x.IsMeta)
            return;
        if (x.Layout.IsContiguous)
            x.Backend.Fill(x.dtype, x.On(x), value, x.Layout.Count);
        else
        {
            using var source = Number(value, x.dtype);
            Span<long> strides = stackalloc long[x.Layout.Rank];
            strides.Clear();
            Transfers.Copy(source, strides, x, x.Layout.Strides, x.Layout.Shape);
        }
        GC.KeepAlive(x);
    }

    internal static Node Filled(Tensor x) => new FillBackward(x);

    private sealed class FillBackward : Node
    {
        internal FillBackward(Tensor x) => Next = [x.GradientEdge()];

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is { } gradient ? torch.zeros_like(gradient) : null;
    }

    /// <summary>A number as a tensor without dimensions, in no scope.</summary>
    internal static Tensor Number(Scalar value, ScalarType type)
    {
        var y = new Tensor(Storage.Allocate(type.Size()), Layout.Scalar, type, registered: false) { IsWrappedNumber = true };
        ScalarTypes.Write(value, type, y.Data);
        GC.KeepAlive(y);
        return y;
    }

    /// <summary>Whether an operation on these tensors is to be recorded.</summary>
    internal static bool Records(Tensor a) => GradMode.Enabled && a.requires_grad;

    internal static bool Records(Tensor a, Tensor b) => GradMode.Enabled && (a.requires_grad || b.requires_grad);

    internal static bool Records(Tensor a, Tensor b, Tensor? c) => GradMode.Enabled && (a.requires_grad || b.requires_grad || c is { requires_grad: true });

    /// <summary>grad += gradient on plain data.</summary>
    internal static void AddInto(Tensor target, Tensor gradient)
    {
        if (target.Layout.IsContiguous && target.dtype == gradient.dtype)
        {
            var packed = Packed(gradient);
            if (target.HasData)
                target.Backend.AddScaled(target.dtype, target.On(target), packed.On(target), 1, target.Layout.Count);
            GC.KeepAlive(packed);
            Free(packed, gradient);
            target.Changed(null);
        }
        else
            target.add_(gradient);
        GC.KeepAlive(target);
    }
}
