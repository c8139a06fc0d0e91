using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// What makes a tensor a variable of a computation: whether a gradient is wanted, which operation produced it, and the gradient itself.
/// Two tensors that share this object are two handles to one variable.
/// </summary>
internal sealed class AutogradMeta
{
    internal bool RequiresGrad;

    /// <summary>The operation that produced this value (null for a leaf) and which of its outputs it is.</summary>
    internal Node? Node;
    internal int OutputNumber;

    internal Tensor? Grad;
    internal bool RetainsGrad;
    internal AccumulateGrad? Accumulator;

    /// <summary>For a view: its base's node when its own was made. Another one now means that the base was changed in place since.</summary>
    internal Node? SeenBaseNode;
}
