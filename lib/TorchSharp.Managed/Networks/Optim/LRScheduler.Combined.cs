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
                    private readonly bool _smaller, _relative;
                    private readonly double _factor, _threshold, _eps;
                    private readonly int _patience, _cooldown;
                    private readonly List<double> _lowest;
                    private double _best;
                    private int _bad, _cooling;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1E-4, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1E-08, bool verbose = false)
                        : base(optimizer, 0, verbose)
                    {
                        if (factor >= 1)
                            throw new ArgumentException($"factor is {factor}, expected below 1.", nameof(factor));
                        if (mode is not ("min" or "max"))
                            throw new ArgumentException($"mode is '{mode}', expected 'min' or 'max'.", nameof(mode));
                        if (threshold_mode is not ("rel" or "abs"))
                            throw new ArgumentException($"threshold_mode is '{threshold_mode}', expected 'rel' or 'abs'.", nameof(threshold_mode));
                        (_smaller, _relative, _factor, _threshold, _eps, _patience, _cooldown) = (mode == "min", threshold_mode == "rel", factor, threshold, eps, patience, cooldown);
                        _lowest = Spread(min_lr is { Count: > 0 } ? min_lr : null, 0, _base_lrs.Count);
                        _best = _smaller ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step() => step(null);

                    public override void step(int? epoch) => throw new InvalidOperationException("ReduceLROnPlateau needs the value that it watches: step(value).");

                    public override void step(double current, int? epoch = null)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        if (IsBetter(current))
                            (_best, _bad) = (current, 0);
                        else
                            _bad++;
                        if (_cooling > 0)
                            (_cooling, _bad) = (_cooling - 1, 0);
                        var rates = FromLast(rate => rate);
                        if (_bad > _patience)
                        {
                            rates = [.. Groups.Zip(_lowest, (group, low) => Math.Max(group.LearningRate * _factor, low) is var next && group.LearningRate - next > _eps ? next : group.LearningRate)];
                            (_cooling, _bad) = (_cooldown, 0);
                        }
                        Set(rates);
                    }

                    private bool IsBetter(double value) => (_smaller, _relative) switch
                    {
                        (true, true) => value < _best * (1 - _threshold),
                        (true, false) => value < _best - _threshold,
                        (false, true) => value > _best * (_threshold + 1),
                        (false, false) => value > _best + _threshold,
                    };
                }

                public class SequentialLR : LRScheduler
                {
                    private readonly List<LRScheduler> _parts;
                    private readonly List<int> _changes;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) : base(optimizer, last_epoch + 1)
                    {
                        (_parts, _changes) = ([.. schedulers], [.. milestones]);
                        if (_changes.Count != _parts.Count - 1)
                            throw new ArgumentException($"{_parts.Count} schedulers need {_parts.Count - 1} milestones, got {_changes.Count}.", nameof(milestones));
                        // Creating the schedulers has moved the rates: start again from the first one's epoch 0.
                        foreach (var group in Groups)
                            group.LearningRate = group.InitialLearningRate;
                        _parts[0].step(0);
                        Set(_parts[0].get_last_lr());
                    }

                    public override void step() => step(null);

                    public override void step(int? epoch)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        int part = _changes.Count(change => change <= _last_epoch);
                        if (part > 0 && _changes[part - 1] == _last_epoch)
                            _parts[part].step(0);
                        else
                            _parts[part].step();
                        Set(_parts[part].get_last_lr());
                    }
                }

                public class ChainedLR : LRScheduler
                {
                    private readonly List<LRScheduler> _parts;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers) => _parts = [.. schedulers];

                    public override void step()
                    {
                        foreach (var part in _parts)
                            part.step();
                    }

                    public override void step(int? epoch)
                    {
                        foreach (var part in _parts)
                            part.step(epoch);
                    }

                    protected override IEnumerable<double> get_lr() => _parts[^1].get_last_lr();
                }
            }
        }
    }
}
