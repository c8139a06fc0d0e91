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
            /// <summary>Parameters by number, all registered.</summary>
            public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);

            /// <summary>Parameters by name, all registered.</summary>
            public static ParameterDict ParameterDict(params (string, Parameter)[] parameters)
            {
                var result = new ParameterDict();
                foreach (var (name, parameter) in parameters)
                    result.Add(name, parameter);
                return result;
            }
        }
    }
}

namespace TorchSharp.Modules
{
    public class ParameterList : Module, IList<Parameter>
    {
        private readonly List<Parameter> _list = [];

        public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList)) => extend(parameters);

        public Parameter this[int index]
        {
            get => _list[index];
            set => Change(() => _list[index] = value);
        }

        public int Count => _list.Count;

        public bool IsReadOnly => false;

        public void Add(Parameter item) => Change(() => _list.Add(item));

        public void append(params Parameter[] parameters) => extend(parameters);

        public void extend(IEnumerable<Parameter> parameters) => Change(() => _list.AddRange(parameters));

        public void Clear() => Change(_list.Clear);

        public bool Contains(Parameter item) => IndexOf(item) >= 0;

        public void CopyTo(Parameter[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

        public IEnumerator<Parameter> GetEnumerator() => _list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>By value: the first parameter with these numbers.</summary>
        public int IndexOf(Parameter item) => _list.FindIndex(other => other.Equals(item));

        public void Insert(int index, Parameter item) => Change(() => _list.Insert(index, item));

        public bool Remove(Parameter item)
        {
            int index = IndexOf(item);
            if (index >= 0)
                RemoveAt(index);
            return index >= 0;
        }

        public void RemoveAt(int index) => Change(() => _list.RemoveAt(index));

        protected override void RegisterComponents() { }

        private void Change(Action change)
        {
            change();
            _internal_params.Clear();
            for (int i = 0; i < _list.Count; i++)
                register_parameter(i.ToString(CultureInfo.InvariantCulture), _list[i]);
        }
    }

    public class ParameterDict : Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
    {
        public ParameterDict() : base(nameof(ParameterDict)) { }

        public Parameter this[string key]
        {
            get => _internal_params[key];
            set => ConditionallyRegisterParameter(key, value);
        }

        public (string, Parameter) this[int index]
        {
            get => _internal_params[index];
            set => _internal_params[index] = value;
        }

        public int Count => _internal_params.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => _internal_params.Keys;

        public ICollection<Parameter> Values => _internal_params.Values;

        public IEnumerable<string> keys() => Keys;

        public IEnumerable<Parameter> values() => Values;

        public IEnumerator<(string, Parameter)> items() => GetEnumerator();

        public void Add(string key, Parameter value) => register_parameter(key, value);

        public void Add((string, Parameter) item) => Add(item.Item1, item.Item2);

        public void Add(KeyValuePair<string, Parameter> item) => Add(item.Key, item.Value);

        public void Clear() => _internal_params.Clear();

        public void clear() => Clear();

        public bool Contains((string, Parameter) item) => IndexOf(item) >= 0;

        public bool Contains(KeyValuePair<string, Parameter> item) => Contains((item.Key, item.Value));

        public bool ContainsKey(string key) => _internal_params.ContainsKey(key);

        public void CopyTo((string, Parameter)[] array, int arrayIndex) => _internal_params.CopyTo(array, arrayIndex);

        public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) => _internal_params.CopyTo(array, arrayIndex);

        public IEnumerator<(string, Parameter)> GetEnumerator() => _internal_params.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator() =>
            ((IDictionary<string, Parameter>)_internal_params).GetEnumerator();

        /// <summary>By name and value.</summary>
        public int IndexOf((string, Parameter) item)
        {
            for (int i = 0; i < Count; i++)
                if (_internal_params[i].Item1 == item.Item1 && _internal_params[i].Item2.Equals(item.Item2))
                    return i;
            return -1;
        }

        public void Insert(int index, (string, Parameter) item) => _internal_params.Insert(index, item);

        public bool Remove(string key) => _internal_params.Remove(key);

        public bool Remove((string, Parameter) item) => Contains(item) && Remove(item.Item1);

        public bool Remove(KeyValuePair<string, Parameter> item) => Remove((item.Key, item.Value));

        public void RemoveAt(int index) => _internal_params.RemoveAt(index);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value) => _internal_params.TryGetValue(key, out value);

        /// <summary>As a module's, but TorchSharp gives <paramref name="recurse"/> no default here.</summary>
        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse) => base.named_parameters(recurse);

        protected override void RegisterComponents() { }
    }
}
