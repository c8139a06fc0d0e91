using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that remembers the order in which keys were added: the order of a module's parameters.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)> where TKey : notnull
{
    private readonly List<(TKey Key, TValue Value)> list = [];
    private readonly Dictionary<TKey, TValue> dict = [];

    public TValue this[TKey key]
    {
        get => dict[key];
        set
        {
            int position = list.FindIndex(pair => pair.Key.Equals(key));
            if (position < 0) list.Add((key, value));
            else list[position] = (key, value);
            dict[key] = value;
        }
    }

    public (TKey, TValue) this[int index]
    {
        get => list[index];
        set
        {
            dict.Remove(list[index].Key);
            dict.Add(value.Item1, value.Item2);
            list[index] = value;
        }
    }

    public int Count => list.Count;

    public bool IsReadOnly => false;

    public ICollection<TKey> Keys => [.. list.Select(pair => pair.Key)];

    public ICollection<TValue> Values => [.. list.Select(pair => pair.Value)];

    public IEnumerable<TKey> keys() => Keys;

    public IEnumerable<TValue> values() => Values;

    public IEnumerator<(TKey, TValue)> items() => list.GetEnumerator();

    public void Add(TKey key, TValue value)
    {
        dict.Add(key, value);
        list.Add((key, value));
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Clear()
    {
        dict.Clear();
        list.Clear();
    }

    public void clear() => Clear();

    public bool Contains((TKey, TValue) item) => list.Contains(item);

    public bool Contains(KeyValuePair<TKey, TValue> item) => list.Contains((item.Key, item.Value));

    public bool ContainsKey(TKey key) => dict.ContainsKey(key);

    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in list) array[arrayIndex++] = new(key, value);
    }

    public IEnumerator<(TKey, TValue)> GetEnumerator() => list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        list.Select(pair => new KeyValuePair<TKey, TValue>(pair.Key, pair.Value)).GetEnumerator();

    public int IndexOf((TKey, TValue) item) => list.IndexOf(item);

    public void Insert(int index, (TKey, TValue) item)
    {
        dict.Add(item.Item1, item.Item2);
        list.Insert(index, item);
    }

    public bool Remove(TKey key)
    {
        if (!dict.Remove(key)) return false;
        list.RemoveAt(list.FindIndex(pair => pair.Key.Equals(key)));
        return true;
    }

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove((item.Key, item.Value));

    public void RemoveAt(int index)
    {
        dict.Remove(list[index].Key);
        list.RemoveAt(index);
    }

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => dict.TryGetValue(key, out value);
}
