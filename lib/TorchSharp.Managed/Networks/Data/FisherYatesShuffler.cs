using System.Collections;

namespace TorchSharp.Utils;

/// <summary>
/// A random order of 0 … size−1 (Durstenfeld, CACM 1964). With a seed every enumeration gives the same order; without one each is new.
/// </summary>
public class FisherYatesShuffler(long size, int? seed = null) : IEnumerable<long>
{
    public IEnumerator<long> GetEnumerator()
    {
        var random = seed is { } value ? new Random(value) : new Random();
        long[] order = new long[size];
        for (long i = 0; i < size; i++)
        {
            // Two draws of 31 bits, combined as TorchSharp combines them, so that a seed gives TorchSharp's order.
            long high = (long)random.Next() << 32, j = (high + (uint)random.Next()) % (i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return ((IEnumerable<long>)order).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
