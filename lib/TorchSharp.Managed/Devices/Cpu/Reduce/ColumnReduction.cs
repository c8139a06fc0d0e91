using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// Reduces the rows of a matrix to one: y[i] = f(x[0, i], x[1, i], …) for an f whose order does not matter (sum, largest, smallest).
/// </summary>
/// <remarks>
/// Rows are read in order, four at a time, so that a register of the result is loaded and stored once for four of them. The result of
/// some columns stays in L1 meanwhile. Every 64 rows have a result of their own, and every 64 such results, so that a sum loses few digits.
/// </remarks>
internal static unsafe class ColumnReduction<F, T> where F : IBinaryFunction<T> where T : unmanaged, INumber<T>
{
    private const long Block = 64;

    /// <summary>Reduces <paramref name="n"/> ≥ 1 rows, each <paramref name="stride"/> elements behind the one before.</summary>
    public static void Run(T* x, T* y, long n, long columns, long stride)
    {
        long width = Vector<T>.Count;
        if (columns % width == 0 || columns != stride || columns * width > CpuBackend.PanelColumns || n < 2 * width)
        {
            Blocks(x, y, n, columns, stride, Scratch.Get<T>(Scratch.Slot.Result, 5 * columns));
            return;
        }
        // As many narrow rows as a register has elements are one row of whole registers.
        long wide = columns * width, whole = n / width;
        T* folded = Scratch.Get<T>(Scratch.Slot.Columns, wide), partial = Scratch.Get<T>(Scratch.Slot.Result, 5 * wide);
        Blocks(x, folded, whole, wide, wide, partial);
        Blocks(folded, y, width, columns, columns, partial);
        Add(y, x + whole * wide, n - whole * width, columns, columns);
    }

    /// <summary>Every <see cref="Block"/> rows, and every so many of their results, are reduced by themselves.</summary>
    /// <param name="partial">Room for the results of five levels.</param>
    private static void Blocks(T* x, T* y, long n, long columns, long stride, T* partial)
    {
        long block = Block;
        while (block * Block < n)
            block *= Block;
        for (long from = 0; from < n; from += block, x += block * stride)
        {
            var target = from == 0 ? y : partial;
            long rows = Math.Min(block, n - from);
            if (rows > Block)
                Blocks(x, target, rows, columns, stride, partial + columns);
            else
            {
                Unsafe.CopyBlockUnaligned(target, x, checked((uint)(columns * sizeof(T))));
                Add(target, x + stride, rows - 1, columns, stride);
            }
            if (from > 0)
                Add(y, partial, 1, columns, columns);
        }
    }

    /// <summary>y[i] = f(y[i], x[0, i], x[1, i], …).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(T* y, T* x, long rows, long columns, long stride)
    {
        for (; rows >= 4; rows -= 4, x += 4 * stride)
        {
            T* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
            long i = 0;
            for (; i <= columns - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> low = F.Of(Vector.Load(x + i), Vector.Load(x1 + i)), high = F.Of(Vector.Load(x2 + i), Vector.Load(x3 + i));
                F.Of(Vector.Load(y + i), F.Of(low, high)).Store(y + i);
            }
            for (; i < columns; i++)
            {
                Vector<T> low = F.Of(Vector.Create(x[i]), Vector.Create(x1[i])), high = F.Of(Vector.Create(x2[i]), Vector.Create(x3[i]));
                y[i] = F.Of(Vector.Create(y[i]), F.Of(low, high)).ToScalar();
            }
        }
        for (; rows > 0; rows--, x += stride)
            Elementwise.Binary<F, T>(y, false, x, false, y, columns);
    }
}
