using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Steps that grow while the gradient keeps its sign and shrink when it changes. Riedmiller and Braun, 1993.</summary>
            public static Rprop Rprop(IEnumerable<Parameter> parameters, double lr = 1E-2, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50.0, bool maximize = false) =>
                new(parameters, lr, etaminus, etaplus, min_step, max_step, maximize);

            public static Rprop Rprop(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1E-2, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50.0, bool maximize = false) =>
                new(parameters.Select(item => item.parameter), lr, etaminus, etaplus, min_step, max_step, maximize);

            public static Rprop Rprop(IEnumerable<Rprop.ParamGroup> parameters, double lr = 1E-2, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50.0, bool maximize = false) =>
                new(parameters, lr, etaminus, etaplus, min_step, max_step, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Steps that grow while the gradient keeps its sign and shrink when it changes. Riedmiller and Braun, 1993.</summary>
    public class Rprop : OptimizerHelper
    {
        public Rprop(IEnumerable<Parameter> parameters, double lr = 1E-2, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50.0, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, etaminus, etaplus, min_step, max_step, maximize) { }

        public Rprop(IEnumerable<ParamGroup> parameters, double lr = 1E-2, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50.0, bool maximize = false)
        {
            RequireNotNegative((nameof(lr), lr));
            Require(etaminus is > 0 and < 1, nameof(etaminus), etaminus, "between 0 and 1");
            Require(etaplus > 1, nameof(etaplus), etaplus, "above 1");
            AddGroups(new Options { LearningRate = lr, etaminus = etaminus, etaplus = etaplus, min_step = min_step, max_step = max_step, maximize = maximize }, static parameter => new State(parameter), parameters);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State>(closure, static o => (o.maximize, 0), static (o, s, p, g) =>
        {
            s.step++;
            Tensor agreement = g.mul(s.prev!).sign(), one = ones_like(agreement);
            Tensor changed = agreement.lt(0), factor = where(agreement.gt(0), one.mul(o.etaplus!.Value), where(changed, one.mul(o.etaminus!.Value), one));
            s.step_size!.mul_(factor).clamp_(o.min_step!.Value, o.max_step!.Value);
            g = g.masked_fill(changed, 0);
            p.addcmul_(g.sign(), s.step_size, -1);
            s.prev!.copy_(g);
        });

        public class Options : OptimizerOptions
        {
            public double? etaminus;
            public double? etaplus;
            public double? min_step;
            public double? max_step;
            public bool? maximize;

            private protected override void Fields(FieldWalk walk)
            {
                walk.Option(ref maximize);
                walk.Option(ref etaminus);
                walk.Option(ref etaplus);
                walk.Option(ref min_step);
                walk.Option(ref max_step);
            }
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public long step;
            public Tensor? prev;
            public Tensor? step_size;

            public override void Initialize(OptimizerOptions options)
            {
                base.Initialize(options);
                step_size!.fill_(options.LearningRate!.Value);
            }

            private protected override void Fields(FieldWalk walk)
            {
                walk.Number(ref step);
                walk.Tensor(ref prev);
                walk.Tensor(ref step_size);
            }

            public void Dispose() => Release();
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50.0, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, etaminus = etaminus, etaplus = etaplus, min_step = min_step, max_step = max_step, maximize = maximize }) { }
        }
    }
}
