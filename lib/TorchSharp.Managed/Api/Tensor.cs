using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A multi-dimensional array: a <see cref="TorchSharp.Layout"/> over a <see cref="TorchSharp.Storage"/>, with its place in the autograd graph.
    /// Split over files by topic: this one holds what a tensor is and how long it lives.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private TorchSharp.Storage? _storage;
        private Layout _layout;
        private ScalarType _type;

        internal AutogradMeta? Meta;

        /// <summary>For a view whose in-place changes concern the graph of what it looks into: that tensor (never itself a view).</summary>
        internal Tensor? ViewBase;

        /// <summary>A number that took the form of a tensor: in type promotion only its category counts.</summary>
        internal bool IsWrappedNumber;

        internal DisposeScope? Scope;
        internal int ScopeIndex;

        /// <summary>Whether the statistics of dispose scopes have it: a program has seen it.</summary>
        internal bool IsCounted;

        /// <summary>How many waiting gradients of a backward pass are this tensor.</summary>
        internal int GradientUses;

        /// <summary>Takes over one reference to the storage.</summary>
        /// <param name="registered">Whether the current scope gets it. What nobody registers is in no scope and no statistics.</param>
        internal Tensor(TorchSharp.Storage storage, Layout layout, ScalarType type, AutogradMeta? meta = null, bool registered = true)
        {
            _storage = storage;
            _layout = layout;
            _type = type;
            Meta = meta;
            if (registered)
                DisposeScope.Register(this);
        }

        /// <summary>A new variable in the place of a tensor, with its data and without its history (the constructor of parameters). The tensor is invalid afterwards.</summary>
        internal Tensor(Tensor data)
        {
            _storage = data.Storage;
            _layout = data._layout;
            _type = data._type;
            data._storage = null;
            IsCounted = data.IsCounted;
            data.IsCounted = false;
            data.Scope?.Replace(data, this);
        }

        /// <summary>A tensor with arbitrary content.</summary>
        internal static Tensor Allocate(Layout layout, ScalarType type, Place? place = null)
        {
            long bytes = layout.Count * type.Size();
            return new(place is null ? TorchSharp.Storage.Allocate(bytes) : place.Allocate(bytes, layout, type), layout, type);
        }

        internal static Tensor Allocate(long[] shape, ScalarType type) => Allocate(TorchSharp.Layout.Of(shape), type);

        /// <summary>A tensor with arbitrary content on the device of this one.</summary>
        internal Tensor NewEmpty(Layout layout, ScalarType type)
        {
            var storage = Storage;
            return Allocate(layout, type, storage.OnHost ? null : storage.Place);
        }

        internal Tensor NewEmpty(long[] shape, ScalarType type) => NewEmpty(TorchSharp.Layout.Of(shape), type);

        internal Place Place => Storage.Place;

        /// <summary>What computes on this tensor.</summary>
        internal IBackend Backend => Storage.Place.Backend;

        /// <summary>Whether it lies on the meta device, where operations give shapes and types and compute nothing.</summary>
        internal bool IsMeta => Storage.IsMeta;

        /// <summary>Whether there are elements to compute with.</summary>
        internal bool HasData => Layout.Count > 0 && !_storage!.IsMeta;

        internal TorchSharp.Storage Storage
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get
            {
                if (_storage is null)
                    ThrowDisposed();
                return _storage;
            }
        }

        internal Layout Layout
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get
            {
                if (_storage is null)
                    ThrowDisposed();
                return _layout;
            }
        }

        /// <summary>
        /// Address of the first element for code that runs on the host. What a device holds is brought here first and goes back before the
        /// device's next use: right everywhere, and slow, so that it counts as a fall-back. Keep the tensor alive while it is used.
        /// </summary>
        internal unsafe byte* Data
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => (Storage.OnHost ? _storage!.Pointer : Mirror(writes: true)) + _layout.Offset * _type.Size();
        }

        private unsafe byte* Mirror(bool writes)
        {
            if (_storage!.IsMeta)
                ThrowNoData();
            Fallbacks.Note(_storage.Place);
            return _storage.HostView(writes);
        }

        /// <summary>Address of the first element for the backend that computes <paramref name="result"/>. Keep the tensor alive while it is used.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The two lie on different devices.</exception>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal unsafe byte* On(Tensor result)
        {
            var storage = Storage;
            if (!ReferenceEquals(storage.Place, result.Storage.Place))
                ThrowElsewhere(result);
            return (storage.OnHost ? storage.Pointer : Address()) + _layout.Offset * _type.Size();
        }

        /// <summary>As <see cref="On"/>; a number of the host may stand beside tensors of any device.</summary>
        internal unsafe byte* OrNumberOn(Tensor result) => IsNumberBeside(result) ? Data : On(result);

        /// <summary>Whether this is a single number on the host, and the other tensor lies elsewhere.</summary>
        internal bool IsNumberBeside(Tensor other) => Layout.Rank == 0 && _storage!.OnHost && !other.Storage.OnHost;

        private unsafe byte* Address()
        {
            if (_storage!.IsMeta)
                ThrowNoData();
            return _storage.Address;
        }

        [DoesNotReturn]
        private void ThrowElsewhere(Tensor other) => throw Elsewhere(this, other);

        internal static Exception Elsewhere(Tensor a, Tensor b)
        {
            // In libtorch's order: devices before the CPU.
            var (first, second) = a.Storage.OnHost ? (b, a) : (a, b);
            return new System.Runtime.InteropServices.ExternalException($"Expected all tensors to be on the same device, but found at least two devices, {first.device} and {second.device}! (shapes {first.Layout} on {first.device} and {second.Layout} on {second.device})");
        }

        [DoesNotReturn]
        private static void ThrowDisposed() => throw new InvalidOperationException("Tensor invalid -- empty handle. The tensor was disposed (by Dispose, or by the DisposeScope in which it was created).");

        [DoesNotReturn]
        internal void ThrowNoData() => throw new System.Runtime.InteropServices.ExternalException($"Cannot copy out of meta tensor; no data! (a tensor of shape {_layout} on the meta device has no elements: make it on the CPU to compute with it)");

        /// <summary>Another handle to the same variable, in no scope.</summary>
        internal Tensor NewHandle()
        {
            var storage = Storage;
            storage.AddReference();
            return new Tensor(storage, _layout, _type, Meta, registered: false) { ViewBase = ViewBase };
        }

        /// <summary>Another handle to the same variable, in the scope of the caller: what TorchSharp gives where there is nothing to do, so that disposing one leaves the other.</summary>
        internal Tensor SameVariable()
        {
            EnsureMeta();
            var handle = NewHandle();
            DisposeScope.Register(handle);
            return handle;
        }

        /// <summary>A tensor over the same memory with another layout and no history.</summary>
        internal Tensor ShareData(Layout layout)
        {
            var storage = Storage;
            storage.AddReference();
            return new Tensor(storage, layout, _type);
        }

        /// <summary>Points this handle at other memory (conversion of a module's parameters in place).</summary>
        internal void ReplaceData(Tensor data)
        {
            var storage = data.Storage;
            storage.AddReference();
            _storage?.Release();
            _storage = storage;
            _layout = data._layout;
            _type = data._type;
        }

        /// <summary>Changes the layout of this handle (in-place view operations).</summary>
        internal void ReplaceLayout(Layout layout) => _layout = layout;

        /// <summary>Whether no other tensor looks at this memory and it fills it: then it may be kept instead of copied.</summary>
        internal bool IsSoleOwner => Storage.References == 1 && _layout.IsContiguous && _layout.Count * _type.Size() == _storage!.Bytes && ViewBase is null;

        internal void LeaveScope() => Scope?.Remove(this);

        /// <summary>Takes what an operation has made on its way out of scope and statistics; the operation disposes it.</summary>
        internal Tensor AsTemporary()
        {
            if (IsCounted)
                DisposeScopeManager.Statistics.TensorStatistics.NotCreated(inScope: Scope is not null);
            IsCounted = false;
            LeaveScope();
            return this;
        }

        /// <summary>Disposes what an operation has made on its way.</summary>
        internal void Discard() => AsTemporary().Dispose();

        /// <summary>Gives the memory back (to the pool, once no other tensor and no recorded operation needs it). Using the tensor afterwards throws.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (!disposing || _storage is null)
                return;
            if (IsCounted)
                DisposeScopeManager.Statistics.TensorStatistics.Disposed(inScope: Scope is not null);
            LeaveScope();
            Release();
        }

        internal void Release()
        {
            _storage?.Release();
            _storage = null;
        }

        public bool IsInvalid => _storage is null;

        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        public Tensor DetatchFromDisposeScope() => DetachFromDisposeScope();

        /// <summary>Keeps the tensor beyond the scope in which it was created.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (Scope is not null)
                Scope.MoveToOther(other, this);
            else
                other?.Attach((IDisposable)this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => other.Scope is null ? DetachFromDisposeScope() : MoveToOtherDisposeScope(other.Scope);

        public override bool Equals(object? obj) => obj is Tensor target && Equals(target);

        /// <summary>Whether shapes and all values are equal, after promotion to a common dtype. NaN equals nothing, not even itself.</summary>
        /// <exception cref="InvalidOperationException">One of the two is disposed.</exception>
        public bool Equals(Tensor target)
        {
            if (target is null || !Layout.Shape.AsSpan().SequenceEqual(target.Layout.Shape))
                return false;
            using var scope = DisposeScope.ForTemporaries();
            using var frozen = no_grad();
            return eq(target).all().ToBoolean();
        }

        /// <summary>By reference: values may change while a tensor lies in a table.</summary>
        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
    }
}
