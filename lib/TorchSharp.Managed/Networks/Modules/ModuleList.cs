using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Modules by number, all registered.</summary>
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            /// <summary>Modules by name, all registered.</summary>
            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var result = new ModuleDict<T>();
                foreach (var (name, module) in modules) result.Add(name, module);
                return result;
            }
        }
    }
}

namespace TorchSharp.Modules
{
    public class ModuleList<T> : Module, IList<T> where T : Module
    {
        private readonly List<T> list = [];

        public ModuleList(params T[] modules) : base(nameof(ModuleList<>)) => extend(modules);

        public T this[int index]
        {
            get => list[index];
            set => Change(() => list[index] = value);
        }

        public int Count => list.Count;

        public bool IsReadOnly => false;

        public void Add(T item) => Change(() => list.Add(item));

        public void append(params T[] parameters) => extend(parameters);

        public void extend(IEnumerable<T> modules) => Change(() => list.AddRange(modules));

        public void Clear() => Change(list.Clear);

        public bool Contains(T item) => list.Contains(item);

        public void CopyTo(T[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public int IndexOf(T item) => list.IndexOf(item);

        public void Insert(int index, T item) => Change(() => list.Insert(index, item));

        public bool Remove(T item)
        {
            int index = IndexOf(item);
            if (index >= 0) RemoveAt(index);
            return index >= 0;
        }

        public void RemoveAt(int index) => Change(() => list.RemoveAt(index));

        protected override void RegisterComponents() { }

        /// <summary>Positions are names, so every change numbers the modules anew.</summary>
        private void Change(Action change)
        {
            change();
            ClearModules();
            for (int i = 0; i < list.Count; i++) register_module(i.ToString(CultureInfo.InvariantCulture), list[i]);
        }
    }

    public class ModuleDict<T> : Module, IDictionary<string, T>, IList<(string, T)> where T : Module
    {
        private readonly Utils.OrderedDict<string, T> dict = [];

        public ModuleDict() : base(nameof(ModuleDict<>)) { }

        public T this[string key]
        {
            get => dict[key];
            set => Change(() => dict[key] = value);
        }

        public (string, T) this[int index]
        {
            get => dict[index];
            set => Change(() => dict[index] = value);
        }

        public int Count => dict.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => dict.Keys;

        public ICollection<T> Values => dict.Values;

        public IEnumerable<string> keys() => dict.keys();

        public IEnumerable<T> values() => dict.values();

        public IEnumerator<(string, T)> items() => dict.items();

        public void Add(string key, T value) => Change(() => dict.Add(key, value));

        public void Add((string, T) item) => Add(item.Item1, item.Item2);

        public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

        public void Clear() => Change(dict.Clear);

        public void clear() => Clear();

        public bool Contains((string, T) item) => dict.Contains(item);

        public bool Contains(KeyValuePair<string, T> item) => dict.Contains(item);

        public bool ContainsKey(string key) => dict.ContainsKey(key);

        public void CopyTo((string, T)[] array, int arrayIndex) => dict.CopyTo(array, arrayIndex);

        public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => dict.CopyTo(array, arrayIndex);

        public IEnumerator<(string, T)> GetEnumerator() => dict.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() => ((IDictionary<string, T>)dict).GetEnumerator();

        public int IndexOf((string, T) item) => dict.IndexOf(item);

        public void Insert(int index, (string, T) item) => Change(() => dict.Insert(index, item));

        public bool Remove(string key)
        {
            bool there = dict.ContainsKey(key);
            Change(() => dict.Remove(key));
            return there;
        }

        public bool Remove((string, T) item) => Contains(item) && Remove(item.Item1);

        public bool Remove(KeyValuePair<string, T> item) => Contains(item) && Remove(item.Key);

        public void RemoveAt(int index) => Change(() => dict.RemoveAt(index));

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => dict.TryGetValue(key, out value);

        protected override void RegisterComponents() { }

        private void Change(Action change)
        {
            change();
            ClearModules();
            foreach (var (name, module) in dict) register_module(name, module);
        }
    }
}
