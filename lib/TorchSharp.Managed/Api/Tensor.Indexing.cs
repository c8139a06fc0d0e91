namespace TorchSharp;

public static partial class torch
{
    // x[…] as Python writes it: numbers and ranges give views, masks and index tensors copies; assignment writes into the tensor.
    public partial class Tensor
    {
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Assign(select(0, i1), value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => Assign(At([i1, i2]), value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => Assign(At([i1, i2, i3]), value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At([i1, i2, i3, i4]);
            set => Assign(At([i1, i2, i3, i4]), value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At([i1, i2, i3, i4, i5]);
            set => Assign(At([i1, i2, i3, i4, i5]), value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => At([i1, i2, i3, i4, i5, i6]);
            set => Assign(At([i1, i2, i3, i4, i5, i6]), value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => Assign(At(indices), value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        private static void Assign(Tensor view, Tensor value)
        {
            using (view.AsTemporary())
                Operations.AssignInto(view, value);
        }

        private Tensor At(ReadOnlySpan<long> indices)
        {
            var x = select(0, indices[0]);
            for (int i = 1; i < indices.Length; i++)
            {
                var next = x.select(0, indices[i]);
                x.Discard();
                x = next;
            }
            return x;
        }

        public Tensor index(params TensorIndex[] indices) => Operations.Index(this, indices);

        public Tensor index(params Tensor[] indices) => Operations.Index(this, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => Operations.IndexPut(this, value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false) => Operations.IndexPut(this, value, indices, accumulate);

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Operations.IndexPut(this, value, Array.ConvertAll(indices, TensorIndex.Tensor), false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Operations.IndexPut(this, value, Array.ConvertAll(indices, TensorIndex.Tensor), accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = Operations.Number(value, dtype);
            return Operations.IndexPut(this, number, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_select(long dim, Tensor index) => Operations.IndexSelect(this, dim, index);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Operations.IndexAdd(this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Operations.IndexAddInto(this, dim, index, source, alpha);

        public Tensor gather(long dim, Tensor index) => Operations.Gather(this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Operations.Scatter(this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Operations.ScatterInto(this, dim, index, src, add: false);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Operations.ScatterAdd(this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Operations.ScatterInto(this, dim, index, src, add: true);

        /// <summary>This where the condition holds, y elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Operations.Where(condition, this, y);

        public Tensor masked_fill(Tensor mask, Scalar value)
        {
            Operations.RequireFits(value, dtype);
            using var number = Operations.Number(value, dtype);
            return Operations.Where(mask, number, this);
        }

        public Tensor masked_fill_(Tensor mask, Scalar value) => Operations.Update(this, x => x.masked_fill(mask, value));

        public Tensor masked_select(Tensor mask)
        {
            if (mask.dtype is not (ScalarType.Bool or ScalarType.Byte))
                throw new System.Runtime.InteropServices.ExternalException($"masked_select: expected BoolTensor or ByteTensor for mask, got {mask.dtype}");
            using var scope = DisposeScope.ForTemporaries();
            var layout = TorchSharp.Layout.Broadcast(Layout, mask.Layout);
            return scope.MoveToOuter(expand(layout.Shape).index(mask.expand(layout.Shape)));
        }

        /// <summary>Coordinates of the elements that are not zero, one row each (Int64).</summary>
        public Tensor nonzero() => Operations.NonZero(this);

        /// <summary>The columns of <see cref="nonzero"/>, one for each dimension, of shape [count, 1].</summary>
        public IList<Tensor> nonzero_as_list()
        {
            using var coordinates = nonzero().AsTemporary();
            return coordinates.split(1, 1);
        }

        public Tensor argwhere() => nonzero();

        public Tensor take(Tensor index)
        {
            if (index.dtype != ScalarType.Int64)
                throw new System.Runtime.InteropServices.ExternalException($"take(): Expected a long tensor for index, but got {index.dtype}");
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter(reshape(-1).index_select(0, index.reshape(-1)).reshape(index.Layout.Shape));
        }
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Operations.Where(condition, x, y);

    /// <summary>The coordinates of what is not zero: for each dimension a vector.</summary>
    public static Tensor[] where(Tensor condition)
    {
        using var coordinates = condition.nonzero().AsTemporary();
        return coordinates.unbind(1);
    }

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    public static Tensor scatter_(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_(dim, index, src);

    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);

    public static Tensor scatter_add_(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add_(dim, index, src);

    public static Tensor take(Tensor input, Tensor index) => input.take(index);

    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    public static Tensor nonzero(Tensor input) => input.nonzero();

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor index_add(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) => input.index_add(dim, index, source, alpha);

    public static Tensor index_add_(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) => input.index_add_(dim, index, source, alpha);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor argwhere(Tensor input) => input.argwhere();
}
