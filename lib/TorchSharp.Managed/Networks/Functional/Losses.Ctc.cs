using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// −ln of the probability that a sequence of class probabilities spells a target, summed over all alignments (connectionist
            /// temporal classification, Graves et al., 2006): repeated classes count once, blanks not at all.
            /// </summary>
            /// <param name="log_probs">Logarithms of probabilities, from log_softmax: [time, batch, classes] or [time, classes].</param>
            /// <param name="targets">Classes, never blank: [batch, longest target], or all targets one after another.</param>
            /// <param name="zero_infinity">A target that does not fit into its input counts 0, not ∞.</param>
            public static Tensor ctc_loss(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, long blank = 0, bool zero_infinity = false, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (log_probs.Layout.Rank == 2)
                {
                    var one = ctc_loss(log_probs.unsqueeze(1), targets.view(1, -1), input_lengths.view(1), target_lengths.view(1), blank, zero_infinity, reduction);
                    return scope.MoveToOuter(reduction == Reduction.None ? one.squeeze(0) : one);
                }
                long time = log_probs.shape[0], batch = log_probs.shape[1], classes = log_probs.shape[2];
                long[] steps = Lengths(input_lengths), lengths = Lengths(target_lengths);
                if (steps.Length != batch || lengths.Length != batch)
                    throw new ExternalException($"ctc_loss: expected {batch} input_lengths and target_lengths for log_probs {log_probs.Layout}, but got {input_lengths.Layout} and {target_lengths.Layout}");
                if (steps.Any(length => length < 0 || length > time))
                    throw new ExternalException($"Expected input_lengths to have value at most {time}, but got value {steps.Max()} (log_probs {log_probs.Layout})");
                if (blank < 0 || blank >= classes)
                    throw new ExternalException($"blank must be in label range: got {blank} for log_probs {log_probs.Layout}");

                // The target with a blank before, between and behind its classes; what is longer than a target is never asked for.
                long width = 2 * lengths.DefaultIfEmpty().Max() + 1;
                long[,] labels = Extended(targets, lengths, width, blank, classes);
                var places = tensor(labels, device: log_probs.device);
                bool[,] skips = new bool[batch, width];
                for (long n = 0; n < batch; n++)
                    for (long s = 2; s < width; s++)
                        skips[n, s] = labels[n, s] != blank && labels[n, s] != labels[n, s - 2];

                // alpha[s]: the logarithm of the probability of all beginnings that end in label s. A finite floor stands for ln 0, so that no gradient is ∞ − ∞.
                const double Floor = -1e30;
                var emitted = log_probs.clamp_min(Floor).gather(2, places.expand(time, batch, width));
                var floor = full([batch, 2], Floor, log_probs.dtype, log_probs.device);
                var alphas = new List<Tensor> { cat([zeros([batch, 1], log_probs.dtype, log_probs.device), full([batch, width - 1], Floor, log_probs.dtype, log_probs.device)], 1) };
                var maySkip = tensor(skips, device: log_probs.device);
                for (long t = 0; t < time; t++)
                {
                    var last = alphas[^1];
                    var padded = cat([floor, last], 1);
                    // Before the first step only the start exists: from it one label, or the blank, is reached.
                    var moved = t == 0 ? (width > 1 ? cat([last.narrow(1, 0, 1), last.narrow(1, 0, 1), last.narrow(1, 2, width - 2)], 1) : last)
                        : torch.logsumexp(stack([last, padded.narrow(1, 1, width), torch.where(maySkip, padded.narrow(1, 0, width), floor.narrow(1, 0, 1))], 0), 0);
                    alphas.Add((moved + emitted.select(0, t)).clamp_min(Floor));
                }
                var losses = new List<Tensor>();
                for (long n = 0; n < batch; n++)
                {
                    var ends = alphas[(int)steps[n]].select(0, n);
                    long end = 2 * lengths[n];
                    losses.Add(-(end == 0 ? ends[0] : torch.logsumexp(ends.narrow(0, end - 1, 2), 0)));
                }
                var loss = stack(losses);
                var impossible = loss.detach().gt(-Floor / 2);
                loss = loss.masked_fill(impossible, zero_infinity ? 0 : double.PositiveInfinity);
                return scope.MoveToOuter(reduction switch
                {
                    Reduction.None => loss,
                    Reduction.Sum => loss.sum(),
                    _ => (loss / tensor(System.Array.ConvertAll(lengths, length => (double)Math.Max(length, 1)), loss.dtype, loss.device)).mean(),
                });
            }

            private static long[] Lengths(Tensor lengths) => lengths.Integers();

            private static long[,] Extended(Tensor targets, long[] lengths, long width, long blank, long classes)
            {
                long[] all = targets.Integers();
                bool rows = targets.Layout.Rank == 2;
                if (rows && (targets.shape[0] != lengths.Length || lengths.Any(length => length > targets.shape[1])) || !rows && lengths.Sum() != all.Length)
                    throw new ExternalException($"ctc_loss: targets {targets.Layout} do not hold {lengths.Length} targets of the lengths {Layout.Text(lengths)}");
                long[,] labels = new long[lengths.Length, width];
                long next = 0;
                for (int n = 0; n < lengths.Length; n++)
                {
                    long from = rows ? n * targets.shape[1] : next;
                    next += lengths[n];
                    for (long s = 0; s < width; s++)
                    {
                        labels[n, s] = s % 2 == 0 || s / 2 >= lengths[n] ? blank : all[from + s / 2];
                        if (labels[n, s] < 0 || labels[n, s] >= classes)
                            throw new ExternalException($"ctc_loss: target {labels[n, s]} is no class of 0…{classes - 1}");
                    }
                }
                return labels;
            }
        }
    }
}
