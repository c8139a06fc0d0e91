using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>a and/or/xor b, where "true" is "not zero".</summary>
    internal static Tensor Logical(BinaryKind kind, Tensor a, Tensor b)
    {
        var ba = Packed(a, ScalarType.Bool);
        var bb = Packed(b, ScalarType.Bool);
        var y = Together(a, b).NewEmpty(Layout.Broadcast(a.Layout, b.Layout), ScalarType.Bool);
        BinaryData(kind, ScalarType.Bool, ba, bb, y);
        Free(ba, a);
        Free(bb, b);
        return y;
    }

    internal static Tensor CompareInto(CompareKind kind, Tensor a, Tensor b) => AssignAndFree(a, Compare(kind, a, b));

    internal static Tensor CompareInto(CompareKind kind, Tensor a, Scalar b)
    {
        using var number = NumberFor(a, b);
        return CompareInto(kind, a, number);
    }

    /// <summary>x = f(x), in place. While gradients are recorded f sees a copy, because its backward may keep what it saw.</summary>
    internal static Tensor Update(Tensor x, Func<Tensor, Tensor> f)
    {
        x.CheckInPlace();
        if (!GradMode.Enabled)
            return AssignAndFree(x, f(x));
        using var original = x.clone().AsTemporary();
        return AssignAndFree(x, f(original));
    }

    /// <summary>target = value, in place; the value is a temporary.</summary>
    internal static Tensor AssignAndFree(Tensor target, Tensor value)
    {
        if (ScalarTypes.Category(value.dtype) > ScalarTypes.Category(target.dtype))
            throw CannotHold(value.dtype, target.dtype);
        CopyInto(target, value);
        value.Discard();
        return target;
    }

    /// <summary>y = xⁿ for a number n; dx = dy·n·xⁿ⁻¹.</summary>
    internal static Tensor Power(Tensor x, Scalar exponent)
    {
        var y = x.NewEmpty(x.Layout.Packed, x.dtype);
        using (var number = Number(exponent, x.dtype))
            BinaryData(BinaryKind.Pow, x.dtype, x, number, y);
        return Records(x) ? y.Produced(new PowerBackward(x, exponent)) : y;
    }

    private sealed class PowerBackward(Tensor x, Scalar exponent) : UnaryNode(x)
    {
        private Saved _x = new(x);

        internal override string Name => "PowBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx) => dx[0] = dy[0] is not { } gradient ? null
            : exponent.IsZero ? torch.zeros_like(gradient) : gradient * (_x.Unpack(this).pow(exponent.Real - 1) * exponent);

        internal override void Release() => _x.Release();
    }

    /// <summary>A number as an ordinary tensor of its own type.</summary>
    internal static Tensor NumberTensor(Scalar value)
    {
        var y = Tensor.Allocate(Layout.Scalar, value.Type);
        FillData(y, value);
        return y;
    }
}
