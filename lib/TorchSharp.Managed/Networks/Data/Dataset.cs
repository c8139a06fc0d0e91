namespace TorchSharp;

public static partial class torch
{
    public static partial class utils
    {
        /// <summary>Examples and batches.</summary>
        public static partial class data
        {
            /// <summary>Numbered examples.</summary>
            public abstract class Dataset<T> : IDisposable
            {
                public abstract long Count { get; }

                /// <summary>One example. Several threads may ask at once when the loader has several workers.</summary>
                public abstract T GetTensor(long index);

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing) { }
            }

            /// <summary>Examples that are tensors by name.</summary>
            public abstract class Dataset : Dataset<Dictionary<string, Tensor>>;

            /// <summary>Examples that are tensors by position.</summary>
            public abstract class IterableDataset : Dataset<IList<Tensor>>;
        }
    }
}
