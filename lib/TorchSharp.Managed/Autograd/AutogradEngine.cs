using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Reverse-mode differentiation: from the outputs backwards, every operation turns the gradients of its outputs into those of its
/// inputs. Operations are visited from the newest to the oldest, so that all contributions to a value have arrived when it is its turn.
/// </summary>
internal static class AutogradEngine
{
    /// <summary>Runs from <paramref name="roots"/>. With <paramref name="wanted"/> given, only the gradients of these tensors are computed: added to their <c>grad</c>, or else returned.</summary>
    internal static Tensor?[]? Run(IList<Tensor> roots, IList<Tensor>? gradients, bool retainGraph, bool createGraph, IList<Tensor>? wanted, bool accumulate)
    {
        if (gradients is not null && gradients.Count != roots.Count)
            throw new ExternalException($"got {roots.Count} tensors and {gradients.Count} gradients");
        var capture = wanted is null ? null : new Capture(wanted);
        using var mode = GradMode.Set(createGraph);
        using var scope = DisposeScope.ForTemporaries();
        var edges = new Edge[roots.Count];
        for (int i = 0; i < roots.Count; i++)
        {
            if (!roots[i].requires_grad)
                throw new ExternalException($"element {i} of tensors does not require grad and does not have a grad_fn");
            edges[i] = roots[i].GradientEdge();
        }
        new BackwardPass(retainGraph, capture).Run(edges, roots, gradients);
        if (capture is null)
            return null;
        var results = capture.Results(scope);
        if (!accumulate)
            return results;
        for (int i = 0; i < results.Length; i++)
            if (results[i] is { } gradient)
            {
                AccumulateGrad.Accumulate(wanted![i].EnsureMeta(), gradient);
                gradient.Dispose();
            }
        return null;
    }

    /// <summary>Catches the gradients that <c>autograd.grad</c> asks for on their way.</summary>
    internal sealed class Capture(IList<Tensor> wanted)
    {
        private readonly Edge[] _edges = wanted.Select((tensor, i) => tensor.requires_grad ? tensor.GradientEdge()
            : throw new ExternalException($"One of the differentiated Tensors does not require grad (input {i})")).ToArray();
        private readonly Tensor?[] _results = new Tensor?[wanted.Count];

        internal bool Wants(Node node)
        {
            foreach (var edge in _edges)
                if (edge.Node == node)
                    return true;
            return false;
        }

        internal void Take(Node node, Tensor?[] dy)
        {
            for (int i = 0; i < _edges.Length; i++)
                if (_edges[i].Node == node && dy[_edges[i].OutputNumber] is { } gradient)
                    _results[i] = gradient.NewHandle();
        }

        internal Tensor?[] Results(DisposeScope scope)
        {
            foreach (var result in _results)
                if (result is not null)
                    scope.OuterScope?.Attach((IDisposable)result);
            return _results;
        }
    }
}
