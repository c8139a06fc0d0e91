using System.Globalization;
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
        private readonly List<IModule<Tensor, Tensor>> chain = [];
        private readonly List<string> names = [];

        protected internal Sequential(params Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
        {
            foreach (var module in modules) append(module);
        }

        protected internal Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules) append(name, module);
        }

        public int Count => chain.Count;

        [IndexerName("SequentialItems")]
        public IModule<Tensor, Tensor> this[int index] => chain[index];

        /// <summary>A part of the chain, over the same modules under their names.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[Range index]
        {
            get
            {
                var (start, length) = index.GetOffsetAndLength(Count);
                return new Sequential([.. names.Zip(chain.Cast<Module<Tensor, Tensor>>()).Skip(start).Take(length)]);
            }
        }

        [IndexerName("SequentialItems")]
        public Sequential this[(int? start, int? end) index] => this[(index.start ?? 0)..(index.end ?? Count)];

        /// <summary>Appends under the next number that is free: a slice keeps the numbers of its modules.</summary>
        public Sequential append(IModule<Tensor, Tensor> module)
        {
            int number = Count;
            while (names.Contains(number.ToString(CultureInfo.InvariantCulture))) number++;
            return append(number.ToString(CultureInfo.InvariantCulture), module);
        }

        public Sequential append(string name, IModule<Tensor, Tensor> module)
        {
            if (module is not Module submodule) throw new ArgumentException($"Sequential takes modules; '{name}' is {module?.GetType().Name ?? "null"}.", nameof(module));
            register_module(name, submodule);
            names.Add(name);
            chain.Add(module);
            return this;
        }

        /// <summary>As a module's; the parameter's name is TorchSharp's.</summary>
        public override void train(bool on = true) => base.train(on);

        /// <summary>As a module's; the parameter's name is TorchSharp's.</summary>
        public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => base.named_buffers(recurse, include_persistent);

        /// <summary>Results between two modules are disposed: the graph keeps what it needs of them.</summary>
        public override Tensor forward(Tensor tensor)
        {
            if (chain.Count == 0) return tensor.alias();
            Tensor current = tensor;
            foreach (var module in chain)
            {
                Tensor next = module.call(current);
                if (!ReferenceEquals(current, tensor) && !ReferenceEquals(current, next)) current.Dispose();
                current = next;
            }
            return current;
        }
    }
}
