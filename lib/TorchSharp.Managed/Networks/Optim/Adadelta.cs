using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Steps scaled by the ratio of past steps to past gradients. Zeiler, 2012.</summary>
            public static Adadelta Adadelta(IEnumerable<Parameter> parameters, double lr = 1.0, double rho = 0.9, double eps = 1E-06, double weight_decay = 0.0, bool maximize = false) =>
                new(parameters, lr, rho, eps, weight_decay, maximize);

            public static Adadelta Adadelta(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1.0, double rho = 0.9, double eps = 1E-06, double weight_decay = 0.0, bool maximize = false) =>
                new(parameters.Select(item => item.parameter), lr, rho, eps, weight_decay, maximize);

            public static Adadelta Adadelta(IEnumerable<Adadelta.ParamGroup> parameters, double lr = 1.0, double rho = 0.9, double eps = 1E-06, double weight_decay = 0.0, bool maximize = false) =>
                new(parameters, lr, rho, eps, weight_decay, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Steps scaled by the ratio of past steps to past gradients. Zeiler, 2012.</summary>
    public class Adadelta : OptimizerHelper
    {
        public Adadelta(IEnumerable<Parameter> parameters, double lr, double rho = 0.9, double eps = 1E-06, double weight_decay = 0.0, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, rho, eps, weight_decay, maximize) { }

        public Adadelta(IEnumerable<ParamGroup> parameters, double lr = 1.0, double rho = 0.9, double eps = 1E-06, double weight_decay = 0.0, bool maximize = false)
        {
            RequireNotNegative((nameof(lr), lr), (nameof(eps), eps), (nameof(weight_decay), weight_decay));
            Require(rho is >= 0 and <= 1, nameof(rho), rho, "from 0 to 1");
            AddGroups(new Options { LearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize }, static parameter => new State(parameter), parameters);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State>(closure, static o => (o.maximize, o.weight_decay), static (o, s, p, g) =>
        {
            double rho = o.rho!.Value, eps = o.eps!.Value;
            s.step++;
            s.square_avg!.mul_(rho).addcmul_(g, g, 1 - rho);
            var delta = s.acc_delta!.add(eps).sqrt_().div_(s.square_avg.add(eps).sqrt_()).mul_(g);
            p.add_(delta, -o.LearningRate!.Value);
            s.acc_delta.mul_(rho).addcmul_(delta, delta, 1 - rho);
        });

        public class Options : OptimizerOptions
        {
            public double? rho;
            public double? eps;
            public double? weight_decay;
            public bool? maximize;

            private protected override void Fields(FieldWalk walk)
            {
                walk.Option(ref rho);
                walk.Option(ref eps);
                walk.Option(ref weight_decay);
                walk.Option(ref maximize);
            }
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public long step;
            public Tensor? square_avg;
            public Tensor? acc_delta;

            private protected override void Fields(FieldWalk walk)
            {
                walk.Number(ref step);
                walk.Tensor(ref square_avg);
                walk.Tensor(ref acc_delta);
            }

            public void Dispose() => Release();
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1.0, double rho = 0.9, double eps = 1E-06, double weight_decay = 0.0, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize }) { }
        }
    }
}
