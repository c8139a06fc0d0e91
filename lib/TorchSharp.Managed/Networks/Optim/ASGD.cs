using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>SGD that also keeps an average of the parameters. Polyak and Juditsky, 1992.</summary>
            public static ASGD ASGD(IEnumerable<Parameter> parameters, double lr = 1E-3, double lambd = 1E-4, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0.0, bool maximize = false) =>
                new(parameters, lr, lambd, alpha, t0, weight_decay, maximize);

            public static ASGD ASGD(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1E-3, double lambd = 1E-4, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0.0, bool maximize = false) =>
                new(parameters.Select(item => item.parameter), lr, lambd, alpha, t0, weight_decay, maximize);

            public static ASGD ASGD(IEnumerable<ParamGroup<ASGD.Options>> parameters, double lr = 1E-3, double lambd = 1E-4, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0.0, bool maximize = false) =>
                new(parameters, lr, lambd, alpha, t0, weight_decay, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>SGD that also keeps an average of the parameters. Polyak and Juditsky, 1992.</summary>
    public class ASGD : OptimizerHelper
    {
        public ASGD(IEnumerable<Parameter> parameters, double lr = 1E-2, double lambd = 1E-4, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0.0, bool maximize = false)
            : this([new ParamGroup<Options> { Parameters = parameters }], lr, lambd, alpha, t0, weight_decay, maximize) { }

        public ASGD(IEnumerable<ParamGroup<Options>> parameters, double lr = 1E-2, double lambd = 1E-4, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0.0, bool maximize = false)
        {
            RequireNotNegative((nameof(lr), lr), (nameof(weight_decay), weight_decay));
            AddGroups(new Options { LearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay, maximize = maximize }, static parameter => new State(parameter), parameters);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State>(closure, static o => (o.maximize, o.weight_decay), static (o, s, p, g) =>
        {
            double lr = o.LearningRate!.Value, lambd = o.lambd!.Value;
            s.step++;
            p.mul_(1 - lambd * s.eta).add_(g, -s.eta);
            if (s.mu == 1)
                s.ax!.copy_(p);
            else
                s.ax!.add_(p.sub(s.ax), s.mu);
            s.eta = lr / Math.Pow(1 + lambd * lr * s.step, o.alpha!.Value);
            s.mu = 1 / Math.Max(1, s.step - o.t0!.Value);
        });

        public class Options : OptimizerOptions
        {
            public double? lambd;
            public double? alpha;
            public double? t0;
            public double? weight_decay;
            public bool? maximize;

            private protected override void Fields(FieldWalk walk)
            {
                walk.Option(ref maximize);
                walk.Option(ref lambd);
                walk.Option(ref alpha);
                walk.Option(ref weight_decay);
                walk.Option(ref t0);
            }
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public long step;
            public double eta;
            public double mu;
            public Tensor? ax;

            public override void Initialize(OptimizerOptions options)
            {
                base.Initialize(options);
                (eta, mu) = (options.LearningRate!.Value, 1);
            }

            private protected override void Fields(FieldWalk walk)
            {
                walk.Number(ref step);
                walk.Number(ref eta);
                walk.Number(ref mu);
                walk.Tensor(ref ax);
            }

            public void Dispose() => Release();
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 1E-4, double alpha = 0.75, double t0 = 1E6, double weight_decay = 0.0)
                : base(parameters, new Options { LearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay }) { }
        }
    }
}
