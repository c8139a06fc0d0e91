using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Quasi-Newton steps from a short history of gradients. Liu and Nocedal, 1989. <c>step</c> needs a closure.</summary>
            public static LBFGS LBFGS(IEnumerable<Parameter> parameters, double lr = 0.01, long max_iter = 20, long? max_eval = null, double tolerange_grad = 1E-05, double tolerance_change = 1E-09, long history_size = 100) =>
                new(parameters, lr, max_iter, max_eval ?? max_iter * 5 / 4, tolerange_grad, tolerance_change, history_size);

            public static LBFGS LBFGS(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, long max_iter = 20, long? max_eval = null, double tolerange_grad = 1E-05, double tolerance_change = 1E-09, long history_size = 100) =>
                LBFGS(parameters.Select(item => item.parameter), lr, max_iter, max_eval, tolerange_grad, tolerance_change, history_size);
        }
    }
}

namespace TorchSharp.Modules
{
    public class LBFGS : optim.Optimizer, optim.ILearningRateController
    {
        private readonly List<Parameter> _all;
        private readonly long _maxIterations, _maxEvaluations, _historySize;
        private readonly double _gradientTolerance, _changeTolerance;

        // Differences of gradients and of positions, with 1 / (y·s), oldest first; the last direction, its length and the last gradient.
        private readonly List<(Tensor y, Tensor s, double rho)> _history = [];
        private Tensor? _direction, _lastGradient;
        private double _lastStep, _scale = 1;
        private long _iterations;

        internal LBFGS(IEnumerable<Parameter> parameters, double lr, long max_iter, long max_eval, double tolerance_grad, double tolerance_change, long history_size)
        {
            _all = [.. parameters];
            if (_all.Count == 0)
                throw new ArgumentException("LBFGS got no parameters.", nameof(parameters));
            (LearningRate, InitialLearningRate, _maxIterations, _maxEvaluations) = (lr, lr, max_iter, max_eval);
            (_gradientTolerance, _changeTolerance, _historySize) = (tolerance_grad, tolerance_change, history_size);
        }

        public double LearningRate { get; set; }

        public double InitialLearningRate { get; set; }

        public override IEnumerable<optim.ILearningRateController> ParamGroups => [this];

        public override IEnumerable<Parameter> parameters() => _all;

        /// <param name="closure">Clears the gradients, computes the loss, calls <c>backward</c>, returns the loss.</param>
        public override Tensor? step(Func<Tensor>? closure)
        {
            if (closure is null)
                throw new ArgumentNullException(nameof(closure), "LBFGS.step needs a closure that clears the gradients, computes the loss, calls backward and returns the loss.");
            Tensor first;
            using (enable_grad())
                first = closure();
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            double loss = first.ToDouble(), evaluations = 1;
            var gradient = Flat();
            if (Largest(gradient) <= _gradientTolerance)
                return first;
            for (long n = 1; n <= _maxIterations; n++)
            {
                _iterations++;
                if (_iterations == 1)
                    _direction = gradient.neg();
                else
                    Remember(gradient);
                var d = _iterations == 1 ? _direction! : Direction(gradient);
                Keep(ref _direction, d);
                Keep(ref _lastGradient, gradient);
                double t = _iterations == 1 ? Math.Min(1, 1 / gradient.abs().sum().ToDouble()) * LearningRate : LearningRate;
                double slope = gradient.dot(_direction!).ToDouble();
                if (slope > -_changeTolerance)
                    break;
                Move(_direction!, t);
                _lastStep = t;
                double before = loss;
                if (n < _maxIterations)
                {
                    using (enable_grad())
                        loss = closure().ToDouble();
                    evaluations++;
                    gradient = Flat();
                }
                if (n == _maxIterations || evaluations >= _maxEvaluations || Largest(gradient) <= _gradientTolerance
                    || Largest(_direction!.mul(t)) <= _changeTolerance || Math.Abs(loss - before) < _changeTolerance)
                    break;
            }
            return first;
        }

        /// <summary>Adds the newest pair (y, s) unless its curvature is too small.</summary>
        private void Remember(Tensor gradient)
        {
            Tensor y = gradient.sub(_lastGradient!), s = _direction!.mul(_lastStep);
            double curvature = y.dot(s).ToDouble();
            if (curvature <= 1e-10)
                return;
            if (_history.Count == _historySize)
            {
                _history[0].y.Dispose();
                _history[0].s.Dispose();
                _history.RemoveAt(0);
            }
            _history.Add((y.DetachFromDisposeScope(), s.DetachFromDisposeScope(), 1 / curvature));
            _scale = curvature / y.dot(y).ToDouble();
        }

        /// <summary>The two-loop recursion: minus the inverse Hessian's estimate times the gradient.</summary>
        private Tensor Direction(Tensor gradient)
        {
            var q = gradient.neg();
            double[] weights = new double[_history.Count];
            for (int i = _history.Count - 1; i >= 0; i--)
            {
                weights[i] = _history[i].s.dot(q).ToDouble() * _history[i].rho;
                q.add_(_history[i].y, -weights[i]);
            }
            q.mul_(_scale);
            for (int i = 0; i < _history.Count; i++)
                q.add_(_history[i].s, weights[i] - _history[i].y.dot(q).ToDouble() * _history[i].rho);
            return q;
        }

        private Tensor Flat() => cat([.. _all.Select(parameter => (parameter.grad ?? zeros_like(parameter)).reshape(-1))], 0);

        private void Move(Tensor direction, double t)
        {
            long offset = 0;
            foreach (var parameter in _all)
            {
                long count = parameter.numel();
                parameter.add_(direction.narrow(0, offset, count).view_as(parameter), t);
                offset += count;
            }
        }

        private static double Largest(Tensor x) => x.abs().max().ToDouble();

        private static void Keep(ref Tensor? slot, Tensor value)
        {
            if (ReferenceEquals(slot, value))
            {
                value.DetachFromDisposeScope();
                return;
            }
            slot?.Dispose();
            slot = value.clone().DetachFromDisposeScope();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (!disposing)
                return;
            foreach (var (y, s, _) in _history)
            {
                y.Dispose();
                s.Dispose();
            }
            _history.Clear();
            _direction?.Dispose();
            _lastGradient?.Dispose();
        }
    }
}
