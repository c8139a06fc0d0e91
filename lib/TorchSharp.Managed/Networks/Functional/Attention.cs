namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(Q·Kᵀ / √d + mask)·V. Vaswani et al., 2017.</summary>
            /// <param name="query">[…, L, d].</param>
            /// <param name="key">[…, S, d].</param>
            /// <param name="value">[…, S, v].</param>
            /// <param name="attn_mask">Added to the scores; or, if bool, true where attention is allowed.</param>
            /// <param name="p">Dropout of the attention weights.</param>
            /// <param name="is_casual">Position i sees positions up to i only (TorchSharp's spelling).</param>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (is_casual && attn_mask is not null)
                    throw new ArgumentException("Give a mask or is_casual, not both.", nameof(attn_mask));
                if (is_casual)
                    attn_mask = arange(key.shape[^2], device: key.device).unsqueeze(0).le(arange(query.shape[^2], device: key.device).unsqueeze(1));
                var scores = query.div(Math.Sqrt(query.shape[^1])).matmul(key.transpose(-2, -1));
                if (attn_mask is not null)
                    scores = attn_mask.dtype == ScalarType.Bool ? scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity) : scores + attn_mask;
                return scope.MoveToOuter(dropout(softmax(scores, -1), p).matmul(value));
            }
        }
    }
}
