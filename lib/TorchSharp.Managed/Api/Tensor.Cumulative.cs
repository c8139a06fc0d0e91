namespace TorchSharp;

public static partial class torch
{
    // Running results, products, differences and integrals along a dimension.
    public partial class Tensor
    {
        public Tensor cumsum(long dim, ScalarType? type = null) => Operations.CumSum(this, dim, type);

        public Tensor cumprod(long dim, ScalarType? type = null) => Operations.CumProd(this, dim, type);

        public (Tensor values, Tensor indexes) cummax(long dim) => Operations.CumExtreme(true, this, dim);

        public (Tensor values, Tensor indexes) cummin(long dim) => Operations.CumExtreme(false, this, dim);

        public Tensor logcumsumexp(long dim) => Operations.LogCumSumExp(this, dim);

        public Tensor prod(ScalarType? type = null)
        {
            using var flat = reshape(-1).AsTemporary();
            return Operations.Prod(flat, 0, false, type);
        }

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Operations.Prod(this, dim, keepdim, type);

        /// <summary>Differences between neighbours, n times.</summary>
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null)
        {
            if (Layout.Rank == 0)
                throw new System.Runtime.InteropServices.ExternalException("diff expects input to be at least one-dimensional");
            using var scope = DisposeScope.ForTemporaries();
            var parts = new List<Tensor>();
            if (prepend is not null)
                parts.Add(prepend);
            parts.Add(this);
            if (append is not null)
                parts.Add(append);
            var x = parts.Count == 1 ? alias() : cat(parts, dim);
            for (long i = 0; i < n; i++)
            {
                long size = x.Layout.Shape[x.Layout.Dim(dim)];
                Tensor after = x.slice(dim, Math.Min(1, size), size, 1), before = x.slice(dim, 0, Math.Max(size - 1, 0), 1);
                x = dtype == ScalarType.Bool ? after.logical_xor(before) : after - before;
            }
            return scope.MoveToOuter(x);
        }

        /// <summary>Integral by trapezoids of equal width.</summary>
        public Tensor trapezoid(double dx = 1, long dim = -1)
        {
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter(Steps(null, dim).sum(dim) * dx);
        }

        public Tensor trapezoid(Tensor x, long dim = -1)
        {
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter(Steps(x, dim).sum(dim));
        }

        public Tensor cumulative_trapezoid(double dx = 1, long dim = -1)
        {
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter(Steps(null, dim).cumsum(dim) * dx);
        }

        public Tensor cumulative_trapezoid(Tensor x, long dim = -1)
        {
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter(Steps(x, dim).cumsum(dim));
        }

        private Tensor Steps(Tensor? x, long dim)
        {
            long size = Layout.Size(Layout.Dim(dim));
            var means = (slice(dim, 1, size, 1) + slice(dim, 0, size - 1, 1)) / 2;
            if (x is null)
                return means;
            var widths = x.diff(1, x.Layout.Rank == 1 ? 0 : dim);
            if (x.Layout.Rank == 1 && Layout.Rank > 1)
            {
                long[] shape = new long[Layout.Rank];
                Array.Fill(shape, 1);
                shape[Layout.Dim(dim)] = widths.numel();
                widths = widths.reshape(shape);
            }
            return means * widths;
        }
    }

    public static Tensor trapezoid(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);

    public static Tensor trapezoid(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);

    public static Tensor logcumsumexp(Tensor input, long dim) => input.logcumsumexp(dim);

    public static Tensor prod(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.prod(dim, keepdim, type);

    public static Tensor prod(Tensor input, ScalarType? type = null) => input.prod(type);

    public static Tensor diff(Tensor input, long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => input.diff(n, dim, prepend, append);

    public static (Tensor values, Tensor indices) cummax(Tensor input, long dim) => input.cummax(dim);

    public static (Tensor values, Tensor indices) cummin(Tensor input, long dim) => input.cummin(dim);

    public static Tensor cumprod(Tensor input, long dim, ScalarType? dtype = null) => input.cumprod(dim, dtype);

    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);

    public static Tensor cumulative_trapezoid(Tensor y, double dx = 1, long dim = -1) => y.cumulative_trapezoid(dx, dim);

    public static Tensor cumulative_trapezoid(Tensor y, Tensor x, long dim = -1) => y.cumulative_trapezoid(x, dim);
}
