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
                foreach (var (name, module) in modules)
                    result.Add(name, module);
                return result;
            }
        }
    }
}

namespace TorchSharp.Modules
{
    public class ModuleList<T> : Module, IList<T> where T : Module
    {
        private readonly List<T> _list = [];

        public ModuleList(params T[] modules) : base(nameof(ModuleList<>)) => extend(modules);

        public T this[int index]
        {
            get => _list[index];
            set => Change(() => _list[index] = value);
        }

        public int Count => _list.Count;

        public bool IsReadOnly => false;

        public void Add(T item) => Change(() => _list.Add(item));

        public void append(params T[] parameters) => extend(parameters);

        public void extend(IEnumerable<T> modules) => Change(() => _list.AddRange(modules));

        public void Clear() => Change(_list.Clear);

        public bool Contains(T item) => _list.Contains(item);

        public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public int IndexOf(T item) => _list.IndexOf(item);

        public void Insert(int index, T item) => Change(() => _list.Insert(index, item));

        public bool Remove(T item)
        {
            int index = IndexOf(item);
            if (index >= 0)
                RemoveAt(index);
            return index >= 0;
        }

        public void RemoveAt(int index) => Change(() => _list.RemoveAt(index));

        protected override void RegisterComponents() { }

        /// <summary>Positions are names, so every change numbers the modules anew.</summary>
        private void Change(Action change)
        {
            change();
            ClearModules();
            for (int i = 0; i < _list.Count; i++)
                register_module(i.ToString(CultureInfo.InvariantCulture), _list[i]);
        }
    }

    public class ModuleDict<T> : Module, IDictionary<string, T>, IList<(string, T)> where T : Module
    {
        private readonly Utils.OrderedDict<string, T> _dict = [];

        public ModuleDict() : base(nameof(ModuleDict<>)) { }

        public T this[string key]
        {
            get => _dict[key];
            set => Change(() => _dict[key] = value);
        }

        public (string, T) this[int index]
        {
            get => _dict[index];
            set => Change(() => _dict[index] = value);
        }

        public int Count => _dict.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => _dict.Keys;

        public ICollection<T> Values => _dict.Values;

        public IEnumerable<string> keys() => _dict.keys();

        public IEnumerable<T> values() => _dict.values();

        public IEnumerator<(string, T)> items() => _dict.items();

        public void Add(string key, T value) => Change(() => _dict.Add(key, value));

        public void Add((string, T) item) => Add(item.Item1, item.Item2);

        public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

        public void Clear() => Change(_dict.Clear);

        public void clear() => Clear();

        public bool Contains((string, T) item) => _dict.Contains(item);

        public bool Contains(KeyValuePair<string, T> item) => _dict.Contains(item);

        public bool ContainsKey(string key) => _dict.ContainsKey(key);

        public void CopyTo((string, T)[] array, int arrayIndex) => _dict.CopyTo(array, arrayIndex);

        public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => _dict.CopyTo(array, arrayIndex);

        public IEnumerator<(string, T)> GetEnumerator() => _dict.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() => ((IDictionary<string, T>)_dict).GetEnumerator();

        public int IndexOf((string, T) item) => _dict.IndexOf(item);

        public void Insert(int index, (string, T) item) => Change(() => _dict.Insert(index, item));

        public bool Remove(string key)
        {
            bool there = _dict.ContainsKey(key);
            Change(() => _dict.Remove(key));
            return there;
        }

        public bool Remove((string, T) item) => Contains(item) && Remove(item.Item1);

        public bool Remove(KeyValuePair<string, T> item) => Contains(item) && Remove(item.Key);

        public void RemoveAt(int index) => Change(() => _dict.RemoveAt(index));

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _dict.TryGetValue(key, out value);

        protected override void RegisterComponents() { }

        private void Change(Action change)
        {
            change();
            ClearModules();
            foreach (var (name, module) in _dict)
                register_module(name, module);
        }
    }
}
