using static TorchSharp.torch.optim.lr_scheduler.impl;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            // Schedulers that depend on the epoch alone.
            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) => new LambdaLR(optimizer, lr_lambda, last_epoch, verbose);

            public static LRScheduler MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) => new MultiplicativeLR(optimizer, lr_lambda, last_epoch, verbose);

            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) => new StepLR(optimizer, step_size, gamma, last_epoch, verbose);

            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) => new MultiStepLR(optimizer, milestones, gamma, last_epoch, verbose);

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) => new ExponentialLR(optimizer, gamma, last_epoch, verbose);

            public static LRScheduler ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) => new ConstantLR(optimizer, factor, total_iters, last_epoch, verbose);

            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1, bool verbose = false) => new LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);

            public static LRScheduler PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false) => new PolynomialLR(optimizer, total_iters, power, last_epoch, verbose);

            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0.0, int last_epoch = -1, bool verbose = false) => new CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>Base rate times a function of the epoch.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly List<Func<int, double>> _factors;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Enumerable.Repeat(lr_lambda, optimizer.ParamGroups.Count()), last_epoch, verbose) { }

                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        _factors = [.. lr_lambdas];
                        if (_factors.Count != _base_lrs.Count)
                            throw new ArgumentException($"{_factors.Count} functions for {_base_lrs.Count} parameter groups.", nameof(lr_lambdas));
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => [.. _base_lrs.Zip(_factors, (rate, factor) => rate * factor(_last_epoch))];
                }

                /// <summary>The last rate times a function of the epoch.</summary>
                public class MultiplicativeLR : LRScheduler
                {
                    private readonly List<Func<int, double>> _factors;

                    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Enumerable.Repeat(lr_lambda, optimizer.ParamGroups.Count()), last_epoch, verbose) { }

                    public MultiplicativeLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        _factors = [.. lr_lambdas];
                        if (_factors.Count != _base_lrs.Count)
                            throw new ArgumentException($"{_factors.Count} functions for {_base_lrs.Count} parameter groups.", nameof(lr_lambdas));
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch <= 0 ? FromBase(rate => rate) : [.. Groups.Zip(_factors, (group, factor) => group.LearningRate * factor(_last_epoch))];
                }

                /// <summary>Times γ every so many epochs.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int _stepSize;
                    private readonly double _gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        if (step_size <= 0)
                            throw new ArgumentException($"step_size is {step_size}, expected 1 or more.", nameof(step_size));
                        (_stepSize, _gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => FromLast(rate => _last_epoch == 0 || _last_epoch % _stepSize != 0 ? rate : rate * _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(rate => rate * Math.Pow(_gamma, _last_epoch / _stepSize));
                }

                /// <summary>Times γ at given epochs.</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly List<int> _milestones;
                    private readonly double _gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = ([.. milestones], gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => FromLast(rate => rate * Math.Pow(_gamma, _milestones.Count(epoch => epoch == _last_epoch)));

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(rate => rate * Math.Pow(_gamma, _milestones.Count(epoch => epoch <= _last_epoch)));
                }

                /// <summary>Times γ every epoch.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => FromLast(rate => _last_epoch == 0 ? rate : rate * _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(rate => rate * Math.Pow(_gamma, _last_epoch));
                }

                /// <summary>A smaller rate for the first epochs.</summary>
                public class ConstantLR : LRScheduler
                {
                    private readonly double _factor;
                    private readonly int _total;

                    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        if (factor is < 0 or > 1)
                            throw new ArgumentException($"factor is {factor}, expected from 0 to 1.", nameof(factor));
                        (_factor, _total) = (factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => FromLast(rate => _last_epoch == 0 ? rate * _factor : _last_epoch == _total ? rate / _factor : rate);

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(rate => rate * (_last_epoch < _total ? _factor : 1));
                }

                /// <summary>From one factor to another in equal steps: a warm-up.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double _start, _end;
                    private readonly int _total;

                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        if (start_factor is <= 0 or > 1)
                            throw new ArgumentException($"start_factor is {start_factor}, expected above 0 and at most 1.", nameof(start_factor));
                        if (end_factor is < 0 or > 1)
                            throw new ArgumentException($"end_factor is {end_factor}, expected from 0 to 1.", nameof(end_factor));
                        (_start, _end, _total) = (start_factor, end_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => FromLast(rate => _last_epoch == 0 ? rate * _start : _last_epoch > _total ? rate
                        : rate * (1 + (_end - _start) / (_total * _start + (_last_epoch - 1) * (_end - _start))));

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(rate => rate * (_start + (_end - _start) * Math.Min(_total, _last_epoch) / _total));
                }

                /// <summary>Base rate times (1 − epoch / total)^power.</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly int _total;
                    private readonly double _power;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1.0, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_total, _power) = (total_iters, power);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => FromLast(rate => _last_epoch == 0 || _last_epoch > _total ? rate
                        : rate * Math.Pow((1 - (double)_last_epoch / _total) / (1 - (double)(_last_epoch - 1) / _total), _power));

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(rate => rate * Math.Pow(1 - (double)Math.Min(_total, _last_epoch) / _total, _power));
                }

                /// <summary>Half a cosine from the base rate down to eta_min, and back. Loshchilov and Hutter, 2017.</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _period, _lowest;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0.0, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_period, _lowest) = (T_max, eta_min);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        int epoch = _last_epoch;
                        if (epoch == 0)
                            return FromLast(rate => rate);
                        if ((epoch - 1 - _period) % (2 * _period) == 0)
                            return FromLast((rate, start) => rate + (start - _lowest) * (1 - Math.Cos(Math.PI / _period)) / 2);
                        double now = 1 + Math.Cos(Math.PI * epoch / _period), before = 1 + Math.Cos(Math.PI * (epoch - 1) / _period);
                        return FromLast(rate => now / before * (rate - _lowest) + _lowest);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        FromBase(rate => _lowest + (rate - _lowest) * (1 + Math.Cos(Math.PI * _last_epoch / _period)) / 2);
                }
            }
        }
    }
}
