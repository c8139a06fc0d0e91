namespace TorchSharp;

public static partial class torch
{
    // Comparisons: boolean tensors, broadcast.
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Operations.Compare(CompareKind.Eq, this, target);

        public Tensor eq(Scalar target) => Operations.Compare(CompareKind.Eq, this, target);

        public Tensor eq_(Tensor target) => Operations.CompareInto(CompareKind.Eq, this, target);

        public Tensor eq_(Scalar target) => Operations.CompareInto(CompareKind.Eq, this, target);

        public Tensor ne(Tensor target) => Operations.Compare(CompareKind.Ne, this, target);

        public Tensor ne(Scalar target) => Operations.Compare(CompareKind.Ne, this, target);

        public Tensor ne_(Tensor target) => Operations.CompareInto(CompareKind.Ne, this, target);

        public Tensor ne_(Scalar target) => Operations.CompareInto(CompareKind.Ne, this, target);

        public Tensor lt(Tensor target) => Operations.Compare(CompareKind.Lt, this, target);

        public Tensor lt(Scalar target) => Operations.Compare(CompareKind.Lt, this, target);

        public Tensor lt_(Tensor target) => Operations.CompareInto(CompareKind.Lt, this, target);

        public Tensor lt_(Scalar target) => Operations.CompareInto(CompareKind.Lt, this, target);

        public Tensor le(Tensor target) => Operations.Compare(CompareKind.Le, this, target);

        public Tensor le(Scalar target) => Operations.Compare(CompareKind.Le, this, target);

        public Tensor le_(Tensor target) => Operations.CompareInto(CompareKind.Le, this, target);

        public Tensor le_(Scalar target) => Operations.CompareInto(CompareKind.Le, this, target);

        public Tensor gt(Tensor target) => Operations.Compare(CompareKind.Gt, this, target);

        public Tensor gt(Scalar target) => Operations.Compare(CompareKind.Gt, this, target);

        public Tensor gt_(Tensor target) => Operations.CompareInto(CompareKind.Gt, this, target);

        public Tensor gt_(Scalar target) => Operations.CompareInto(CompareKind.Gt, this, target);

        public Tensor ge(Tensor target) => Operations.Compare(CompareKind.Ge, this, target);

        public Tensor ge(Scalar target) => Operations.Compare(CompareKind.Ge, this, target);

        public Tensor ge_(Tensor target) => Operations.CompareInto(CompareKind.Ge, this, target);

        public Tensor ge_(Scalar target) => Operations.CompareInto(CompareKind.Ge, this, target);

        public Tensor greater(Tensor target) => gt(target);

        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor less(Tensor target) => lt(target);

        public Tensor less_equal(Tensor target) => le(target);

        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor less_equal_(Tensor target) => le_(target);

        public Tensor not_equal_(Tensor target) => ne_(target);
    }

    public static Tensor le(Tensor left, Tensor right) => left.le(right);

    public static Tensor less(Tensor tensor, Tensor target) => tensor.less(target);

    public static Tensor less_equal(Tensor tensor, Tensor target) => tensor.less_equal(target);

    public static Tensor lt(Tensor left, Tensor right) => left.lt(right);

    public static Tensor ne(Tensor left, Tensor right) => left.ne(right);

    public static Tensor not_equal(Tensor tensor, Tensor target) => tensor.not_equal(target);

    public static Tensor eq(Tensor left, Tensor right) => left.eq(right);

    public static Tensor ge(Tensor left, Tensor right) => left.ge(right);

    public static Tensor greater(Tensor tensor, Tensor target) => tensor.greater(target);

    public static Tensor greater_equal(Tensor tensor, Tensor target) => tensor.greater_equal(target);

    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);
}
