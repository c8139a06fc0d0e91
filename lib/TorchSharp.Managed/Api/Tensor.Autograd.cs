using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        internal AutogradMeta EnsureMeta() => Meta ??= new AutogradMeta();

        /// <summary>A gradient is wanted for this tensor, or it was computed from one for which it is.</summary>
        public bool requires_grad
        {
            get
            {
                RefreshView();
                return Meta is { RequiresGrad: true };
            }
            set
            {
                if (value && !_type.IsFloating())
                    throw new ExternalException($"only Tensors of floating point and complex dtype can require gradients (got {_type})");
                if (!value && Meta is { Node: not null })
                    throw new ExternalException("you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
                if (!value && Meta is null)
                    return;
                EnsureMeta().RequiresGrad = value;
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Made by the user, not by an operation: gradients are kept in leaves.</summary>
        public bool is_leaf
        {
            get
            {
                RefreshView();
                return Meta?.Node is null;
            }
        }

        /// <summary>The gradient that <c>backward</c> has accumulated, or null.</summary>
        public Tensor? grad
        {
            get
            {
                if (Meta?.Grad is not { IsInvalid: false } gradient)
                    return null;
                // A handle of the caller's own: disposing it leaves the gradient in place.
                var handle = gradient.NewHandle();
                DisposeScope.Register(handle);
                return handle;
            }
            set
            {
                if (value is not null)
                {
                    if (!Layout.SameShape(value.Layout))
                        throw new ExternalException($"assigned grad has data of a different size: expected {Layout}, got {value.Layout}");
                    if (value.dtype != dtype)
                        throw new ExternalException($"assigned grad has data of a different type: expected {dtype}, got {value.dtype}");
                }
                var meta = EnsureMeta();
                var old = meta.Grad;
                meta.Grad = value?.NewHandle();
                old?.Dispose();
            }
        }

        /// <summary>Keeps the gradient of a tensor that is not a leaf.</summary>
        public void retain_grad()
        {
            if (!requires_grad)
                throw new ExternalException("can't retain_grad on Tensor that has requires_grad=False");
            var meta = Meta!;
            if (meta.Node is null || meta.RetainsGrad)
                return;
            meta.RetainsGrad = true;
            (meta.Node.Retained ??= []).Add((meta.OutputNumber, meta));
        }

        /// <summary>The same data outside the graph.</summary>
        public Tensor detach() => ShareData(Layout);

        public Tensor detach_()
        {
            if (ViewBase is not null)
                throw new ExternalException("Can't detach views in-place. Use detach() instead.");
            if (Meta is { } meta)
            {
                meta.Node = null;
                meta.RequiresGrad = false;
                meta.Accumulator = null;
            }
            return this;
        }

        /// <summary>Where a gradient of this tensor goes: its producing operation, the accumulator of a leaf, or nowhere.</summary>
        internal Edge GradientEdge()
        {
            RefreshView();
            if (Meta is not { RequiresGrad: true } meta)
                return default;
            if (meta.Node is not null)
                return new Edge(meta.Node, meta.OutputNumber);
            if (meta.Accumulator is null)
                Interlocked.CompareExchange(ref meta.Accumulator, new AccumulateGrad(meta), null);
            return new Edge(meta.Accumulator, 0);
        }

        /// <summary>A view whose base was changed in place since: its history is now "the same window of the new base".</summary>
        private void RefreshView()
        {
            if (ViewBase is null)
                return;
            var baseMeta = ViewBase.Meta;
            if (baseMeta?.Node is not null && baseMeta.Node != Meta?.SeenBaseNode)
                RebaseView(baseMeta);
        }

        private void RebaseView(AutogradMeta baseMeta)
        {
            var meta = EnsureMeta();
            meta.Node = new WindowBackward(ViewBase!._layout, _layout, new Edge(baseMeta.Node, baseMeta.OutputNumber));
            meta.OutputNumber = 0;
            meta.RequiresGrad = true;
            meta.SeenBaseNode = baseMeta.Node;
        }

        /// <summary>Makes an operation the producer of this (new) tensor.</summary>
        internal Tensor Produced(Node node, int outputNumber = 0)
        {
            Meta = new AutogradMeta { RequiresGrad = true, Node = node, OutputNumber = outputNumber, SeenBaseNode = ViewBase?.Meta?.Node };
            return this;
        }

        /// <summary>Throws when an in-place change would break the graph, or write several values into one place.</summary>
        internal void CheckInPlace()
        {
            if (Layout.Overlaps)
                throw new ExternalException($"unsupported operation: more than one element of the written-to tensor refers to a single memory location (shape {Layout}, strides {TorchSharp.Layout.Text(Layout.Strides)}). Please clone() the tensor before performing the operation.");
            CheckGraph();
        }

        internal void CheckGraph()
        {
            if (!GradMode.Enabled)
                return;
            if (Meta is { RequiresGrad: true, Node: null })
                throw new ExternalException("a leaf Variable that requires grad is being used in an in-place operation.");
            if (ViewBase?.Meta is { RequiresGrad: true, Node: null })
                throw new ExternalException("a view of a leaf Variable that requires grad is being used in an in-place operation.");
        }

        /// <summary>After an in-place change: a new version, and for a recorded one a new history, of the base too when this is a view.</summary>
        internal Tensor Changed(Node? node)
        {
            Storage.Version++;
            if (node is null)
                return this;
            if (ViewBase is null)
            {
                var meta = EnsureMeta();
                meta.Node = node;
                meta.OutputNumber = 0;
                meta.RequiresGrad = true;
                return this;
            }
            var baseMeta = ViewBase.EnsureMeta();
            var edge = baseMeta.RequiresGrad ? new Edge(baseMeta.Node, baseMeta.OutputNumber) : default;
            baseMeta.Node = new WindowChangedBackward(ViewBase._layout, _layout, edge, node);
            baseMeta.OutputNumber = 0;
            baseMeta.RequiresGrad = true;
            RebaseView(baseMeta);
            return this;
        }

        public void backward() => autograd.backward(this);

        /// <param name="grad_tensors">The gradient to start from: needed when this tensor is not a scalar.</param>
        /// <param name="create_graph">Record the backward pass itself, so that gradients can be differentiated again.</param>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
