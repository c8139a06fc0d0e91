using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// One walk over a graph, with the gradients that wait at its operations. Nothing of it lies on the operations themselves: graphs of
/// several threads may share leaves.
/// </summary>
/// <param name="capture">Null: gradients go to the leaves. Else only what leads to the asked tensors is computed.</param>
internal sealed class BackwardPass(bool retainGraph, AutogradEngine.Capture? capture)
{
    [ThreadStatic] private static BackwardPass? _current;

    private readonly Dictionary<Node, Tensor?[]> _pending = new(ReferenceEqualityComparer.Instance);
    private Node? _executing;

    /// <summary>Whether the operation that this thread is differentiating must leave the gradient of this input out. Operations that are made meanwhile are none of it.</summary>
    internal static bool LeavesOut(Node node, Node input) => _current is { } pass && pass._executing == node && !pass.Includes(input);

    internal void Run(Edge[] edges, IList<Tensor> roots, IList<Tensor>? gradients)
    {
        var outer = _current;
        _current = capture is null ? null : this;
        try
        {
            var nodes = Reachable(edges);
            for (int i = 0; i < roots.Count; i++)
            {
                var start = Start(roots[i], gradients?[i]);
                if (Includes(edges[i].Node!))
                    Send(edges[i], start);
            }
            foreach (var node in nodes)
                Execute(node);
        }
        finally
        {
            _current = outer;
        }
    }

    private static Tensor Start(Tensor root, Tensor? gradient)
    {
        if (gradient is null)
        {
            if (root.numel() != 1)
                throw new ExternalException($"grad can be implicitly created only for scalar outputs (the tensor has shape {root.Layout})");
            return torch.ones_like(root);
        }
        if (!gradient.Layout.SameShape(root.Layout))
            throw new ExternalException($"Mismatch in shape: grad_output[0] has a shape of {gradient.Layout} and output[0] has a shape of {root.Layout}.");
        return gradient.alias();
    }

    /// <summary>All operations that can be reached, newest first; of a capturing pass, those that lead to an asked tensor.</summary>
    private List<Node> Reachable(Edge[] roots)
    {
        var found = new List<Node>();
        var stack = new Stack<Node>();
        foreach (var edge in roots)
            Visit(edge.Node);
        while (stack.TryPop(out var node))
            foreach (var edge in node.Next)
                Visit(edge.Node);
        found.Sort(static (a, b) => b.Sequence.CompareTo(a.Sequence));
        if (capture is not null)
        {
            // From the oldest: an operation leads there if it is asked for or one of its inputs leads there.
            for (int i = found.Count - 1; i >= 0; i--)
                if (!capture.Wants(found[i]) && !LeadsOn(found[i]))
                    _pending.Remove(found[i]);
            found.RemoveAll(node => !_pending.ContainsKey(node));
        }
        return found;

        void Visit(Node? node)
        {
            if (node is null || !_pending.TryAdd(node, new Tensor?[node.Outputs]))
                return;
            found.Add(node);
            stack.Push(node);
        }
    }

    /// <summary>Whether the gradient of an input is part of this pass.</summary>
    internal bool Includes(Node node) => _pending.ContainsKey(node);

    private bool LeadsOn(Node node)
    {
        foreach (var edge in node.Next)
            if (edge.Node is { } next && Includes(next))
                return true;
        return false;
    }

    private void Execute(Node node)
    {
        var dy = _pending[node];
        if (Array.TrueForAll(dy, static gradient => gradient is null))
            return;
        capture?.Take(node, dy);
        if (node is AccumulateGrad leaf)
        {
            if (capture is null)
                leaf.Backward(dy, []);
            foreach (var gradient in dy)
                Drop(gradient);
            return;
        }
        if (capture is null)
            Retain(node, dy);
        else if (!LeadsOn(node))
        {
            foreach (var gradient in dy)
                Drop(gradient);
            return;
        }
        var dx = new Tensor?[node.Next.Length];
        var temporaries = node.OwnsTemporaries ? DisposeScope.ForTemporaries() : null;
        try
        {
            _executing = node;
            Differentiate(node, dy, dx);
            if (AnomalyMode.ShouldCheckNaN && AnomalyMode.IsEnabled)
                CheckNaN(node, dx);
            for (int i = 0; i < dx.Length; i++)
                if (dx[i] is { } gradient && node.Next[i].Node is { } next && Includes(next))
                    Send(node.Next[i], gradient);
            if (temporaries is not null)
                foreach (var gradient in dx)
                    if (gradient is { GradientUses: > 0 } && gradient.Scope == temporaries)
                        temporaries.MoveToOuter(gradient);
        }
        finally
        {
            temporaries?.Dispose();
        }
        foreach (var gradient in dy)
            Drop(gradient);
        if (!retainGraph)
            node.Release();
    }

    private void Send(Edge edge, Tensor gradient)
    {
        var pending = _pending[edge.Node!];
        ref var slot = ref pending[edge.OutputNumber];
        if (slot is null)
        {
            gradient.GradientUses++;
            slot = gradient;
            return;
        }
        var sum = slot.add(gradient);
        sum.GradientUses++;
        if (sum.Scope is { OuterScope: not null } scope)
            scope.MoveToOuter(sum);
        Drop(slot);
        slot = sum;
    }

    /// <summary>One use of a gradient is over; after the last its memory can serve the next operation.</summary>
    private static void Drop(Tensor? gradient)
    {
        if (gradient is null || --gradient.GradientUses > 0)
            return;
        gradient.Dispose();
    }

    // A node that is compiled into its caller would not be found on the stack when it falls back.
    [MethodImpl(Fallbacks.Named)]
    private static void Differentiate(Node node, Tensor?[] dy, Tensor?[] dx) => node.Backward(dy, dx);

    private static void Retain(Node node, Tensor?[] dy)
    {
        if (node.Retained is null)
            return;
        foreach (var (output, meta) in node.Retained)
            if (meta.RetainsGrad && meta.Node == node && dy[output] is { } gradient)
                AccumulateGrad.Accumulate(meta, gradient);
    }

    private static void CheckNaN(Node node, Tensor?[] dx)
    {
        for (int i = 0; i < dx.Length; i++)
            if (dx[i] is { } gradient && gradient.isnan().any().ToBoolean())
                throw new ExternalException($"Function '{node.Name}' returned nan values in its {i}th output.");
    }
}
