namespace TorchSharp;

public static partial class torch
{
    // Functions of two variables, element by element.
    public partial class Tensor
    {
        public Tensor maximum(Tensor other) => Operations.Binary(BinaryOperations.Maximum, this, other);

        public Tensor minimum(Tensor other) => Operations.Binary(BinaryOperations.Minimum, this, other);

        public Tensor fmax(Tensor other) => Operations.Binary(BinaryOperations.Fmax, this, other);

        public Tensor fmin(Tensor other) => Operations.Binary(BinaryOperations.Fmin, this, other);

        public Tensor atan2(Tensor other) => Operations.Binary(BinaryOperations.Atan2, this, other);

        public Tensor atan2_(Tensor other) => Operations.BinaryInto(BinaryOperations.Atan2, this, other);

        public Tensor arctan2(Tensor other) => Operations.Binary(BinaryOperations.Atan2, this, other);

        public Tensor arctan2_(Tensor other) => Operations.BinaryInto(BinaryOperations.Atan2, this, other);

        public Tensor arctan(Tensor other) => Operations.Binary(BinaryOperations.Atan2, this, other);

        public Tensor arctan_(Tensor other) => Operations.BinaryInto(BinaryOperations.Atan2, this, other);

        public Tensor hypot(Tensor other) => Operations.Binary(BinaryOperations.Hypot, this, other);

        public Tensor copysign_(Tensor other) => Operations.BinaryInto(BinaryOperations.Copysign, this, other);

        public Tensor nextafter_(Tensor other) => Operations.BinaryInto(BinaryOperations.Nextafter, this, other);

        public Tensor copysign(Tensor other) => Operations.Binary(BinaryOperations.Copysign, this, other);

        public Tensor nextafter(Tensor other) => Operations.Binary(BinaryOperations.Nextafter, this, other);

        public Tensor bitwise_and(Tensor other) => Operations.Binary(BinaryOperations.BitAnd, this, other);

        public Tensor bitwise_and_(Tensor other) => Operations.BinaryInto(BinaryOperations.BitAnd, this, other);

        public Tensor bitwise_or(Tensor other) => Operations.Binary(BinaryOperations.BitOr, this, other);

        public Tensor bitwise_or_(Tensor other) => Operations.BinaryInto(BinaryOperations.BitOr, this, other);

        public Tensor bitwise_xor(Tensor other) => Operations.Binary(BinaryOperations.BitXor, this, other);

        public Tensor bitwise_xor_(Tensor other) => Operations.BinaryInto(BinaryOperations.BitXor, this, other);

        public Tensor bitwise_left_shift(Tensor other) => Operations.Binary(BinaryOperations.ShiftLeft, this, other);

        public Tensor bitwise_left_shift_(Tensor other) => Operations.BinaryInto(BinaryOperations.ShiftLeft, this, other);

        public Tensor bitwise_right_shift(Tensor other) => Operations.Binary(BinaryOperations.ShiftRight, this, other);

        public Tensor bitwise_right_shift_(Tensor other) => Operations.BinaryInto(BinaryOperations.ShiftRight, this, other);

        public Tensor max(Tensor other) => maximum(other);

        public Tensor min(Tensor other) => minimum(other);

        /// <summary>Each element to a power; the common exponents are computed as products and roots.</summary>
        public Tensor pow(Scalar exponent)
        {
            RequirePower(exponent);
            if (!dtype.IsFloating())
                return Operations.Binary(BinaryOperations.Pow, this, exponent);
            switch (exponent.Real)
            {
                case 1: return Operations.Clone(this);
                case 2: return square();
                case 0.5: return sqrt();
                case -0.5: return rsqrt();
                case -1: return reciprocal();
                default: return Operations.Power(this, exponent);
            }
        }

        public Tensor pow(Tensor exponent) => Operations.Binary(BinaryOperations.Pow, this, exponent);

        public Tensor pow_(Scalar exponent)
        {
            RequirePower(exponent);
            return Operations.BinaryInto(BinaryOperations.Pow, this, exponent);
        }

        private void RequirePower(Scalar exponent)
        {
            if (!dtype.IsFloating() && !exponent.IsFloating && exponent.Real < 0)
                throw new System.Runtime.InteropServices.ExternalException("Integers to negative integer powers are not allowed.");
        }

        public Tensor pow_(Tensor exponent) => Operations.BinaryInto(BinaryOperations.Pow, this, exponent);

        public Tensor logical_not() => Operations.Compare(CompareKind.Eq, this, 0);

        public Tensor logical_and(Tensor other) => Operations.Logical(BinaryKind.BitAnd, this, other);

        public Tensor logical_or(Tensor other) => Operations.Logical(BinaryKind.BitOr, this, other);

        public Tensor logical_xor(Tensor other) => Operations.Logical(BinaryKind.BitXor, this, other);

        public Tensor logical_not_() => Operations.Update(this, x => x.logical_not());

        public Tensor logical_and_(Tensor other) => Operations.Update(this, x => x.logical_and(other));

        public Tensor logical_or_(Tensor other) => Operations.Update(this, x => x.logical_or(other));

        public Tensor logical_xor_(Tensor other) => Operations.Update(this, x => x.logical_xor(other));

        public Tensor bitwise_not()
        {
            if (dtype == ScalarType.Bool)
                return logical_not();
            return Operations.Binary(BinaryOperations.BitXor, this, -1L);
        }

        public Tensor bitwise_not_() => Operations.Update(this, x => x.bitwise_not());
    }

    public static Tensor logical_and(Tensor left, Tensor right) => left.logical_and(right);

    public static Tensor logical_and_(Tensor left, Tensor right) => left.logical_and_(right);

    public static Tensor logical_not(Tensor input) => input.logical_not();

    public static Tensor logical_or(Tensor left, Tensor right) => left.logical_or(right);

    public static Tensor logical_or_(Tensor left, Tensor right) => left.logical_or_(right);

    public static Tensor logical_xor(Tensor left, Tensor right) => left.logical_xor(right);

    public static Tensor logical_xor_(Tensor left, Tensor right) => left.logical_xor_(right);

    public static Tensor max(Tensor input) => input.max();

    public static (Tensor values, Tensor indexes) max(Tensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);

    public static Tensor max(Tensor input, Tensor other) => input.max(other);

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor min(Tensor input) => input.min();

    public static (Tensor values, Tensor indexes) min(Tensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);

    public static Tensor min(Tensor input, Tensor other) => input.min(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor nextafter(Tensor input, Tensor other) => input.nextafter(other);

    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);

    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);

    public static Tensor pow_(Tensor left, Scalar exponent) => left.pow_(exponent);

    public static Tensor pow_(Tensor left, Tensor exponent) => left.pow_(exponent);

    public static Tensor copysign_(Tensor input, Tensor other) => input.copysign_(other);

    public static Tensor nextafter_(Tensor input, Tensor other) => input.nextafter_(other);

    public static Tensor fmax(Tensor input, Tensor other) => input.fmax(other);

    public static Tensor fmin(Tensor input, Tensor other) => input.fmin(other);

    public static Tensor hypot(Tensor left, Tensor right) => left.hypot(right);

    public static Tensor arctan(Tensor input) => input.arctan();

    public static Tensor arctan(Tensor input, Tensor other) => input.arctan(other);

    public static Tensor arctan_(Tensor input) => input.arctan_();

    public static Tensor arctan_(Tensor input, Tensor other) => input.arctan_(other);

    public static Tensor arctan2(Tensor input, Tensor other) => input.arctan2(other);

    public static Tensor arctan2_(Tensor input, Tensor other) => input.arctan2_(other);

    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);

    public static Tensor atan2_(Tensor input, Tensor other) => input.atan2_(other);

    public static Tensor bitwise_and(Tensor left, Tensor right) => left.bitwise_and(right);

    public static Tensor bitwise_and_(Tensor left, Tensor right) => left.bitwise_and_(right);

    public static Tensor bitwise_left_shift(Tensor left, Tensor right) => left.bitwise_left_shift(right);

    public static Tensor bitwise_left_shift_(Tensor left, Tensor right) => left.bitwise_left_shift_(right);

    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    public static Tensor bitwise_not_(Tensor input) => input.bitwise_not_();

    public static Tensor bitwise_or(Tensor left, Tensor right) => left.bitwise_or(right);

    public static Tensor bitwise_or_(Tensor left, Tensor right) => left.bitwise_or_(right);

    public static Tensor bitwise_right_shift(Tensor left, Tensor right) => left.bitwise_right_shift(right);

    public static Tensor bitwise_right_shift_(Tensor left, Tensor right) => left.bitwise_right_shift_(right);

    public static Tensor bitwise_xor(Tensor left, Tensor right) => left.bitwise_xor(right);

    public static Tensor bitwise_xor_(Tensor left, Tensor right) => left.bitwise_xor_(right);

    public static Tensor copysign(Tensor input, Tensor other) => input.copysign(other);
}
