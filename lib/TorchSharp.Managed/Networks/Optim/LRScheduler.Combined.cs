using static TorchSharp.torch.optim.lr_scheduler.impl;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Lowers the rate when a measured value stops improving.</summary>
            /// <param name="mode">"min" or "max": which direction is better.</param>
            /// <param name="patience">Epochs without improvement that are tolerated.</param>
            /// <param name="threshold_mode">"rel" or "abs": how the threshold of an improvement is meant.</param>
            /// <param name="cooldown">Epochs after a change in which nothing is counted.</param>
            public static LRScheduler ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1E-4, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1E-08, bool verbose = false) =>
                new ReduceLROnPlateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);

            /// <summary>One scheduler after another, changing at given epochs.</summary>
            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) => new SequentialLR(optimizer, schedulers, milestones, last_epoch);

            /// <summary>Several schedulers at once: their factors multiply.</summary>
            public static LRScheduler ChainedLR(IEnumerable<LRScheduler> schedulers) => new ChainedLR(schedulers);

            public static partial class impl
            {
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool smaller, relative;
                    private readonly double factor, threshold, eps;
                    private readonly int patience, cooldown;
                    private readonly List<double> lowest;
                    private double best;
                    private int bad, cooling;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1E-4, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1E-08, bool verbose = false)
                        : base(optimizer, 0, verbose)
                    {
                        if (factor >= 1) throw new ArgumentException($"factor is {factor}, expected below 1.", nameof(factor));
                        if (mode is not ("min" or "max")) throw new ArgumentException($"mode is '{mode}', expected 'min' or 'max'.", nameof(mode));
                        if (threshold_mode is not ("rel" or "abs")) throw new ArgumentException($"threshold_mode is '{threshold_mode}', expected 'rel' or 'abs'.", nameof(threshold_mode));
                        (smaller, relative, this.factor, this.threshold, this.eps, this.patience, this.cooldown) = (mode == "min", threshold_mode == "rel", factor, threshold, eps, patience, cooldown);
                        lowest = Spread(min_lr is { Count: > 0 } ? min_lr : null, 0, _base_lrs.Count);
                        best = smaller ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step() => step(null);

                    public override void step(int? epoch) => throw new InvalidOperationException("ReduceLROnPlateau needs the value that it watches: step(value).");

                    public override void step(double current, int? epoch = null)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        if (IsBetter(current)) (best, bad) = (current, 0);
                        else bad++;
                        if (cooling > 0) (cooling, bad) = (cooling - 1, 0);
                        IEnumerable<double> rates = FromLast(rate => rate);
                        if (bad > patience)
                        {
                            rates = [.. Groups.Zip(lowest, (group, low) => Math.Max(group.LearningRate * factor, low) is var next && group.LearningRate - next > eps ? next : group.LearningRate)];
                            (cooling, bad) = (cooldown, 0);
                        }
                        Set(rates);
                    }

                    private bool IsBetter(double value) => (smaller, relative) switch
                    {
                        (true, true) => value < best * (1 - threshold),
                        (true, false) => value < best - threshold,
                        (false, true) => value > best * (threshold + 1),
                        (false, false) => value > best + threshold,
                    };
                }

                public class SequentialLR : LRScheduler
                {
                    private readonly List<LRScheduler> parts;
                    private readonly List<int> changes;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) : base(optimizer, last_epoch + 1)
                    {
                        (parts, changes) = ([.. schedulers], [.. milestones]);
                        if (changes.Count != parts.Count - 1) throw new ArgumentException($"{parts.Count} schedulers need {parts.Count - 1} milestones, got {changes.Count}.", nameof(milestones));
                        // Creating the schedulers has moved the rates: start again from the first one's epoch 0.
                        foreach (ILearningRateController group in Groups) group.LearningRate = group.InitialLearningRate;
                        parts[0].step(0);
                        Set(parts[0].get_last_lr());
                    }

                    public override void step() => step(null);

                    public override void step(int? epoch)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        int part = changes.Count(change => change <= _last_epoch);
                        if (part > 0 && changes[part - 1] == _last_epoch) parts[part].step(0);
                        else parts[part].step();
                        Set(parts[part].get_last_lr());
                    }
                }

                public class ChainedLR : LRScheduler
                {
                    private readonly List<LRScheduler> parts;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers) => parts = [.. schedulers];

                    public override void step()
                    {
                        foreach (LRScheduler part in parts) part.step();
                    }

                    public override void step(int? epoch)
                    {
                        foreach (LRScheduler part in parts) part.step(epoch);
                    }

                    protected override IEnumerable<double> get_lr() => parts[^1].get_last_lr();
                }
            }
        }
    }
}
