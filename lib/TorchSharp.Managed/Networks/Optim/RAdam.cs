using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Adam that waits until the variance can be estimated. Liu et al., 2020.</summary>
            public static RAdam RAdam(IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay);

            public static RAdam RAdam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0) =>
                new(parameters.Select(item => item.parameter), lr, beta1, beta2, eps, weight_decay);

            public static RAdam RAdam(IEnumerable<RAdam.ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Adam that waits until the variance can be estimated. Liu et al., 2020.</summary>
    public class RAdam : OptimizerHelper, IBetas
    {
        public RAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay) { }

        public RAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0)
        {
            RequireNotNegative((nameof(lr), lr), (nameof(eps), eps), (nameof(weight_decay), weight_decay));
            RequireBetas(beta1, beta2);
            AddGroups(new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay }, static parameter => new State(parameter), parameters);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State>(closure, static o => (false, o.weight_decay), static (o, s, p, g) =>
        {
            double beta1 = o.beta1!.Value, beta2 = o.beta2!.Value, lr = o.LearningRate!.Value;
            s.step++;
            s.exp_avg!.mul_(beta1).add_(g, 1 - beta1);
            s.exp_avg_sq!.mul_(beta2).addcmul_(g, g, 1 - beta2);
            double correction1 = 1 - Math.Pow(beta1, s.step), correction2 = 1 - Math.Pow(beta2, s.step);
            double longest = 2 / (1 - beta2) - 1, length = longest - 2 * s.step * Math.Pow(beta2, s.step) / correction2;
            var mean = s.exp_avg.div(correction1);
            if (length > 5)
            {
                double rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
                mean.mul_(Math.Sqrt(correction2) * rectification).div_(s.exp_avg_sq.sqrt().add_(o.eps!.Value));
            }
            p.add_(mean, -lr);
        });

        public (double, double) Betas { get => ((Options)_defaults).Betas; set => ((Options)_defaults).Betas = value; }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;

            internal (double, double) Betas { get => (beta1!.Value, beta2!.Value); set => (beta1, beta2) = value; }

            private protected override void Fields(FieldWalk walk)
            {
                walk.Option(ref beta1);
                walk.Option(ref beta2);
                walk.Option(ref eps);
                walk.Option(ref weight_decay);
            }
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public long step;
            public Tensor? exp_avg;
            public Tensor? exp_avg_sq;

            private protected override void Fields(FieldWalk walk)
            {
                walk.Number(ref step);
                walk.Tensor(ref exp_avg);
                walk.Tensor(ref exp_avg_sq);
            }

            public void Dispose() => Release();
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1.0, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay }) { }

            public (double, double) Betas { get => Options.Betas; set => Options.Betas = value; }
        }
    }
}
