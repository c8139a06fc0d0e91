using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Stochastic gradient descent with momentum. v = μv + (1−τ)g; p −= lr·v, or lr·(g + μv) with Nesterov's.</summary>
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(item => item.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent with momentum. v = μv + (1−τ)g; p −= lr·v, or lr·(g + μv) with Nesterov's.</summary>
    public class SGD : OptimizerHelper, IMomentum
    {
        private readonly SgdUpdate _update = new();

        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize) { }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false)
        {
            RequireNotNegative((nameof(lr), lr), (nameof(momentum), momentum), (nameof(weight_decay), weight_decay));
            Require(!nesterov || momentum > 0 && dampening == 0, nameof(nesterov), nesterov, "false, or a momentum and no dampening");
            AddGroups(new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }, static parameter => new State(parameter), parameters);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State, SgdRule>(closure, _update, static (o, s, p, g, update) =>
        {
            double momentum = o.momentum!.Value, fresh = 1 - o.dampening!.Value;
            if (momentum != 0 && s.momentum_buffer is null)
            {
                // The first velocity is the gradient itself, undamped.
                s.momentum_buffer = zeros_like(p).DetachFromDisposeScope();
                fresh = 1;
            }
            var rule = new SgdRule(momentum, fresh, o.LearningRate!.Value, o.weight_decay!.Value, o.nesterov == true, o.maximize == true);
            update.Add(rule, p, g, momentum != 0 ? s.momentum_buffer : null);
        });

        public double Momentum { get => ((Options)_defaults).momentum!.Value; set => ((Options)_defaults).momentum = value; }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            private protected override void Fields(FieldWalk walk)
            {
                walk.Option(ref momentum);
                walk.Option(ref dampening);
                walk.Option(ref weight_decay);
                walk.Option(ref nesterov);
                walk.Option(ref maximize);
            }
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public Tensor? momentum_buffer;

            private protected override void Fields(FieldWalk walk)
            {
                walk.Tensor(ref momentum_buffer, optional: true);
            }

            public void Dispose() => Release();
        }

        public class ParamGroup : ParamGroup<Options>, IMomentum
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1E-3, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }) { }

            public double Momentum { get => Options.momentum!.Value; set => Options.momentum = value; }
        }
    }
}
