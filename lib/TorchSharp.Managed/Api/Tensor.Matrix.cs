using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // Products of vectors, matrices and batches of them.
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Operations.MatMul(this, target);

        public Tensor mm(Tensor target)
        {
            if (Layout.Rank != 2 || target.Layout.Rank != 2)
                throw new ExternalException($"mm: self must be a matrix, mat2 must be a matrix: got shapes {Layout} and {target.Layout}");
            return Operations.MatrixProduct(this, target);
        }

        public Tensor bmm(Tensor batch2)
        {
            if (Layout.Rank != 3 || batch2.Layout.Rank != 3)
                throw new ExternalException($"batch1 must be a 3D tensor, batch2 must be a 3D tensor: got shapes {Layout} and {batch2.Layout}");
            return Operations.MatrixProduct(this, batch2);
        }

        public Tensor mv(Tensor target)
        {
            if (Layout.Rank != 2 || target.Layout.Rank != 1)
                throw new ExternalException($"vector + matrix @ vector expected, got shapes {Layout} and {target.Layout}");
            return Operations.MatMul(this, target);
        }

        public Tensor dot(Tensor target)
        {
            if (Layout.Rank != 1 || target.Layout.Rank != 1)
                throw new ExternalException($"1D tensors expected, but got {Layout.Rank}D and {target.Layout.Rank}D tensors");
            if (Layout.Count != target.Layout.Count)
                throw new InvalidOperationException($"dot arguments must have the same shape, got {Layout} and {target.Layout}");
            return Operations.MatMul(this, target);
        }

        public Tensor vdot(Tensor target) => dot(target);

        public Tensor outer(Tensor vec2)
        {
            if (Layout.Rank != 1 || vec2.Layout.Rank != 1)
                throw new ExternalException($"outer: Expected 1-D arguments, but got shapes {Layout} and {vec2.Layout}");
            using var column = unsqueeze(1).AsTemporary();
            return column.mul(vec2);
        }

        public Tensor ger(Tensor vec2) => outer(vec2);

        public Tensor inner(Tensor vec2)
        {
            if (Layout.Rank == 0 || vec2.Layout.Rank == 0)
                return mul(vec2);
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter(tensordot(vec2, [-1], [-1]));
        }

        /// <summary>beta·this + alpha·mat1·mat2.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Combine(mat1.mm(mat2), beta, alpha);

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Combine(mat.mv(vec), beta, alpha);

        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Combine(vec1.outer(vec2), beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Combine(batch1.bmm(batch2), beta, alpha);

        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1)
        {
            using var products = batch1.bmm(batch2).AsTemporary();
            return Combine(products.sum(0L), beta, alpha);
        }

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Operations.Update(this, x => x.addmm(mat1, mat2, beta, alpha));

        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Operations.Update(this, x => x.addmv(mat, vec, beta, alpha));

        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Operations.Update(this, x => x.addr(vec1, vec2, beta, alpha));

        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Operations.Update(this, x => x.addbmm(batch1, batch2, beta, alpha));

        private Tensor Combine(Tensor product, float beta, float alpha)
        {
            using var scope = DisposeScope.ForTemporaries();
            var right = alpha == 1 ? product : product.mul(Factor(alpha));
            // beta 0 ignores this tensor altogether, also where it is NaN.
            if (beta == 0)
                return scope.MoveToOuter(right.expand(TorchSharp.Layout.Broadcast(right.Layout, Layout).Shape).clone());
            var result = (beta == 1 ? this : mul(Factor(beta))).add(right);
            product.Discard();
            return scope.MoveToOuter(result);
        }

        /// <summary>A factor that leaves integers integers.</summary>
        private Scalar Factor(float value) => dtype.IsFloating() ? (Scalar)value : (Scalar)(long)value;

        /// <summary>Sums of products over the last <paramref name="dims"/> dimensions of this and the first of b.</summary>
        public Tensor tensordot(Tensor b, long dims = 2)
        {
            long[] left = new long[dims];
            long[] right = new long[dims];
            for (int i = 0; i < dims; i++)
            {
                left[i] = Layout.Rank - dims + i;
                right[i] = i;
            }
            return tensordot(b, left, right);
        }

        public Tensor tensordot(Tensor b, (long, long)[] dims) => tensordot(b, Array.ConvertAll(dims, d => d.Item1), Array.ConvertAll(dims, d => d.Item2));

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2)
        {
            if (dims1.Length != dims2.Length)
                throw new ExternalException("both dimension lists should have same length");
            if (dims1.Length > Math.Min(Layout.Rank, b.Layout.Rank))
                throw new ExternalException($"tensordot: cannot contract {dims1.Length} dimensions of {Layout} and {b.Layout}");
            using var scope = DisposeScope.ForTemporaries();
            long[] d1 = Array.ConvertAll(dims1, d => (long)Layout.Dim(d));
            long[] d2 = Array.ConvertAll(dims2, d => (long)b.Layout.Dim(d));
            for (int i = 0; i < d1.Length; i++)
                if (Layout.Shape[d1[i]] != b.Layout.Shape[d2[i]])
                    throw new ExternalException($"contracted dimensions need to match, but first has size {Layout.Shape[d1[i]]} in dim {d1[i]} and second has size {b.Layout.Shape[d2[i]]} in dim {d2[i]} (shapes {Layout} and {b.Layout})");
            long[] free1 = Enumerable.Range(0, Layout.Rank).Select(d => (long)d).Except(d1).ToArray();
            long[] free2 = Enumerable.Range(0, b.Layout.Rank).Select(d => (long)d).Except(d2).ToArray();
            long contracted = d1.Aggregate(1L, (n, d) => n * Layout.Shape[d]);
            long[] shape1 = [.. free1.Select(d => Layout.Shape[d])], shape2 = [.. free2.Select(d => b.Layout.Shape[d])];
            var left = permute([.. free1, .. d1]).reshape(shape1.TotalSize(), contracted);
            var right = b.permute([.. d2, .. free2]).reshape(contracted, shape2.TotalSize());
            return scope.MoveToOuter(left.mm(right).reshape([.. shape1, .. shape2]));
        }
    }

    public static Tensor tensordot(Tensor a, Tensor b, long dims = 2) => a.tensordot(b, dims);

    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);

    public static Tensor tensordot(Tensor a, Tensor b, (long, long)[] dims) => a.tensordot(b, dims);

    public static Tensor vdot(Tensor input, Tensor target) => input.vdot(target);

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);

    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);

    public static Tensor ger(Tensor input, Tensor vec2) => input.ger(vec2);

    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);

    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => input.addbmm(batch1, batch2, beta, alpha);

    public static Tensor addbmm_(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => input.addbmm_(batch1, batch2, beta, alpha);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);

    public static Tensor addmm_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm_(mat1, mat2, beta, alpha);

    public static Tensor addmv(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv(mat1, mat2, beta, alpha);

    public static Tensor addmv_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv_(mat1, mat2, beta, alpha);

    public static Tensor addr(Tensor input, Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) => input.addr(vec1, vec2, beta, alpha);

    public static Tensor addr_(Tensor input, Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) => input.addr_(vec1, vec2, beta, alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => input.baddbmm(batch1, batch2, beta, alpha);

    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);
}
