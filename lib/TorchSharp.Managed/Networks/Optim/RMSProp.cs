using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>v = αv + (1−α)g²; p −= lr·g / (√v + ε). Tieleman and Hinton, 2012.</summary>
            public static RMSProp RMSProp(IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0.0, double momentum = 0.0, bool centered = false, bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0.0, double momentum = 0.0, bool centered = false, bool maximize = false) =>
                new(parameters.Select(item => item.parameter), lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(IEnumerable<RMSProp.ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0.0, double momentum = 0.0, bool centered = false, bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>v = αv + (1−α)g²; p −= lr·g / (√v + ε). Tieleman and Hinton, 2012.</summary>
    public class RMSProp : OptimizerHelper, IMomentum
    {
        private readonly RmsPropUpdate _update = new();

        public RMSProp(IEnumerable<Parameter> parameters, double lr = 1E-3, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0.0, double momentum = 0.0, bool centered = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize) { }

        public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 1E-3, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0.0, double momentum = 0.0, bool centered = false, bool maximize = false)
        {
            RequireNotNegative((nameof(lr), lr), (nameof(alpha), alpha), (nameof(eps), eps), (nameof(momentum), momentum), (nameof(weight_decay), weight_decay));
            AddGroups(new Options { LearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered, maximize = maximize }, static parameter => new State(parameter), parameters);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State, RmsPropRule>(closure, _update, static (o, s, p, g, update) =>
        {
            s.step++;
            var rule = new RmsPropRule(o.alpha!.Value, o.LearningRate!.Value, o.eps!.Value, o.momentum!.Value, o.weight_decay!.Value, o.maximize == true);
            update.Add(rule, p, g, s.square_avg, o.centered == true ? s.grad_avg! : null, o.momentum > 0 ? s.momentum_buffer! : null);
        });

        public double Momentum { get => ((Options)_defaults).momentum!.Value; set => ((Options)_defaults).momentum = value; }

        public class Options : OptimizerOptions
        {
            public double? alpha;
            public double? eps;
            public double? weight_decay;
            public double? momentum;
            public bool? centered;
            public bool? maximize;

            private protected override void Fields(FieldWalk walk)
            {
                walk.Option(ref maximize);
                walk.Option(ref momentum);
                walk.Option(ref alpha);
                walk.Option(ref eps);
                walk.Option(ref weight_decay);
                walk.Option(ref centered);
            }
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public long step;
            public Tensor? square_avg;
            public Tensor? momentum_buffer;
            public Tensor? grad_avg;

            public override void Initialize(OptimizerOptions options)
            {
                base.Initialize(options);
                (momentum_buffer, grad_avg) = (Zeros(), Zeros());
            }

            private protected override void Fields(FieldWalk walk)
            {
                walk.Number(ref step);
                walk.Tensor(ref square_avg);
                walk.Tensor(ref momentum_buffer, optional: true);
                walk.Tensor(ref grad_avg, optional: true);
            }

            public void Dispose() => Release();
        }

        public class ParamGroup : ParamGroup<Options>, IMomentum
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1E-3, double eps = 1E-08, double alpha = 0.99, double weight_decay = 0.0, double momentum = 0.0, bool centered = false)
                : base(parameters, new Options { LearningRate = lr, eps = eps, alpha = alpha, weight_decay = weight_decay, momentum = momentum, centered = centered }) { }

            public double Momentum { get => Options.momentum!.Value; set => Options.momentum = value; }
        }
    }
}
