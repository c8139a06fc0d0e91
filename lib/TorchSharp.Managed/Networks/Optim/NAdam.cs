using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Adam with Nesterov's momentum. Dozat, 2016.</summary>
            public static NAdam NAdam(IEnumerable<Parameter> named_parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, double momentum_decay = 0.004) =>
                new(named_parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay);

            public static NAdam NAdam(IEnumerable<(string name, Parameter parameter)> named_parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, double momentum_decay = 0.004) =>
                new(named_parameters.Select(item => item.parameter), lr, beta1, beta2, eps, weight_decay, momentum_decay);

            public static NAdam NAdam(IEnumerable<NAdam.ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, double momentum_decay = 0.004) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Adam with Nesterov's momentum. Dozat, 2016.</summary>
    public class NAdam : OptimizerHelper, IBetas
    {
        public NAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, double momentum_decay = 0.004)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, momentum_decay) { }

        public NAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, double momentum_decay = 0.004)
        {
            RequireNotNegative((nameof(lr), lr), (nameof(eps), eps), (nameof(weight_decay), weight_decay), (nameof(momentum_decay), momentum_decay));
            RequireBetas(beta1, beta2);
            AddGroups(new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay }, static parameter => new State(parameter), parameters);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State>(closure, static o => (false, o.weight_decay), static (o, s, p, g) =>
        {
            double beta1 = o.beta1!.Value, beta2 = o.beta2!.Value, lr = o.LearningRate!.Value;
            s.step++;
            double Mu(long step) => beta1 * (1 - 0.5 * Math.Pow(0.96, step * o.momentum_decay!.Value));
            double mu = Mu(s.step), next = Mu(s.step + 1);
            s.mu_product *= mu;
            s.exp_avg!.mul_(beta1).add_(g, 1 - beta1);
            s.exp_avg_sq!.mul_(beta2).addcmul_(g, g, 1 - beta2);
            var denominator = s.exp_avg_sq.div(1 - Math.Pow(beta2, s.step)).sqrt_().add_(o.eps!.Value);
            p.addcdiv_(g, denominator, -lr * (1 - mu) / (1 - s.mu_product));
            p.addcdiv_(s.exp_avg, denominator, -lr * next / (1 - s.mu_product * next));
        });

        public (double, double) Betas { get => ((Options)_defaults).Betas; set => ((Options)_defaults).Betas = value; }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;
            public double? momentum_decay;

            internal (double, double) Betas { get => (beta1!.Value, beta2!.Value); set => (beta1, beta2) = value; }

            private protected override void Fields(FieldWalk walk)
            {
                walk.Option(ref beta1);
                walk.Option(ref beta2);
                walk.Option(ref eps);
                walk.Option(ref weight_decay);
                walk.Option(ref momentum_decay);
            }
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public long step;
            public double mu_product;
            public Tensor? exp_avg;
            public Tensor? exp_avg_sq;

            public override void Initialize(OptimizerOptions options)
            {
                base.Initialize(options);
                mu_product = 1;
            }

            private protected override void Fields(FieldWalk walk)
            {
                walk.Number(ref step);
                walk.Number(ref mu_product);
                walk.Tensor(ref exp_avg);
                walk.Tensor(ref exp_avg_sq);
            }

            public void Dispose() => Release();
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1.0, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, double momentum_decay = 0.004)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay }) { }

            public (double, double) Betas { get => Options.Betas; set => Options.Betas = value; }
        }
    }
}
