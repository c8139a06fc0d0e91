using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Reverse-mode differentiation: from the outputs backwards, every operation turns the gradients of its outputs into those of its
/// inputs. Operations are visited from the newest to the oldest, so that all contributions to a value have arrived when it is its turn.
/// </summary>
internal static class AutogradEngine
{
    private static long _visits;

    /// <summary>Runs from <paramref name="roots"/>. With <paramref name="wanted"/> given, only the gradients of these tensors are computed: added to their <c>grad</c>, or else returned.</summary>
    internal static Tensor?[]? Run(IList<Tensor> roots, IList<Tensor>? gradients, bool retainGraph, bool createGraph, IList<Tensor>? wanted, bool accumulate)
    {
        if (gradients is not null && gradients.Count != roots.Count)
            throw new ExternalException($"got {roots.Count} tensors and {gradients.Count} gradients");
        var capture = wanted is null ? null : new Capture(wanted);
        using var mode = GradMode.Set(createGraph);
        using var scope = NewDisposeScope();
        var edges = new Edge[roots.Count];
        for (var i = 0; i < roots.Count; i++)
        {
            if (!roots[i].requires_grad)
                throw new ExternalException($"element {i} of tensors does not require grad and does not have a grad_fn");
            edges[i] = roots[i].GradientEdge();
        }
        var nodes = Reachable(edges);
        for (var i = 0; i < roots.Count; i++) Send(edges[i], Start(roots[i], gradients?[i]));

        try
        {
            foreach (var node in nodes) Execute(node, retainGraph, capture);
        }
        finally
        {
            foreach (var node in nodes) node.Pending = null;
        }
        if (capture is null) return null;
        var results = capture.Results(scope);
        if (!accumulate) return results;
        for (var i = 0; i < results.Length; i++)
            if (results[i] is { } gradient)
            {
                AccumulateGrad.Accumulate(wanted![i].EnsureMeta(), gradient);
                gradient.Dispose();
            }
        return null;
    }

    private static Tensor Start(Tensor root, Tensor? gradient)
    {
        if (gradient is null)
        {
            if (root.numel() != 1) throw new ExternalException($"grad can be implicitly created only for scalar outputs (the tensor has shape {root.Layout})");
            return torch.ones_like(root);
        }
        if (!gradient.Layout.SameShape(root.Layout))
            throw new ExternalException($"Mismatch in shape: grad_output[0] has a shape of {gradient.Layout} and output[0] has a shape of {root.Layout}.");
        return gradient.alias();
    }

    /// <summary>All operations that can be reached, newest first.</summary>
    private static List<Node> Reachable(Edge[] roots)
    {
        var visit = Interlocked.Increment(ref _visits);
        var found = new List<Node>();
        var stack = new Stack<Node>();
        foreach (var edge in roots) Visit(edge.Node);
        while (stack.TryPop(out var node))
            foreach (var edge in node.Next)
                Visit(edge.Node);
        found.Sort(static (a, b) => b.Sequence.CompareTo(a.Sequence));
        return found;

        void Visit(Node? node)
        {
            if (node is null || node.Visit == visit) return;
            node.Visit = visit;
            node.Pending = new Tensor?[node.Outputs];
            found.Add(node);
            stack.Push(node);
        }
    }

    private static void Execute(Node node, bool retainGraph, Capture? capture)
    {
        var dy = node.Pending!;
        if (Array.TrueForAll(dy, static gradient => gradient is null)) return;
        capture?.Take(node, dy);
        if (node is AccumulateGrad leaf)
        {
            if (capture is null) leaf.Backward(dy, []);
            foreach (var gradient in dy) Drop(gradient);
            return;
        }
        if (capture is null) Retain(node, dy);
        var dx = new Tensor?[node.Next.Length];
        var temporaries = node.OwnsTemporaries ? NewDisposeScope() : null;
        try
        {
            node.Backward(dy, dx);
            if (AnomalyMode.ShouldCheckNaN && AnomalyMode.IsEnabled) CheckNaN(node, dx);
            for (var i = 0; i < dx.Length; i++)
                if (dx[i] is { } gradient && node.Next[i].Node is not null) Send(node.Next[i], gradient);
            if (temporaries is not null)
                foreach (var gradient in dx)
                    if (gradient is { GradientUses: > 0 } && gradient.Scope == temporaries) temporaries.MoveToOuter(gradient);
        }
        finally
        {
            temporaries?.Dispose();
        }
        foreach (var gradient in dy) Drop(gradient);
        if (!retainGraph) node.Release();
    }

    private static void Send(Edge edge, Tensor gradient)
    {
        var pending = edge.Node!.Pending!;
        ref var slot = ref pending[edge.OutputNumber];
        if (slot is null)
        {
            gradient.GradientUses++;
            slot = gradient;
            return;
        }
        var sum = slot.add(gradient);
        sum.GradientUses++;
        if (sum.Scope is { OuterScope: not null } scope) scope.MoveToOuter(sum);
        Drop(slot);
        slot = sum;
    }

    /// <summary>One use of a gradient is over; after the last its memory can serve the next operation.</summary>
    private static void Drop(Tensor? gradient)
    {
        if (gradient is null || --gradient.GradientUses > 0) return;
        gradient.Dispose();
    }

    private static void Retain(Node node, Tensor?[] dy)
    {
        if (node.Retained is null) return;
        foreach (var (output, meta) in node.Retained)
            if (meta.RetainsGrad && meta.Node == node && dy[output] is { } gradient) AccumulateGrad.Accumulate(meta, gradient);
    }

    private static void CheckNaN(Node node, Tensor?[] dx)
    {
        for (var i = 0; i < dx.Length; i++)
            if (dx[i] is { } gradient && gradient.isnan().any().ToBoolean())
                throw new ExternalException($"Function '{node.Name}' returned nan values in its {i}th output.");
    }

    /// <summary>Catches the gradients that <c>autograd.grad</c> asks for on their way.</summary>
    private sealed class Capture(IList<Tensor> wanted)
    {
        private readonly Edge[] _edges = wanted.Select((tensor, i) => tensor.requires_grad ? tensor.GradientEdge()
            : throw new ExternalException($"One of the differentiated Tensors does not require grad (input {i})")).ToArray();
        private readonly Tensor?[] _results = new Tensor?[wanted.Count];

        internal void Take(Node node, Tensor?[] dy)
        {
            for (var i = 0; i < _edges.Length; i++)
                if (_edges[i].Node == node && dy[_edges[i].OutputNumber] is { } gradient) _results[i] = gradient.NewHandle();
        }

        internal Tensor?[] Results(DisposeScope scope)
        {
            foreach (var result in _results)
                if (result is not null) scope.OuterScope?.Attach((IDisposable)result);
            return _results;
        }
    }
}
