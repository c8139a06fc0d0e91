using static TorchSharp.torch.optim.lr_scheduler.impl;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Up and down between two rates. Smith, 2017.</summary>
            public static LRScheduler CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000, int step_size_down = -1, CyclicLR.Mode mode = impl.CyclicLR.Mode.Triangular, double gamma = 1.0,
                Func<double, double>? scale_fn = null, CyclicLR.ScaleMode scale_mode = impl.CyclicLR.ScaleMode.Cycle, bool cycle_momentum = true, double base_momentum = 0.8, double max_momentum = 0.9, int last_epoch = -1, bool verbose = false) =>
                new CyclicLR(optimizer, base_lr, max_lr, step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum, base_momentum, max_momentum, last_epoch, verbose);

            public static LRScheduler CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up = 2000, int step_size_down = -1, CyclicLR.Mode mode = impl.CyclicLR.Mode.Triangular, double gamma = 1.0,
                Func<double, double>? scale_fn = null, CyclicLR.ScaleMode scale_mode = impl.CyclicLR.ScaleMode.Cycle, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, int last_epoch = -1, bool verbose = false) =>
                new CyclicLR(optimizer, base_lr, max_lr, step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum, base_momentum, max_momentum, last_epoch, verbose);

            /// <summary>One rise to a high rate and a long fall, stepped after every batch. Smith and Topin, 2018.</summary>
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos,
                bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 1E4, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            public static LRScheduler OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos,
                bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 1E4, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            /// <summary>A momentum, or the first beta, of a group or of the optimiser itself.</summary>
            private static (Func<double> get, Action<double> set)? MomentumOf(object holder) => holder switch
            {
                IMomentum one => (() => one.Momentum, value => one.Momentum = value),
                IBetas two => (() => two.Betas.Item1, value => two.Betas = (value, two.Betas.Item2)),
                _ => null,
            };

            private static List<(Func<double> get, Action<double> set)> Momenta(Optimizer optimizer)
            {
                List<(Func<double>, Action<double>)> found = [.. optimizer.ParamGroups.Select(MomentumOf).OfType<(Func<double>, Action<double>)>()];
                if (found.Count == 0)
                    throw new ArgumentException($"cycle_momentum needs an optimizer with momentum or betas; {optimizer.GetType().Name} has none.", nameof(optimizer));
                return found;
            }

            private static List<double> Spread(IEnumerable<double>? values, double otherwise, int count)
            {
                List<double> list = values is null ? [.. Enumerable.Repeat(otherwise, count)] : [.. values];
                if (list.Count == 1)
                    list = [.. Enumerable.Repeat(list[0], count)];
                return list.Count == count ? list : throw new ArgumentException($"{list.Count} values for {count} parameter groups.", nameof(values));
            }

            public static partial class impl
            {
                public class CyclicLR : LRScheduler
                {
                    private readonly double _total, _ratio;
                    private readonly List<double> _highest, _lowMomenta, _highMomenta;
                    private readonly List<(Func<double> get, Action<double> set)> _momenta;
                    private readonly Func<double, double> _scale;
                    private readonly ScaleMode _scaleMode;

                    public enum Mode
                    {
                        Triangular = 0,
                        Triangular2 = 1,
                        ExpRange = 2,
                    }

                    public enum ScaleMode
                    {
                        Cycle = 0,
                        Iterations = 1,
                    }

                    public CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1.0, Func<double, double>? scale_fn = null,
                        ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true, double base_momentum = 0.8, double max_momentum = 0.9, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, [base_lr], [max_lr], step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum, [base_momentum], [max_momentum], last_epoch, verbose) { }

                    public CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1.0, Func<double, double>? scale_fn = null,
                        ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        int count = _base_lrs.Count;
                        var lowest = Spread(base_lr, 0, count);
                        _highest = Spread(max_lr, 0, count);
                        if (last_epoch == -1)
                            foreach (var (group, rate) in Groups.Zip(lowest))
                                group.LearningRate = group.InitialLearningRate = rate;
                        _base_lrs.Clear();
                        _base_lrs.AddRange(lowest);
                        _total = step_size_up + (step_size_down < 0 ? step_size_up : step_size_down);
                        _ratio = step_size_up / _total;
                        (_scale, _scaleMode) = scale_fn is not null ? (scale_fn, scale_mode) : mode switch
                        {
                            Mode.Triangular => (_ => 1, ScaleMode.Cycle),
                            Mode.Triangular2 => (cycle => 1 / Math.Pow(2, cycle - 1), ScaleMode.Cycle),
                            _ => ((Func<double, double>)(iteration => Math.Pow(gamma, iteration)), ScaleMode.Iterations),
                        };
                        _momenta = cycle_momentum ? Momenta(optimizer) : [];
                        _lowMomenta = Spread(base_momentum, 0.8, _momenta.Count);
                        _highMomenta = Spread(max_momentum, 0.9, _momenta.Count);
                        if (last_epoch == -1)
                            foreach (var (momentum, value) in _momenta.Zip(_highMomenta))
                                momentum.set(value);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        double cycle = Math.Floor(1 + _last_epoch / _total), x = 1 + _last_epoch / _total - cycle;
                        double height = x <= _ratio ? x / _ratio : (x - 1) / (_ratio - 1);
                        double size = height * _scale(_scaleMode == ScaleMode.Cycle ? cycle : _last_epoch);
                        for (int i = 0; i < _momenta.Count; i++)
                            _momenta[i].set(_highMomenta[i] - (_highMomenta[i] - _lowMomenta[i]) * size);
                        return [.. _base_lrs.Zip(_highest, (low, high) => low + (high - low) * size)];
                    }
                }

                public class OneCycleLR : LRScheduler
                {
                    /// <summary>A stretch of the cycle: its last step and which values it runs between (0 initial, 1 largest, 2 smallest).</summary>
                    private readonly record struct Phase(double End, int From, int To, int MomentumFrom, int MomentumTo);

                    private readonly int _total;
                    private readonly List<Phase> _phases;
                    private readonly List<double[]> _rates = [], _momentumValues = [];
                    private readonly List<(Func<double> get, Action<double> set)> _momenta;
                    private readonly Func<double, double, double, double> _anneal;

                    public enum AnnealStrategy
                    {
                        Cos = 0,
                        Linear = 1,
                    }

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true,
                        double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 1E4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, [max_lr], total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, [base_momentum], [max_momentum], div_factor, final_div_factor, three_phase, last_epoch, verbose) { }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true,
                        IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 1E4, bool three_phase = false, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        if (total_steps <= 0 && (epochs <= 0 || steps_per_epoch <= 0))
                            throw new ArgumentException("OneCycleLR needs total_steps, or epochs and steps_per_epoch.", nameof(total_steps));
                        if (pct_start is < 0 or > 1)
                            throw new ArgumentException($"pct_start is {pct_start}, expected from 0 to 1.", nameof(pct_start));
                        _total = total_steps > 0 ? total_steps : epochs * steps_per_epoch;
                        double top = pct_start * _total - 1;
                        _phases = three_phase
                            ? [new(top, 0, 1, 1, 0), new(2 * pct_start * _total - 2, 1, 0, 0, 1), new(_total - 1, 0, 2, 1, 1)]
                            : [new(top, 0, 1, 1, 0), new(_total - 1, 1, 2, 0, 1)];
                        _anneal = anneal_strategy == AnnealStrategy.Cos
                            ? (start, end, share) => end + (start - end) / 2 * (1 + Math.Cos(Math.PI * share))
                            : (start, end, share) => (end - start) * share + start;
                        foreach (double high in Spread(max_lr, 0, _base_lrs.Count))
                            _rates.Add([high / div_factor, high, high / div_factor / final_div_factor]);
                        _momenta = cycle_momentum ? Momenta(optimizer) : [];
                        foreach (var (low, high) in Spread(base_momentum, 0.85, _momenta.Count).Zip(Spread(max_momentum, 0.95, _momenta.Count)))
                            _momentumValues.Add([low, high]);
                        if (last_epoch == -1)
                            foreach (var (group, rate) in Groups.Zip(_rates))
                                group.LearningRate = group.InitialLearningRate = rate[0];
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > _total)
                            throw new InvalidOperationException($"OneCycleLR was stepped {_last_epoch} times, but planned for {_total} steps.");
                        double start = 0;
                        int at = 0;
                        while (at < _phases.Count - 1 && _last_epoch > _phases[at].End)
                            start = _phases[at++].End;
                        var phase = _phases[at];
                        double share = (_last_epoch - start) / (phase.End - start);
                        for (int i = 0; i < _momenta.Count; i++)
                            _momenta[i].set(_anneal(_momentumValues[i][phase.MomentumFrom], _momentumValues[i][phase.MomentumTo], share));
                        return [.. _rates.Select(rate => _anneal(rate[phase.From], rate[phase.To], share))];
                    }
                }
            }
        }
    }
}
