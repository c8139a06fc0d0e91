namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            public static partial class rnn
            {
                /// <summary>Sequences of different lengths as one tensor, [L, N, …] or [N, L, …].</summary>
                public static Tensor pad_sequence(IEnumerable<Tensor> sequences, bool batch_first = false, double padding_value = 0.0)
                {
                    List<Tensor> all = [.. sequences];
                    if (all.Count == 0)
                        throw new ArgumentException("pad_sequence got no sequences.", nameof(sequences));
                    long length = all.Max(sequence => sequence.shape[0]);
                    List<Tensor> padded = [.. all.Select(sequence => sequence.shape[0] == length ? sequence
                        : cat([sequence, full([length - sequence.shape[0], .. sequence.shape[1..]], padding_value, sequence.dtype, sequence.device)], 0))];
                    return stack(padded, batch_first ? 0 : 1);
                }
            }
        }
    }
}
