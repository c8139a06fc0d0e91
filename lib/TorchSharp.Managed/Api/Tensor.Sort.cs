namespace TorchSharp;

public static partial class torch
{
    // Order: sorting, largest elements, quantiles.
    public partial class Tensor
    {
        /// <summary>Elements in order along a dimension and where they were; equal elements keep their order, NaN counts as largest.</summary>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) => Operations.Sort(this, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Operations.ArgSort(this, dim, descending);

        public Tensor msort()
        {
            var (values, indices) = sort(0);
            indices.Discard();
            return values;
        }

        /// <summary>The k largest (smallest) elements in order.</summary>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Operations.TopK(this, k, dim, largest);

        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) => Operations.KthValue(this, k, dim ?? -1, keepdim);

        public Tensor median() => Operations.Median(this, ignoreNaN: false);

        public Tensor nanmedian() => Operations.Median(this, ignoreNaN: true);

        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) => Operations.Mode(this, dim, keepdim);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Operations.Quantile(this, q, dim == -1 ? null : dim, keepdim, false);

        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Operations.Quantile(this, q, dim == -1 ? null : dim, keepdim, true);
    }

    public static (Tensor values, Tensor indices) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false) => input.sort(dim, descending, stable);

    public static (Tensor values, Tensor indices) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true) => tensor.topk(k, dim, largest, sorted);

    public static (Tensor values, Tensor indices) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);

    public static Tensor median(Tensor input) => input.median();

    public static (Tensor values, Tensor indices) mode(Tensor input, long dim = -1, bool keepdim = false) => input.mode(dim, keepdim);

    public static Tensor msort(Tensor tensor) => tensor.msort();

    public static Tensor nanmedian(Tensor input) => input.nanmedian();

    public static Tensor nanquantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.nanquantile(q, dim, keepdim);

    public static Tensor quantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.quantile(q, dim, keepdim);

    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) => input.argsort(dim, descending);
}
