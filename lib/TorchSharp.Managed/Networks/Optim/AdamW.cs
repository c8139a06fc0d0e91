using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Adam with weight decay beside the gradient instead of within it. Loshchilov and Hutter, 2019.</summary>
            public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 1E-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1E-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(item => item.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<AdamW.ParamGroup> parameters, double lr = 1E-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Adam with weight decay beside the gradient instead of within it. Loshchilov and Hutter, 2019.</summary>
    public class AdamW : OptimizerHelper, IBetas
    {
        private readonly AdamUpdate _update = new();

        public AdamW(IEnumerable<Parameter> parameters, double lr = 1E-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize) { }

        public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1E-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, bool amsgrad = false, bool maximize = false)
        {
            RequireNotNegative((nameof(lr), lr), (nameof(eps), eps), (nameof(weight_decay), weight_decay));
            RequireBetas(beta1, beta2);
            AddGroups(new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize }, static parameter => new State(parameter), parameters);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State, AdamRule>(closure, _update, static (o, s, p, g, update) =>
        {
            var rule = AdamRule.At(++s.step, o.beta1!.Value, o.beta2!.Value, o.LearningRate!.Value, o.eps!.Value, o.maximize) with { Shrink = 1 - o.LearningRate.Value * o.weight_decay!.Value };
            update.Add(rule, p, g, s.exp_avg!, s.exp_avg_sq!, o.amsgrad == true ? s.max_exp_avg_sq : null);
        });

        public (double, double) Betas { get => ((Options)_defaults).Betas; set => ((Options)_defaults).Betas = value; }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;
            public bool? amsgrad;
            public bool? maximize;

            internal (double, double) Betas { get => (beta1!.Value, beta2!.Value); set => (beta1, beta2) = value; }

            private protected override void Fields(FieldWalk walk)
            {
                walk.Option(ref beta1);
                walk.Option(ref beta2);
                walk.Option(ref eps);
                walk.Option(ref weight_decay);
                walk.Option(ref amsgrad);
                walk.Option(ref maximize);
            }
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public long step;
            public Tensor? exp_avg;
            public Tensor? exp_avg_sq;
            public Tensor? max_exp_avg_sq;

            public override void Initialize(OptimizerOptions options)
            {
                base.Initialize(options);
                if (((Options)options).amsgrad == true)
                    max_exp_avg_sq = Zeros();
            }

            private protected override void Fields(FieldWalk walk)
            {
                walk.Number(ref step);
                walk.Tensor(ref exp_avg);
                walk.Tensor(ref exp_avg_sq);
                walk.Tensor(ref max_exp_avg_sq, optional: true);
            }

            public void Dispose() => Release();
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1E-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0.0, bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize }) { }

            public (double, double) Betas { get => Options.Betas; set => Options.Betas = value; }
        }
    }
}
