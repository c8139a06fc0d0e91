using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

/// <summary>Element-wise operations on the rows of matrices: broadcasting over rows or columns.</summary>
internal sealed unsafe partial class CpuBackend
{
    public override void BinaryRows(BinaryKind kind, ScalarType type, void* a, long strideA, long rowA, void* b, long strideB, long rowB, void* y, long rowY, long count, long rows)
    {
        if (rows == 1 || count >= Chunk || !Simple(kind, type, strideA, strideB))
        {
            base.BinaryRows(kind, type, a, strideA, rowA, b, strideB, rowB, y, rowY, count, rows);
            return;
        }
        if (strideA == 1 && strideB == 1 && rowY == count && (rowA == 0 && rowB == count || rowA == count && rowB == 0) && Repeats(type, count, rows) is var repeats and > 1)
        {
            RepeatedRow(kind, type, (byte*)a, rowA == 0, (byte*)b, (byte*)y, count, rows, repeats);
            return;
        }
        OverRows(kind, type, a, strideA, rowA, b, strideB, rowB, y, rowY, count, rows);
    }

    private static void OverRows(BinaryKind kind, ScalarType type, void* a, long strideA, long rowA, void* b, long strideB, long rowB, void* y, long rowY, long count, long rows)
    {
        long size = type.Size();
        var job = new Elements
        {
            Kind = (int)kind,
            Type = type,
            A = (byte*)a,
            StrideA = strideA,
            B = (byte*)b,
            StrideB = strideB,
            Y = (byte*)y,
            Count = count,
            RowA = rowA,
            RowB = rowB,
            RowY = rowY,
            Rows = rows,
            RowsPerUnit = Math.Max(1, Chunk / count),
            Stream = rowY * size % 64 == 0 && Elementwise.Streams(y, rows * count * size, a, b),
        };
        Workers.For((rows + job.RowsPerUnit - 1) / job.RowsPerUnit, (double)rows * count, &BinaryRowsUnit, &job);
    }

    private static void BinaryRowsUnit(long unit, void* state)
    {
        ref readonly var job = ref *(Elements*)state;
        int size = job.Type.Size();
        long to = Math.Min((unit + 1) * job.RowsPerUnit, job.Rows);
        for (long r = unit * job.RowsPerUnit; r < to; r++)
            BinaryRow(job, job.A + r * job.RowA * size, job.B + r * job.RowB * size, job.Y + r * job.RowY * size, job.Count);
        if (job.Stream)
            Elementwise.EndStream();
    }

    /// <summary>Of a short row that meets many others: how often it is to be repeated for a row of whole registers and some length; 1 where that is not worth it.</summary>
    private static long Repeats(ScalarType type, long count, long rows)
    {
        const long shortest = 256, wanted = 1024;
        if (count > shortest)
            return 1;
        long whole = count * type.Size() % Vector<byte>.Count == 0 ? 1 : Vector<byte>.Count / type.Size();
        long repeats = whole * Math.Max(1, wanted / (count * whole));
        return rows < 4 * repeats ? 1 : repeats;
    }

    /// <summary>
    /// Rows that lie behind one another, combined with one short row: that row, repeated, stays in L1, and many rows are one. A row by itself
    /// would end amid a register and begin amid a line.
    /// </summary>
    /// <param name="repeatA">The short row is a, else b.</param>
    private void RepeatedRow(BinaryKind kind, ScalarType type, byte* a, bool repeatA, byte* b, byte* y, long count, long rows, long repeats)
    {
        long bytes = count * type.Size(), wide = repeats * count, done = rows / repeats * repeats;
        byte* repeated = Scratch.Get<byte>(Scratch.Slot.Tail, repeats * bytes);
        for (long r = 0; r < repeats; r++)
            Buffer.MemoryCopy(repeatA ? a : b, repeated + r * bytes, bytes, bytes);
        if (repeatA)
            a = repeated;
        else
            b = repeated;
        OverRows(kind, type, a, 1, repeatA ? 0 : wide, b, 1, repeatA ? wide : 0, y, wide, wide, rows / repeats);
        if (done == rows)
            return;
        if (repeatA)
            b += done * bytes;
        else
            a += done * bytes;
        Binary(kind, type, a, 1, b, 1, y + done * bytes, (rows - done) * count);
    }
}
