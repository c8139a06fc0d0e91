using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function's forward hands to its backward.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];
            private Saved[] _saved = [];

            internal AutogradContext() { }

            internal HashSet<Tensor> NonDifferentiable { get; } = new(ReferenceEqualityComparer.Instance);

            internal HashSet<Tensor> Dirty { get; } = new(ReferenceEqualityComparer.Instance);

            internal Node? Owner { get; set; }

            internal List<Tensor> ToSave { get; private set; } = [];

            /// <summary>Outputs without a gradient arrive in backward as zeros instead of null.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data[key];

            public void save_for_backward(List<Tensor> tensors) => ToSave = tensors;

            /// <summary>What was saved, in its order; null where null was.</summary>
            public List<Tensor> get_saved_variables() => [.. _saved.Select(saved => saved.IsEmpty ? null! : saved.Unpack(Owner!))];

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable.UnionWith(tensors);

            public void mark_dirty(List<Tensor> tensors) => Dirty.UnionWith(tensors);

            internal void Save() => _saved = ToSave.Select(tensor => tensor is null ? default : new Saved(tensor)).ToArray();

            internal void Release()
            {
                for (int i = 0; i < _saved.Length; i++)
                    _saved[i].Release();
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) => Release();
        }

        /// <summary>A function with a backward of one's own.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            protected Function() { }

            /// <summary>What error messages and grad_fn call the function.</summary>
            public abstract string Name { get; }

            internal abstract List<Tensor> RunForward(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor> RunBackward(AutogradContext ctx, List<Tensor> gradients);

            /// <summary>Runs forward without recording it and makes the function the producer of its results.</summary>
            public static List<Tensor> apply_internal(params object[] vars)
            {
                var function = new T();
                var context = new AutogradContext();
                List<Tensor> results;
                using (GradMode.Set(false))
                    results = function.RunForward(context, vars);
                var inputs = vars.OfType<Tensor>().ToArray();
                if (!GradMode.Enabled || !inputs.Any(input => input.requires_grad))
                    return results;
                // Results that are inputs, unchanged, become results of their own.
                for (int i = 0; i < results.Count; i++)
                    if (inputs.Contains(results[i], ReferenceEqualityComparer.Instance) && !context.Dirty.Contains(results[i]))
                        results[i] = results[i].detach();
                var node = new CustomBackward(function.Name, function.RunBackward, context, vars, results);
                context.Owner = node;
                context.Save();
                for (int i = 0; i < results.Count; i++)
                    if (!context.NonDifferentiable.Contains(results[i]))
                        results[i].Produced(node, i);
                return results;
            }
        }

        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient for each argument of forward; null for those that are no tensors or need none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            internal override List<Tensor> RunForward(AutogradContext ctx, object[] vars) => [forward(ctx, vars)];

            internal override List<Tensor> RunBackward(AutogradContext ctx, List<Tensor> gradients) => backward(ctx, gradients[0]);
        }

        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            internal override List<Tensor> RunForward(AutogradContext ctx, object[] vars) => forward(ctx, vars);

            internal override List<Tensor> RunBackward(AutogradContext ctx, List<Tensor> gradients) => backward(ctx, gradients);
        }

        private sealed class CustomBackward : Node
        {
            private readonly Func<AutogradContext, List<Tensor>, List<Tensor>> _backward;
            private readonly AutogradContext _context;
            private readonly int[] _positions;
            private readonly int _arguments;
            private readonly (long[] Shape, ScalarType Type, Device Device)[] _outputs;

            internal CustomBackward(string name, Func<AutogradContext, List<Tensor>, List<Tensor>> backward, AutogradContext context, object[] vars, List<Tensor> results)
            {
                (Name, _backward, _context, _arguments) = (name + "Backward", backward, context, vars.Length);
                _positions = [.. Enumerable.Range(0, vars.Length).Where(i => vars[i] is Tensor)];
                _outputs = [.. results.Select(result => (result.Layout.Shape, result.dtype, result.device))];
                Next = Array.ConvertAll(_positions, i => ((Tensor)vars[i]).GradientEdge());
            }

            internal override string Name { get; }

            internal override int Outputs => _outputs.Length;

            internal override bool OwnsTemporaries => false;

            internal override void Backward(Tensor?[] dy, Tensor?[] dx)
            {
                var gradients = new List<Tensor>();
                for (int i = 0; i < dy.Length; i++)
                    gradients.Add(dy[i]?.alias() ?? (_context.MaterializeGrads ? torch.zeros(_outputs[i].Shape, _outputs[i].Type, _outputs[i].Device) : null!));
                var results = _backward(_context, gradients);
                // More than there are arguments may be null, not fewer.
                int count = results.Count;
                while (count > _arguments && results[count - 1] is null)
                    count--;
                if (count != _arguments)
                    throw new ExternalException($"function {Name} returned an incorrect number of gradients (expected {_arguments}, one for each argument of forward, got {count})");
                for (int i = 0; i < count; i++)
                    if (results[i] is not null && !_positions.Contains(i))
                        throw new ExternalException($"function {Name} returned a gradient at position {i}, where the argument of forward was no tensor; return null there");
                for (int k = 0; k < dx.Length; k++)
                    dx[k] = results[_positions[k]];
            }

            internal override void Release() => _context.Release();
        }

        /// <summary>Derivatives of whole functions.</summary>
        public static class functional
        {
            /// <summary>The matrix of derivatives, of shape [output…, input…].</summary>
            public static Tensor jacobian(Func<Tensor, Tensor> function, Tensor inputs)
            {
                var x = inputs.detach().clone().requires_grad_();
                var y = function(x);
                if (!y.requires_grad)
                    return zeros([.. y.shape, .. x.shape], y.dtype, y.device);
                var flat = y.reshape(-1);
                var rows = new List<Tensor>();
                for (long i = 0; i < flat.numel(); i++)
                    rows.Add(grad([flat[i]], [x], retain_graph: true, allow_unused: true)[0] ?? zeros_like(x));
                return rows.Count == 0 ? zeros([.. y.shape, .. x.shape], y.dtype, y.device) : stack(rows).reshape([.. y.shape, .. x.shape]);
            }

            public static IEnumerable<Tensor> jacobian(Func<Tensor, Tensor[]> function, Tensor inputs) => jacobian((Tensor[] x) => function(x[0]), [inputs]);

            /// <summary>The derivatives of the first output by each input, then those of the second, and so on.</summary>
            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor[]> function, params Tensor[] inputs)
            {
                int outputs;
                using (no_grad())
                    outputs = function(inputs).Length;
                return Enumerable.Range(0, outputs).SelectMany(o => jacobian(x => function(x)[o], inputs)).ToArray();
            }

            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor> function, params Tensor[] inputs) =>
                inputs.Select((_, k) => jacobian(x => function(inputs.Select((input, i) => i == k ? x : input).ToArray()), inputs[k])).ToArray();
        }
    }
}
