using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>Sums and extremes of a few rows that are so long that threads share each of them.</summary>
internal sealed unsafe partial class CpuBackend
{
    /// <summary>Elements of a row that one thread takes at a time. The same for any number of threads, and so is the result.</summary>
    public const long Piece = 128 << 10;

    /// <summary>With more rows than this, a thread takes whole rows.</summary>
    private const long FewRows = 8;

    /// <summary>Rows of n elements, cut into pieces; a result for each piece.</summary>
    private struct Pieces
    {
        public void* X, Results;
        public long N, PiecesPerRow;

        public readonly (long First, long Count) PlaceOf(long unit)
        {
            long row = unit / PiecesPerRow, from = unit % PiecesPerRow * Piece;
            return (row * N + from, Math.Min(Piece, N - from));
        }
    }

    private static bool AreLong(long outer, long n, long inner) => inner == 1 && outer <= FewRows && n >= 2 * Piece;

    private static Pieces InPieces<TResult>(void* x, long outer, long n, delegate*<long, void*, void> unit) where TResult : unmanaged
    {
        long pieces = (n + Piece - 1) / Piece;
        var job = new Pieces { X = x, Results = Scratch.Get<TResult>(Scratch.Slot.Result, outer * pieces), N = n, PiecesPerRow = pieces };
        Workers.For(outer * pieces, (double)outer * n, unit, &job);
        return job;
    }

    private static void SumLongRows<T>(void* x, void* y, long outer, long n) where T : unmanaged, INumber<T>
    {
        var job = InPieces<double>(x, outer, n, &SumPiece<T>);
        for (long r = 0; r < outer; r++)
        {
            double total = 0;
            for (long k = 0; k < job.PiecesPerRow; k++)
                total += ((double*)job.Results)[r * job.PiecesPerRow + k];
            ((T*)y)[r] = T.CreateTruncating(total);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumPiece<T>(long unit, void* state) where T : unmanaged, INumber<T>
    {
        ref readonly var job = ref *(Pieces*)state;
        (long first, long count) = job.PlaceOf(unit);
        ((double*)job.Results)[unit] = Reduction<T>.Sum((T*)job.X + first, count);
    }

    private static void ExtremeOfLongRows<F, T>(void* x, void* y, long outer, long n) where F : IExtremeFunction<T> where T : unmanaged, INumber<T>
    {
        var job = InPieces<T>(x, outer, n, &ExtremeOfPiece<F, T>);
        for (long r = 0; r < outer; r++)
            ((T*)y)[r] = Extremes<F, T>.Of((T*)job.Results + r * job.PiecesPerRow, job.PiecesPerRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ExtremeOfPiece<F, T>(long unit, void* state) where F : IExtremeFunction<T> where T : unmanaged, INumber<T>
    {
        ref readonly var job = ref *(Pieces*)state;
        (long first, long count) = job.PlaceOf(unit);
        ((T*)job.Results)[unit] = Extremes<F, T>.Of((T*)job.X + first, count);
    }
}
