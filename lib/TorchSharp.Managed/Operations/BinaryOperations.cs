using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>All functions of two variables with their derivatives: (dy, a, b, y) → da and db. The three masks say which derivative (1: da, 2: db) uses a, b, y.</summary>
internal static class BinaryOperations
{
    internal static readonly BinaryOperation
        Add = new("add", BinaryKind.Add, 0, 0, 0, static (dy, a, b, y) => dy, static (dy, a, b, y) => dy),
        Sub = new("sub", BinaryKind.Sub, 0, 0, 0, static (dy, a, b, y) => dy, static (dy, a, b, y) => -dy, Promotion.NeitherBool),
        Mul = new("mul", BinaryKind.Mul, 2, 1, 0, static (dy, a, b, y) => dy * b, static (dy, a, b, y) => dy * a),
        // −dy·y/b, as PyTorch computes it.
        Div = new("div", BinaryKind.Div, 2, 3, 0, static (dy, a, b, y) => dy / b, static (dy, a, b, y) => -dy * (a / b / b), Promotion.Floating),
        // d aᵇ/da = b·aᵇ⁻¹ (0 for b = 0); d aᵇ/db = aᵇ·ln a (0 for a = 0 ≤ b).
        Pow = new("pow", BinaryKind.Pow, 3, 3, 2,
            static (dy, a, b, y) => torch.where(b == 0, torch.zeros_like(dy), dy * (b * a.pow(b - 1))),
            static (dy, a, b, y) => dy * torch.where((a == 0).logical_and(b >= 0), torch.zeros_like(y), y * a.log())),
        // Where both are equal each gets half.
        Maximum = new("maximum", BinaryKind.Maximum, 3, 3, 0, static (dy, a, b, y) => dy * Share(a, b, a < b), static (dy, a, b, y) => dy * Share(a, b, a > b)),
        Minimum = new("minimum", BinaryKind.Minimum, 3, 3, 0, static (dy, a, b, y) => dy * Share(a, b, a > b), static (dy, a, b, y) => dy * Share(a, b, a < b)),
        Fmax = new("fmax", BinaryKind.Fmax, 3, 3, 0,
            static (dy, a, b, y) => dy * (a >= b).logical_or(b.isnan()).to(dy.dtype), static (dy, a, b, y) => dy * (a >= b).logical_or(b.isnan()).logical_not().to(dy.dtype)),
        Fmin = new("fmin", BinaryKind.Fmin, 3, 3, 0,
            static (dy, a, b, y) => dy * (a <= b).logical_or(b.isnan()).to(dy.dtype), static (dy, a, b, y) => dy * (a <= b).logical_or(b.isnan()).logical_not().to(dy.dtype)),
        Fmod = new("fmod", BinaryKind.Fmod, 2, 2, 0, static (dy, a, b, y) => dy, static (dy, a, b, y) => -dy * a.div(b, RoundingMode.trunc), Promotion.NoBool),
        Remainder = new("remainder", BinaryKind.Remainder, 2, 2, 0, static (dy, a, b, y) => dy, static (dy, a, b, y) => -dy * a.div(b, RoundingMode.floor), Promotion.NoBool),
        FloorDivide = new("floor_divide", BinaryKind.FloorDivide, 0, 0, 0, static (dy, a, b, y) => torch.zeros_like(dy), static (dy, a, b, y) => torch.zeros_like(dy), Promotion.NoBool),
        TruncDivide = new("trunc_divide", BinaryKind.TruncDivide, 0, 0, 0, static (dy, a, b, y) => torch.zeros_like(dy), static (dy, a, b, y) => torch.zeros_like(dy), Promotion.NoBool),
        Atan2 = new("atan2", BinaryKind.Atan2, 3, 3, 0, static (dy, a, b, y) => dy * b / (a * a + b * b), static (dy, a, b, y) => -dy * a / (a * a + b * b), Promotion.Floating),
        Hypot = new("hypot", BinaryKind.Hypot, 1, 2, 3, static (dy, a, b, y) => dy * (a / y), static (dy, a, b, y) => dy * (b / y)),
        Copysign = new("copysign", BinaryKind.Copysign, 1, 0, 1, static (dy, a, b, y) => dy * torch.where(a == 0, torch.zeros_like(y), y / a), static (dy, a, b, y) => torch.zeros_like(dy), Promotion.Floating),
        Nextafter = new("nextafter", BinaryKind.Nextafter, 0, 0, 0, null, null),
        BitAnd = new("bitwise_and", BinaryKind.BitAnd, 0, 0, 0, null, null, Promotion.Integers),
        BitOr = new("bitwise_or", BinaryKind.BitOr, 0, 0, 0, null, null, Promotion.Integers),
        BitXor = new("bitwise_xor", BinaryKind.BitXor, 0, 0, 0, null, null, Promotion.Integers),
        ShiftLeft = new("bitwise_left_shift", BinaryKind.ShiftLeft, 0, 0, 0, null, null, Promotion.Integers),
        ShiftRight = new("bitwise_right_shift", BinaryKind.ShiftRight, 0, 0, 0, null, null, Promotion.Integers),
        // Used where no graph is recorded.
        GeluBackward = new("gelu_backward", BinaryKind.GeluBackward, 0, 0, 0, null, null),
        GeluTanhBackward = new("gelu_backward", BinaryKind.GeluTanhBackward, 0, 0, 0, null, null),
        SiluBackward = new("silu_backward", BinaryKind.SiluBackward, 0, 0, 0, null, null),
        // Derivatives of derivatives, for gradients of gradients.
        ReluBackward = new("relu_backward", BinaryKind.ReluBackward, 0, 1, 0, static (d, dy, y, dx) => Operations.Binary(BinaryOperations.ReluBackward!, d, y), static (d, dy, y, dx) => torch.zeros_like(d)),
        SigmoidBackward = new("sigmoid_backward", BinaryKind.SigmoidBackward, 2, 3, 0,
            static (d, dy, y, dx) => Operations.Binary(BinaryOperations.SigmoidBackward!, d, y), static (d, dy, y, dx) => d * dy * (1 - y * 2)),
        TanhBackward = new("tanh_backward", BinaryKind.TanhBackward, 2, 3, 0,
            static (d, dy, y, dx) => Operations.Binary(BinaryOperations.TanhBackward!, d, y), static (d, dy, y, dx) => d * dy * (y * -2));

    /// <summary>0 where the other one wins, ½ where both are equal, else 1 (also beside NaN).</summary>
    private static Tensor Share(Tensor a, Tensor b, Tensor loses)
    {
        var type = torch.result_type(a, b);
        return loses.logical_not().to(type) - (a == b).to(type) * 0.5;
    }
}
