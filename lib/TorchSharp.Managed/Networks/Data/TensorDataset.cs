using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class utils
        {
            public static partial class data
            {
                /// <summary>Tensors whose first dimension counts the examples.</summary>
                public static TensorDataset TensorDataset(params Tensor[] tensors) => new(tensors);
            }
        }
    }
}

namespace TorchSharp.Modules
{
    public class TensorDataset : utils.data.IterableDataset
    {
        private readonly Tensor[] _columns;

        internal TensorDataset(Tensor[] tensors)
        {
            if (tensors.Length == 0)
                throw new ArgumentException("TensorDataset needs one or more tensors.", nameof(tensors));
            long count = tensors[0].dim() > 0 ? tensors[0].shape[0] : -1;
            if (tensors.Any(tensor => tensor.dim() == 0 || tensor.shape[0] != count))
                throw new ArgumentException($"All tensors of a TensorDataset need the same first dimension, got {string.Join(", ", tensors.Select(tensor => $"[{string.Join(", ", tensor.shape)}]"))}.", nameof(tensors));
            _columns = [.. tensors.Select(tensor => tensor.alias().DetachFromDisposeScope())];
            Count = count;
        }

        public override long Count { get; }

        public IList<Tensor> this[long index] => GetTensor(index);

        public override IList<Tensor> GetTensor(long index) => [.. _columns.Select(column => column[index])];

        /// <summary>A whole batch at once, which is faster than one example after another.</summary>
        internal List<Tensor> GetBatch(long[] indices)
        {
            return [.. _columns.Select(Rows)];

            Tensor Rows(Tensor column)
            {
                using var positions = tensor(indices, ScalarType.Int64, column.device).AsTemporary();
                return column.index_select(0, positions);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                foreach (var column in _columns)
                    column.Dispose();
            base.Dispose(disposing);
        }
    }
}
