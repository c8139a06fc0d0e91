using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Order along one dimension. Every element becomes an Int64 whose order is that of the values (NaN last), so that one sort serves all types.</summary>
internal static unsafe class Sorting
{
    /// <summary>So many positions are found by a short sorted list, into which few elements of a line find their way; more by sorting the line.</summary>
    private const int ShortList = 32;

    /// <summary>See <see cref="IBackend.Order"/>.</summary>
    internal static void Order(ScalarType type, void* x, long* order, long outer, long n, long count, long inner, bool descending)
    {
        if (count == 0)
            return;
        if (count < n && count <= ShortList)
            First(type, x, order, outer, n, (int)count, inner, descending);
        else
            Sorted(type, x, order, outer, n, count, inner, descending);
    }

    private static void Sorted(ScalarType type, void* x, long* order, long outer, long n, long count, long inner, bool descending)
    {
        long[] keys = new long[n];
        long[] positions = new long[n];
        for (long o = 0; o < outer; o++)
            for (long i = 0; i < inner; i++)
            {
                for (long k = 0; k < n; k++)
                {
                    long key = Key(type, x, (o * n + k) * inner + i);
                    keys[k] = descending ? ~key : key;
                    positions[k] = k;
                }
                Array.Sort(keys, positions);
                RestoreTies(keys, positions);
                for (long k = 0; k < count; k++)
                    order[(o * count + k) * inner + i] = positions[k];
            }
    }

    private static void First(ScalarType type, void* x, long* order, long outer, long n, int count, long inner, bool descending)
    {
        long* keys = stackalloc long[count];
        long* positions = stackalloc long[count];
        for (long o = 0; o < outer; o++)
            for (long i = 0; i < inner; i++)
            {
                int held = 0;
                for (long p = 0; p < n; p++)
                {
                    long key = Key(type, x, (o * n + p) * inner + i);
                    if (descending)
                        key = ~key;
                    if (held == count && key >= keys[count - 1])
                        continue;
                    int at = held < count ? held++ : count - 1;
                    for (; at > 0 && keys[at - 1] > key; at--)
                        (keys[at], positions[at]) = (keys[at - 1], positions[at - 1]);
                    (keys[at], positions[at]) = (key, p);
                }
                for (long p = 0; p < count; p++)
                    order[(o * count + p) * inner + i] = positions[p];
            }
    }

    private static void RestoreTies(long[] keys, long[] positions)
    {
        for (int from = 0; from < keys.Length;)
        {
            int to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
                to++;
            if (to - from > 1)
                Array.Sort(positions, from, to - from);
            from = to;
        }
    }

    private static long Key(ScalarType type, void* x, long at) => type switch
    {
        ScalarType.Float32 => Key(((float*)x)[at]),
        ScalarType.Float64 => Key(((double*)x)[at]),
        ScalarType.Int64 => ((long*)x)[at],
        ScalarType.Int32 => ((int*)x)[at],
        ScalarType.Int16 => ((short*)x)[at],
        ScalarType.Int8 => ((sbyte*)x)[at],
        ScalarType.Byte or ScalarType.Bool => ((byte*)x)[at],
        _ => throw ScalarTypes.Unsupported(type),
    };

    private static long Key(double value)
    {
        if (double.IsNaN(value))
            return long.MaxValue;
        // −0 and 0 are equal; the bits of negative numbers run the other way.
        long bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        return bits ^ ((bits >> 63) & long.MaxValue);
    }
}
