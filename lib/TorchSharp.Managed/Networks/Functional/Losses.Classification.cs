using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Classification losses. Class scores lie along dimension 1 of [N, C, …], or are a single [C].
        public static partial class functional
        {
            /// <summary>−log softmax(x)[t]: logarithm and softmax in one, so that large scores do not overflow.</summary>
            /// <param name="input">Scores [N, C, …] or [C].</param>
            /// <param name="target">Class indices [N, …] (int64), or probabilities of the shape of the scores.</param>
            /// <param name="weight">One factor a class.</param>
            /// <param name="ignore_index">Targets of this value count for nothing.</param>
            /// <param name="label_smoothing">Share of the target probability that is spread over all classes. Szegedy et al., 2015.</param>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0)
            {
                using var scope = DisposeScope.ForTemporaries();
                long classDim = input.dim() == 1 ? 0 : 1;
                var logs = log_softmax(input, classDim);
                if (!target.is_floating_point())
                    return scope.MoveToOuter(NegativeLog(logs, target, weight, ignore_index, reduction, label_smoothing));

                if (!target.shape.AsSpan().SequenceEqual(input.shape))
                    throw new ArgumentException($"cross_entropy: probabilities have shape {Shape(target)}, expected the shape of the scores {Shape(input)}.", nameof(target));
                long classes = input.shape[classDim];
                if (label_smoothing > 0)
                    target = target.mul(1 - label_smoothing).add(label_smoothing / classes);
                var terms = logs * target;
                if (weight is not null)
                    terms *= AlongClasses(weight, input);
                var loss = terms.sum(classDim).neg();
                return scope.MoveToOuter(reduction == Reduction.Mean ? loss.sum().div((double)input.numel() / classes) : Reduce(loss, reduction));
            }

            /// <summary>−x[t], for log-probabilities x.</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                NegativeLog(input, target, weight, -100, reduction, 0);

            private static Tensor NegativeLog(Tensor logs, Tensor target, Tensor? weight, long ignoreIndex, Reduction reduction, double smoothing)
            {
                using var scope = DisposeScope.ForTemporaries();
                long classDim = logs.dim() == 1 ? 0 : 1, classes = logs.shape[classDim];
                long[] expected = [.. logs.shape.Where((_, i) => i != classDim)];
                if (!target.shape.AsSpan().SequenceEqual(expected))
                    throw new ArgumentException($"Expected class indices of shape [{string.Join(", ", expected)}] for scores of shape {Shape(logs)}, got {Shape(target)}.", nameof(target));
                if (weight is not null && weight.numel() != classes)
                    throw new ArgumentException($"weight has {weight.numel()} values, expected one for each of {classes} classes.", nameof(weight));

                if (target.dtype is not (ScalarType.Int64 or ScalarType.Byte))
                    throw new ExternalException($"expected scalar type Long but found {target.dtype}: class indices are int64");
                if (target.dtype == ScalarType.Byte)
                    target = target.to_type(ScalarType.Int64);
                if (weight is null && smoothing <= 0 && reduction != Reduction.None && Operations.NegativeLog(logs, target, ignoreIndex, reduction == Reduction.Mean) is { } atOnce)
                    return scope.MoveToOuter(atOnce);
                var ignored = target.eq(ignoreIndex);
                bool anyIgnored = !target.IsMeta && ignored.any().item<bool>();
                if (anyIgnored)
                    target = target.masked_fill(ignored, 0);
                RequireClasses(target, classes);
                var loss = logs.gather(classDim, target.unsqueeze(classDim)).squeeze(classDim).neg();
                // Weights of the targets; ignored ones weigh nothing.
                var weights = weight?.index_select(0, target.flatten()).view(target.shape);
                if (anyIgnored)
                    weights = (weights ?? torch.ones_like(loss)).masked_fill(ignored, 0);
                // Nothing counts: the mean is 0/0, of which no gradient reaches the scores.
                if (anyIgnored && reduction == Reduction.Mean && ignored.all().item<bool>())
                    return scope.MoveToOuter(logs.masked_fill(torch.ones_like(logs, ScalarType.Bool), double.NaN).sum());
                Tensor Total(Tensor value) => reduction switch
                {
                    Reduction.Mean when weights is not null => value.sum() / weights.sum(),
                    _ => Reduce(value, reduction),
                };
                var picked = Total(weights is null ? loss : loss * weights);
                if (smoothing <= 0)
                    return scope.MoveToOuter(picked);

                var everywhere = (weight is null ? logs : logs * AlongClasses(weight, logs)).sum(classDim).neg();
                if (anyIgnored)
                    everywhere = everywhere.masked_fill(ignored, 0);
                return scope.MoveToOuter(picked.mul(1 - smoothing) + Total(everywhere).mul(smoothing / classes));
            }

            private static void RequireClasses(Tensor target, long classes)
            {
                if (!target.HasData)
                    return;
                using Tensor smallest = target.min().AsTemporary(), largest = target.max().AsTemporary();
                long low = smallest.item<long>(), high = largest.item<long>();
                if (low < 0 || high >= classes)
                    throw new ArgumentOutOfRangeException(nameof(target), $"Target {(low < 0 ? low : high)} is out of bounds: there are {classes} classes.");
            }

            private static Tensor AlongClasses(Tensor weight, Tensor scores)
            {
                long[] shape = new long[scores.dim()];
                shape.AsSpan().Fill(1);
                shape[scores.dim() == 1 ? 0 : 1] = weight.numel();
                return weight.view(shape);
            }

            /// <summary>−(t·log x + (1−t)·log(1−x)) for probabilities x; each logarithm is at least −100.</summary>
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                RequireSameShape(input, target);
                if (input.HasData && input.lt(0).logical_or(input.gt(1)).any().item<bool>())
                    throw new ArgumentException("binary_cross_entropy: all values of input must lie between 0 and 1; for scores use binary_cross_entropy_with_logits.", nameof(input));
                var loss = Operations.BinaryCrossEntropy(input, target);
                return scope.MoveToOuter(Reduce(weight is null ? loss : loss * weight, reduction));
            }

            /// <summary>Binary cross entropy of σ(x), stable for scores of any size.</summary>
            /// <param name="pos_weights">Factor of the positive targets.</param>
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
            {
                using var scope = DisposeScope.ForTemporaries();
                RequireSameShape(input, target);
                var log = input.log_sigmoid();
                if (pos_weights is not null)
                    log *= (pos_weights.sub(1) * target).add(1);
                var loss = target.neg().add(1) * input - log;
                return scope.MoveToOuter(Reduce(weight is null ? loss : loss * weight, reduction));
            }

            /// <summary>−(t·log σ(x) + (1−t)·log σ(−x)), averaged over the classes.</summary>
            public static Tensor multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                var loss = (target * input.log_sigmoid() + target.neg().add(1) * input.neg().log_sigmoid()).neg();
                if (weight is not null)
                    loss *= weight;
                return scope.MoveToOuter(Reduce(loss.mean([input.dim() - 1]), reduction));
            }

            /// <summary>Σ over the other classes of max(0, margin − x[t] + x[i])^p, divided by the number of classes.</summary>
            public static Tensor multi_margin_loss(Tensor input, Tensor target, int p = 1, double margin = 1.0, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (p is not (1 or 2))
                    throw new ArgumentException($"multi_margin_loss: p is {p}, expected 1 or 2.", nameof(p));
                var scores = input.dim() == 1 ? input.unsqueeze(0) : input;
                Tensor classes = target.reshape(-1, 1), own = scores.gather(1, classes);
                var loss = (scores - own).add(margin).clamp_min(0);
                if (p == 2)
                    loss = loss.square();
                if (weight is not null)
                    loss *= weight.index_select(0, classes.flatten()).unsqueeze(1);
                var others = torch.ones_like(loss).detach().scatter(1, classes, torch.zeros_like(own).detach());
                loss = (loss * others).sum(1).div(scores.shape[1]);
                return scope.MoveToOuter(Reduce(input.dim() == 1 ? loss.squeeze(0) : loss, reduction));
            }

            /// <summary>Σ over targets j and other classes i of max(0, 1 − (x[j] − x[i])), divided by the number of classes. A row of targets ends at the first −1.</summary>
            public static Tensor multi_label_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                RequireSameShape(input, target);
                Tensor scores = input.dim() == 1 ? input.unsqueeze(0) : input, labels = target.dim() == 1 ? target.unsqueeze(0) : target;
                long[] classes = labels.Integers();
                bool[] valid = new bool[classes.Length];
                for (int i = 0; i < valid.Length; i++)
                    valid[i] = classes[i] >= 0 && (i % labels.shape[1] == 0 || valid[i - 1]);
                Tensor counts = tensor(valid, labels.shape).to(scores.dtype, scores.device), safe = labels.clamp_min(0);
                var isTarget = torch.zeros_like(scores).detach().scatter_add(1, safe, counts).gt(0);
                var terms = (scores.unsqueeze(1) - scores.gather(1, safe).unsqueeze(2)).add(1).clamp_min(0);
                var pairs = counts.unsqueeze(2) * isTarget.logical_not().to_type(scores.dtype).unsqueeze(1);
                var loss = (terms * pairs).sum([1L, 2L]).div(scores.shape[1]);
                return scope.MoveToOuter(Reduce(input.dim() == 1 ? loss.squeeze(0) : loss, reduction));
            }

            private static void RequireSameShape(Tensor input, Tensor target)
            {
                if (!input.shape.AsSpan().SequenceEqual(target.shape))
                    throw new ArgumentException($"Target has shape {Shape(target)}, expected the shape of the input {Shape(input)}.", nameof(target));
            }

            private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
        }
    }
}
