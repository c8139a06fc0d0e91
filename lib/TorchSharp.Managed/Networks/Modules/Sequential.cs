using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A chain of modules: each takes the output of the one before.</summary>
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) => new([.. modules.Select(item => (item.Item1, item.Item2))]);

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new([.. modules]);

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new([.. modules]);

            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) => new([.. modules.Select(item => (item.Item1, item.Item2))]);

            public static Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());
        }
    }
}

namespace TorchSharp.Modules
{
    public class Sequential : Module<Tensor, Tensor>
    {
        private readonly ModuleChain _chain = [];

        protected internal Sequential(params Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
        {
            foreach (var module in modules)
                append(module);
        }

        protected internal Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules)
                append(name, module);
        }

        public int Count => _chain.Count;

        [IndexerName("SequentialItems")]
        public IModule<Tensor, Tensor> this[int index] => (IModule<Tensor, Tensor>)_chain[index].module;

        /// <summary>A part of the chain, over the same modules under their names.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[Range index]
        {
            get
            {
                var (start, length) = index.GetOffsetAndLength(Count);
                return new Sequential([.. _chain.Skip(start).Take(length).Select(child => (child.name, (Module<Tensor, Tensor>)child.module))]);
            }
        }

        [IndexerName("SequentialItems")]
        public Sequential this[(int? start, int? end) index] => this[At(index.start ?? 0)..At(index.end ?? Count)];

        private int At(int position) => position >= 0 && position <= Count ? position
            : throw new IndexOutOfRangeException($"{position} is not a valid index: the chain has {Count} modules.");

        /// <summary>Appends under the number that the module has in the chain.</summary>
        public Sequential append(IModule<Tensor, Tensor> module) => append(_chain.NextName, module);

        /// <summary>Appends under a name; two modules may have the same, and a state has the first one's.</summary>
        public Sequential append(string name, IModule<Tensor, Tensor> module)
        {
            if (module is not Module submodule)
                throw new ArgumentException($"Sequential takes modules; '{name}' is {module?.GetType().Name ?? "null"}.", nameof(module));
            Adopt(submodule);
            _chain.Add((name, submodule));
            return this;
        }

        private protected override IEnumerable<(string name, Module module)> Submodules => _chain;

        private protected override bool LivesOnADevice => false;

        /// <summary>As a module's; the parameter's name is TorchSharp's.</summary>
        public override void train(bool on = true) => base.train(on);

        /// <summary>As a module's; the parameter's name is TorchSharp's.</summary>
        public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => base.named_buffers(recurse, include_persistent);

        /// <summary>Results between two modules are disposed: the graph keeps what it needs of them.</summary>
        public override Tensor forward(Tensor tensor)
        {
            if (_chain.Count == 0)
                return tensor.alias();
            var current = tensor;
            for (int at = 0; at < _chain.Count;)
            {
                var next = PooledConvolutions.TryForward(_chain, ref at, current) ?? ((IModule<Tensor, Tensor>)_chain[at++].module).call(current);
                if (!ReferenceEquals(current, tensor) && !ReferenceEquals(current, next))
                    current.Dispose();
                current = next;
            }
            return current;
        }
    }
}
