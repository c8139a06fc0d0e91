namespace TorchSharp;

public static partial class torch
{
    // The four operations and their relatives; shapes broadcast, types promote, a trailing _ changes the tensor itself.
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Operations.Binary(BinaryOperations.Add, this, target);

        /// <summary>this + alpha·target.</summary>
        public Tensor add(Tensor target, Scalar alpha)
        {
            if (alpha.IsOne)
                return add(target);
            using var scaled = Scaled(target, alpha).AsTemporary();
            return add(scaled);
        }

        /// <summary>alpha·target in the type in which it meets this.</summary>
        private Tensor Scaled(Tensor target, Scalar alpha)
        {
            var type = Operations.CommonType(this, target);
            if (alpha.IsFloating && !type.IsFloating())
                throw new System.Runtime.InteropServices.ExternalException("For integral input tensors, argument alpha must not be a floating point number.");
            if (type == target.dtype)
                return target.mul(alpha);
            using var converted = target.to(type).AsTemporary();
            return converted.mul(alpha);
        }

        public Tensor add(Scalar scalar) => Operations.Binary(BinaryOperations.Add, this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Operations.Binary(BinaryOperations.Add, this, Product(scalar, alpha));

        public Tensor add_(Tensor target) => Operations.BinaryInto(BinaryOperations.Add, this, target);

        public Tensor add_(Tensor target, Scalar alpha)
        {
            if (alpha.IsOne)
                return add_(target);
            using var scaled = Scaled(target, alpha).AsTemporary();
            return add_(scaled);
        }

        public Tensor add_(Scalar scalar) => Operations.BinaryInto(BinaryOperations.Add, this, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => Operations.BinaryInto(BinaryOperations.Add, this, Product(scalar, alpha));

        private static Scalar Product(Scalar a, Scalar b) => a.IsFloating || b.IsFloating ? (Scalar)(a.Real * b.Real) : a.Integer * b.Integer;

        public Tensor sub(Tensor target) => Operations.Binary(BinaryOperations.Sub, this, target);

        public Tensor sub(Scalar target) => Operations.Binary(BinaryOperations.Sub, this, target);

        public Tensor sub_(Tensor target) => Operations.BinaryInto(BinaryOperations.Sub, this, target);

        public Tensor sub_(Scalar target) => Operations.BinaryInto(BinaryOperations.Sub, this, target);

        public Tensor subtract(Tensor target) => Operations.Binary(BinaryOperations.Sub, this, target);

        public Tensor subtract(Scalar target) => Operations.Binary(BinaryOperations.Sub, this, target);

        public Tensor subtract_(Tensor target) => Operations.BinaryInto(BinaryOperations.Sub, this, target);

        public Tensor subtract_(Scalar target) => Operations.BinaryInto(BinaryOperations.Sub, this, target);

        public Tensor mul(Tensor target) => Operations.Binary(BinaryOperations.Mul, this, target);

        public Tensor mul(Scalar target) => Operations.Binary(BinaryOperations.Mul, this, target);

        public Tensor mul_(Tensor target) => Operations.BinaryInto(BinaryOperations.Mul, this, target);

        public Tensor mul_(Scalar target) => Operations.BinaryInto(BinaryOperations.Mul, this, target);

        public Tensor multiply(Tensor target) => Operations.Binary(BinaryOperations.Mul, this, target);

        public Tensor multiply(Scalar target) => Operations.Binary(BinaryOperations.Mul, this, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Operations.Binary(Quotient(rounding_mode), this, target);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Operations.Binary(Quotient(rounding_mode), this, target);

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Operations.BinaryInto(Quotient(rounding_mode), this, target);

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Operations.BinaryInto(Quotient(rounding_mode), this, target);

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Operations.Binary(Quotient(rounding_mode), this, target);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Operations.Binary(Quotient(rounding_mode), this, target);

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Operations.BinaryInto(Quotient(rounding_mode), this, target);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Operations.BinaryInto(Quotient(rounding_mode), this, target);

        private static BinaryOperation Quotient(RoundingMode mode) => mode switch
        {
            RoundingMode.None => BinaryOperations.Div,
            RoundingMode.trunc => BinaryOperations.TruncDivide,
            _ => BinaryOperations.FloorDivide,
        };

        public Tensor true_divide(Tensor other) => Operations.Binary(BinaryOperations.Div, this, other);

        public Tensor true_divide(Scalar other) => Operations.Binary(BinaryOperations.Div, this, other);

        public Tensor true_divide_(Tensor other) => Operations.BinaryInto(BinaryOperations.Div, this, other);

        public Tensor true_divide_(Scalar other) => Operations.BinaryInto(BinaryOperations.Div, this, other);

        public Tensor floor_divide(Tensor other) => Operations.Binary(BinaryOperations.FloorDivide, this, other);

        public Tensor floor_divide(Scalar other) => Operations.Binary(BinaryOperations.FloorDivide, this, other);

        public Tensor floor_divide_(Tensor other) => Operations.BinaryInto(BinaryOperations.FloorDivide, this, other);

        public Tensor floor_divide_(Scalar other) => Operations.BinaryInto(BinaryOperations.FloorDivide, this, other);

        public Tensor fmod(Tensor target) => Operations.Binary(BinaryOperations.Fmod, this, target);

        public Tensor fmod(Scalar scalar) => Operations.Binary(BinaryOperations.Fmod, this, scalar);

        public Tensor fmod_(Tensor target) => Operations.BinaryInto(BinaryOperations.Fmod, this, target);

        public Tensor fmod_(Scalar scalar) => Operations.BinaryInto(BinaryOperations.Fmod, this, scalar);

        public Tensor remainder(Tensor target) => Operations.Binary(BinaryOperations.Remainder, this, target);

        public Tensor remainder(Scalar scalar) => Operations.Binary(BinaryOperations.Remainder, this, scalar);

        public Tensor remainder_(Tensor target) => Operations.BinaryInto(BinaryOperations.Remainder, this, target);

        public Tensor remainder_(Scalar scalar) => Operations.BinaryInto(BinaryOperations.Remainder, this, scalar);
    }

    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);

    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);

    public static Tensor sub_(Tensor left, Scalar right) => left.sub_(right);

    public static Tensor sub_(Tensor left, Tensor right) => left.sub_(right);

    public static Tensor subtract(Tensor left, Scalar right) => left.subtract(right);

    public static Tensor subtract(Tensor left, Tensor right) => left.subtract(right);

    public static Tensor subtract_(Tensor left, Scalar right) => left.subtract_(right);

    public static Tensor subtract_(Tensor left, Tensor right) => left.subtract_(right);

    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.true_divide(divisor);

    public static Tensor true_divide_(Tensor dividend, Tensor divisor) => dividend.true_divide_(divisor);

    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);

    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);

    public static Tensor mul_(Tensor left, Scalar right) => left.mul_(right);

    public static Tensor mul_(Tensor left, Tensor right) => left.mul_(right);

    public static Tensor multiply(Tensor left, Scalar right) => left.multiply(right);

    public static Tensor multiply(Tensor left, Tensor right) => left.multiply(right);

    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);

    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);

    public static Tensor remainder_(Tensor left, Scalar right) => left.remainder_(right);

    public static Tensor remainder_(Tensor left, Tensor right) => left.remainder_(right);

    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);

    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);

    public static Tensor divide_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide_(right, rounding_mode);

    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);

    public static Tensor floor_divide_(Tensor input, Tensor other) => input.floor_divide_(other);

    public static Tensor fmod(Tensor left, Scalar right) => left.fmod(right);

    public static Tensor fmod(Tensor left, Tensor right) => left.fmod(right);

    public static Tensor fmod_(Tensor left, Scalar right) => left.fmod_(right);

    public static Tensor fmod_(Tensor left, Tensor right) => left.fmod_(right);

    public static Tensor add(Tensor left, Scalar right) => left.add(right);

    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add(Tensor left, Tensor right) => left.add(right);

    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add_(Tensor left, Scalar right) => left.add_(right);

    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.add_(right, alpha);

    public static Tensor add_(Tensor left, Tensor right) => left.add_(right);

    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.add_(right, alpha);

    public static Tensor divide_(Tensor left, Scalar right) => left.div_(right);
}
