using System.Collections;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class utils
        {
            public static partial class data
            {
                /// <summary>Groups the examples of a data set into batches.</summary>
                /// <param name="shuffle">In random order; the same each time when a seed is given.</param>
                /// <param name="num_worker">How many threads fetch examples.</param>
                /// <param name="drop_last">Leave out a last batch that is not full.</param>
                /// <param name="disposeBatch">Each batch is disposed when the next one is asked for.</param>
                /// <param name="disposeDataset">The data set is disposed together with the loader.</param>
                public static DataLoader DataLoader(Dataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true) =>
                    new(dataset, batchSize, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset);

                /// <param name="shuffler">The order in which examples are taken.</param>
                public static DataLoader DataLoader(Dataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true) =>
                    new(dataset, batchSize, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset);

                public static IterableDataLoader DataLoader(IterableDataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true) =>
                    new(dataset, batchSize, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset);

                public static IterableDataLoader DataLoader(IterableDataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true) =>
                    new(dataset, batchSize, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset);
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Batches of examples that are tensors by name.</summary>
    public class DataLoader : DataLoader<Dictionary<string, Tensor>, Dictionary<string, Tensor>>
    {
        public DataLoader(Dataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset) { }

        public DataLoader(Dataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset) { }

        private static Dictionary<string, Tensor> Collate(IEnumerable<Dictionary<string, Tensor>> examples, Device device)
        {
            List<Dictionary<string, Tensor>> all = [.. examples];
            return all[0].Keys.ToDictionary(key => key, key => stack([.. all.Select(example => example[key])], 0).to(device));
        }
    }

    /// <summary>Batches of examples that are tensors by position.</summary>
    public class IterableDataLoader : DataLoader<IList<Tensor>, IList<Tensor>>
    {
        public IterableDataLoader(IterableDataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset) { }

        public IterableDataLoader(IterableDataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset) { }

        private static IList<Tensor> Collate(IEnumerable<IList<Tensor>> examples, Device device)
        {
            List<IList<Tensor>> all = [.. examples];
            return [.. Enumerable.Range(0, all[0].Count).Select(i => stack([.. all.Select(example => example[i])], 0).to(device))];
        }

        private protected override IList<Tensor> Batch(long[] indices) =>
            dataset is TensorDataset columns ? [.. columns.GetBatch(indices).Select(column => column.to(Device))] : base.Batch(indices);
    }

    /// <summary>Batches that a function of one's own makes of examples.</summary>
    public class DataLoader<T, S> : IEnumerable<S>, IDisposable
    {
        public DataLoader(Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : this(dataset, batchSize, collate_fn, shuffle ? new FisherYatesShuffler(dataset.Count, seed) : InOrder(dataset), device, num_worker, drop_last, disposeBatch, disposeDataset) { }

        public DataLoader(Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        {
            ArgumentNullException.ThrowIfNull(dataset);
            ArgumentNullException.ThrowIfNull(shuffler);
            if (batchSize <= 0)
                throw new ArgumentException($"batchSize is {batchSize}, expected 1 or more.", nameof(batchSize));
            (this.dataset, batch_size, this.collate_fn, sampler, Device) = (dataset, batchSize, collate_fn, shuffler, InitializeDevice(device!));
            (num_workers, this.drop_last, DisposeBatch, DisposeDataset) = (Math.Max(num_worker, 1), drop_last, disposeBatch, disposeDataset);
        }

        public Dataset<T> dataset { get; }

        public int batch_size { get; }

        public Func<IEnumerable<T>, Device, S> collate_fn { get; }

        public IEnumerable<long> sampler { get; }

        public Device Device { get; }

        public int num_workers { get; }

        public bool drop_last { get; }

        public bool DisposeBatch { get; }

        public bool DisposeDataset { get; }

        /// <summary>Number of batches.</summary>
        public long Count => drop_last ? dataset.Count / batch_size : (dataset.Count + batch_size - 1) / batch_size;

        private static IEnumerable<long> InOrder(Dataset<T> dataset)
        {
            for (long i = 0; i < dataset.Count; i++)
                yield return i;
        }

        public IEnumerator<S> GetEnumerator()
        {
            IReadOnlyList<IDisposable> current = [];
            try
            {
                foreach (long[] indices in Groups())
                {
                    Release(current);
                    S batch;
                    using (var scope = NewDisposeScope())
                    {
                        batch = Batch(indices);
                        current = [.. scope.DisposablesView];
                        scope.Detach(current);
                    }
                    yield return batch;
                }
            }
            finally
            {
                Release(current);
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private void Release(IReadOnlyList<IDisposable> tensors)
        {
            if (!DisposeBatch)
                return;
            foreach (var tensor in tensors)
                tensor.Dispose();
        }

        private IEnumerable<long[]> Groups()
        {
            var group = new List<long>(batch_size);
            foreach (long index in sampler)
            {
                group.Add(index);
                if (group.Count < batch_size)
                    continue;
                yield return [.. group];
                group.Clear();
            }
            if (group.Count > 0 && !drop_last)
                yield return [.. group];
        }

        private protected virtual S Batch(long[] indices)
        {
            var examples = new T[indices.Length];
            if (num_workers == 1)
                for (int i = 0; i < indices.Length; i++)
                    examples[i] = dataset.GetTensor(indices[i]);
            else
                Parallel.For(0, indices.Length, new ParallelOptions { MaxDegreeOfParallelism = num_workers }, i => examples[i] = dataset.GetTensor(indices[i]));
            return collate_fn(examples, Device);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (disposing && DisposeDataset)
                dataset.Dispose();
        }
    }
}
