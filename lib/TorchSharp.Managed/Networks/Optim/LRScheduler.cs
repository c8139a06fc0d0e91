namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Rules by which learning rates change from epoch to epoch.</summary>
        public static partial class lr_scheduler
        {
            public abstract class LRScheduler
            {
                private protected readonly Optimizer _optimizer = null!;
                private protected readonly List<double> _base_lrs = [];
                private protected int _last_epoch;
                private List<double> _last = [];

                // Optimisers that a scheduler has taken up: the initial rates stay as the first one found them.
                private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Optimizer, object> Scheduled = [];

                protected LRScheduler() { }

                /// <param name="last_epoch">−1 starts anew from the present learning rates; else the epoch at which training continues.</param>
                /// <param name="verbose">Print each change.</param>
                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    (_optimizer, _last_epoch, Verbose) = (optimizer, last_epoch, verbose);
                    bool first = last_epoch == -1 && Scheduled.TryAdd(optimizer, this);
                    foreach (var group in optimizer.ParamGroups)
                    {
                        if (first)
                            group.InitialLearningRate = group.LearningRate;
                        _base_lrs.Add(group.InitialLearningRate);
                    }
                }

                private protected bool Verbose { get; }

                private protected IEnumerable<ILearningRateController> Groups => _optimizer.ParamGroups;

                /// <summary>One epoch on.</summary>
                public virtual void step() => step(null);

                /// <param name="epoch">Jump to this epoch; null goes one on.</param>
                public virtual void step(int? epoch)
                {
                    _last_epoch = epoch ?? _last_epoch + 1;
                    Set(epoch is null ? get_lr() : get_closed_form_lr());
                }

                /// <param name="current">A measured value, for schedulers that watch one.</param>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>Learning rates of this epoch, from those of the one before: the same, unless a schedule says otherwise.</summary>
                protected virtual IEnumerable<double> get_lr() => FromLast(rate => rate);

                /// <summary>Learning rates of any epoch, from the initial ones, where there is a formula for them.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                public IEnumerable<double> get_last_lr() => _last;

                private protected void Set(IEnumerable<double> rates)
                {
                    List<double> all = [.. rates];
                    int i = 0;
                    foreach (var group in Groups)
                    {
                        group.LearningRate = all[i];
                        if (Verbose && (_last.Count <= i || _last[i] != all[i]))
                            Console.WriteLine(FormattableString.Invariant($"Adjusting learning rate of group {i} to {all[i]:0.0000E+00}."));
                        i++;
                    }
                    _last = all;
                }

                /// <summary>Each group's present rate, through a function.</summary>
                private protected IEnumerable<double> FromLast(Func<double, double> change) => [.. Groups.Select(group => change(group.LearningRate))];

                /// <summary>Each group's present and base rate, through a function.</summary>
                private protected IEnumerable<double> FromLast(Func<double, double, double> change) => [.. Groups.Zip(_base_lrs, (group, start) => change(group.LearningRate, start))];

                /// <summary>Each group's base rate, through a function.</summary>
                private protected IEnumerable<double> FromBase(Func<double, double> change) => [.. _base_lrs.Select(change)];
            }
        }
    }
}
