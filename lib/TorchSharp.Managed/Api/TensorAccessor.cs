using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Reads and writes a tensor's elements from C#, by position or in order.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly Tensor _tensor;

    internal TensorAccessor(Tensor tensor)
    {
        if (tensor.IsMeta)
            tensor.ThrowNoData();
        if (!tensor.Storage.OnHost)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        var expected = ElementType(tensor.dtype);
        if (typeof(T) != expected)
            throw new ArgumentException($"Reading data of type {typeof(T).Name} from a tensor of dtype {tensor.dtype}: use data<{expected.Name}>()", nameof(T));
        _tensor = tensor;
    }

    internal static Type ElementType(ScalarType type) => type switch
    {
        ScalarType.Byte => typeof(byte),
        ScalarType.Int8 => typeof(sbyte),
        ScalarType.Int16 => typeof(short),
        ScalarType.Int32 => typeof(int),
        ScalarType.Int64 => typeof(long),
        ScalarType.Float16 => typeof(Half),
        ScalarType.BFloat16 => typeof(BFloat16),
        ScalarType.Float32 => typeof(float),
        ScalarType.Float64 => typeof(double),
        ScalarType.Bool => typeof(bool),
        _ => throw ScalarTypes.Unsupported(type),
    };

    public long Count => _tensor.numel();

    public bool IsReadOnly => false;

    private ref T At(long position) => ref Unsafe.Add(ref Unsafe.AsRef<T>(_tensor.Data), (nint)position);

    public T this[params long[] indices]
    {
        get => At(Position(indices));
        set => At(Position(indices)) = value;
    }

    private long Position(long[] indices)
    {
        var layout = _tensor.Layout;
        if (indices.Length == 1 && layout.Rank != 1)
            return Linear(indices[0]);
        if (indices.Length != layout.Rank)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {layout.Rank} dimensions", nameof(indices));
        long position = 0;
        for (int d = 0; d < indices.Length; d++)
        {
            if ((ulong)indices[d] >= (ulong)layout.Shape[d])
                throw new IndexOutOfRangeException($"index {indices[d]} is out of range for dimension {d} of size {layout.Shape[d]}");
            position += indices[d] * layout.Strides[d];
        }
        return position;
    }

    /// <summary>Position of the element that is the nth in row-major order.</summary>
    private long Linear(long n)
    {
        var layout = _tensor.Layout;
        if ((ulong)n >= (ulong)layout.Count)
            throw new IndexOutOfRangeException($"index {n} is out of range for {layout.Count} elements");
        if (layout.IsContiguous)
            return n;
        long position = 0;
        for (int d = layout.Rank - 1; d >= 0; d--)
        {
            position += n % layout.Shape[d] * layout.Strides[d];
            n /= layout.Shape[d];
        }
        return position;
    }

    public T[] ToArray()
    {
        if (_tensor.numel() > Array.MaxLength)
            throw new InvalidOperationException($"{_tensor.numel()} elements do not fit into one C# array");
        var result = new T[_tensor.numel()];
        CopyTo(result);
        return result;
    }

    /// <summary>A C# array with as many dimensions as the tensor.</summary>
    public Array ToNDArray()
    {
        var flat = ToArray();
        var layout = _tensor.Layout;
        if (layout.Rank == 0)
            return flat;
        var result = Array.CreateInstance(typeof(T), layout.Shape);
        if (flat.Length > 0)
            flat.AsSpan().CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(result)), flat.Length));
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        int count = (int)Math.Min(Count - tensorIndex, target.Length);
        if (count <= 0)
            return;
        if (_tensor.is_contiguous())
            MemoryMarshal.CreateReadOnlySpan(ref At(tensorIndex), count).CopyTo(target);
        else
            for (int i = 0; i < count; i++)
                target[i] = At(Linear(tensorIndex + i));
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        int count = (int)Math.Min(Count - tensorIndex, source.Length);
        if (count <= 0)
            return;
        if (_tensor.is_contiguous())
            source[..count].CopyTo(MemoryMarshal.CreateSpan(ref At(tensorIndex), count));
        else
            for (int i = 0; i < count; i++)
                At(Linear(tensorIndex + i)) = source[i];
        GC.KeepAlive(_tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
            yield return At(Linear(i));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => HashCode.Combine(_tensor.GetHashCode(), Count);

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => ReferenceEquals(left, right) || (left is not null && right is not null && left.Count == right.Count && left.SequenceEqual(right));

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public void Dispose() { }
}
