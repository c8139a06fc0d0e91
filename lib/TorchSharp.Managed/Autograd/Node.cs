using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Where a gradient goes: an operation and which of its outputs the gradient belongs to. No node: nobody wants it.</summary>
internal readonly record struct Edge(Node? Node, int OutputNumber);

/// <summary>
/// One executed operation in the graph: it knows where the gradients of its inputs go and how to compute them from those of its outputs.
/// </summary>
internal abstract class Node
{
    private static long _count;

    /// <summary>Creation order. Every edge leads to an older node, so descending order is an order of execution.</summary>
    internal long Sequence { get; init; } = Interlocked.Increment(ref _count);

    /// <summary>One edge for each differentiable input.</summary>
    internal Edge[] Next = [];

    internal virtual int Outputs => 1;

    /// <summary>Name in PyTorch's style, for messages: MulBackward.</summary>
    internal virtual string Name => GetType().Name;

    /// <summary>Whether tensors that <see cref="Backward"/> creates and does not return may be disposed after it. Not so for user code.</summary>
    internal virtual bool OwnsTemporaries => true;

    /// <summary>Whether anybody wants the gradient of an input; while a pass runs, in that pass.</summary>
    protected bool Needs(int input) => Next[input].Node is { } node && !BackwardPass.LeavesOut(this, node);

    /// <summary>From dy (one per output; null means zero) to dx (one per edge; null means zero). Written with tensor operations, so that it can itself be recorded.</summary>
    internal abstract void Backward(Tensor?[] dy, Tensor?[] dx);

    /// <summary>Gives up saved values after use.</summary>
    internal virtual void Release() { }

    /// <summary>Outputs whose gradient is to be kept (retain_grad), with their number.</summary>
    internal List<(int Output, AutogradMeta Meta)>? Retained;
}

/// <summary>A value that an operation keeps for backward: its memory, which version of it, and its place in the graph.</summary>
internal struct Saved
{
    private Storage? _storage;
    private readonly Layout _layout;
    private readonly ScalarType _type;
    private readonly int _version;
    private AutogradMeta? _leaf;
    private Node? _node;
    private readonly int _outputNumber;
    private State _state;

    private enum State : byte { Empty, Held, Released }

    internal readonly bool IsEmpty => _state == State.Empty;

    /// <param name="tensor">The value to keep.</param>
    /// <param name="isOutput">It is the operation's own result: its node is the one that saves it, known only at unpacking.</param>
    internal Saved(Tensor tensor, bool isOutput = false)
    {
        _storage = tensor.Storage;
        _storage.AddReference();
        _layout = tensor.Layout;
        _type = tensor.dtype;
        _version = _storage.Version;
        _state = State.Held;
        if (isOutput)
            return;
        var edge = tensor.GradientEdge();
        if (edge.Node is AccumulateGrad)
            _leaf = tensor.Meta;
        else
            (_node, _outputNumber) = edge;
    }

    /// <summary>The value as a tensor, connected to the graph where it was.</summary>
    internal readonly Tensor Unpack(Node owner, bool isOutput = false)
    {
        if (_state == State.Released)
            throw new ExternalException("Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). " +
                "Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward " +
                "through the graph a second time or if you need to access saved tensors after calling backward.");
        var storage = _storage!;
        if (storage.Version != _version)
            throw new ExternalException("one of the variables needed for gradient computation has been modified by an inplace operation: " +
                $"[{_type.TensorName()} {_layout}], which is an input or output of {owner.Name}, is at version {storage.Version}; expected version {_version} instead. " +
                "Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True).");
        storage.AddReference();
        var meta = _leaf;
        if (meta is null && (isOutput || _node is not null))
            meta = new AutogradMeta { RequiresGrad = true, Node = isOutput ? owner : _node, OutputNumber = _outputNumber };
        return new Tensor(storage, _layout, _type, meta);
    }

    internal void Release()
    {
        if (_state != State.Held)
            return;
        _storage!.Release();
        _storage = null;
        _leaf = null;
        _node = null;
        _state = State.Released;
    }
}

/// <summary>The end of a path: adds the gradient to a leaf's <c>grad</c>.</summary>
internal sealed class AccumulateGrad : Node
{
    private readonly AutogradMeta _leaf;

    // Older than every operation: a leaf gets its gradient when all contributions have arrived.
    internal AccumulateGrad(AutogradMeta leaf)
    {
        _leaf = leaf;
        Sequence = -1;
    }

    internal override void Backward(Tensor?[] dy, Tensor?[] dx)
    {
        if (dy[0] is not { } gradient)
            return;
        // Several threads may share a leaf.
        lock (_leaf)
            Accumulate(_leaf, gradient);
    }

    /// <summary>grad = gradient, or grad + gradient. In place while no graph is recorded, so that handles that the user took stay current.</summary>
    internal static void Accumulate(AutogradMeta meta, Tensor gradient)
    {
        if (meta.Grad is not { IsInvalid: false } grad)
        {
            // A gradient that another node may still look at, or that is a view of something larger, is copied.
            var own = GradMode.Enabled ? gradient.NewHandle() : gradient.IsSoleOwner ? gradient.NewHandle() : gradient.CloneData();
            own.LeaveScope();
            meta.Grad = own;
        }
        else if (GradMode.Enabled)
        {
            meta.Grad = grad.add(gradient);
            meta.Grad.LeaveScope();
        }
        else
            Operations.AddInto(grad, gradient);
    }
}
