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
            if (!dtype.IsFloating()) return Operations.Binary(BinaryOperations.Pow, this, exponent);
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
            if (dtype == ScalarType.Bool) return logical_not();
            return Operations.Binary(BinaryOperations.BitXor, this, -1L);
        }

        public Tensor bitwise_not_() => Operations.Update(this, x => x.bitwise_not());
    }
}
