using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// Hands out aligned native memory in size buckets (powers of two, each split in four) and takes it back, so that a training
/// step that repeats finds its own blocks again, still warm in the cache. What is pooled is the <see cref="Storage"/> object together
/// with its block: taking one from the pool allocates nothing.
/// </summary>
/// <remarks>
/// Each thread keeps a few small blocks of each size to itself: an operation on a small tensor costs about a tenth of a microsecond,
/// of which the locks of a common pool would be a third.
/// </remarks>
internal static unsafe class NativePool
{
    internal const int Alignment = 64;
    private const int SmallestLog = 6;
    private const long PooledLimit = 1L << 30;
    private const long CollectStep = 128L << 20;

    /// <summary>Sizes of which a thread keeps blocks to itself (up to 64 KiB), and how many of each.</summary>
    private const int OwnSizes = 41, OwnBlocks = 8;

    [ThreadStatic] private static Own? _own;

    private static readonly Bucket[] Buckets = CreateBuckets();
    private static long _allocated;
    private static long _pooled;
    private static long _collectAt = 2 * CollectStep;
    private static readonly Lock Collecting = new();

    /// <summary>Bytes taken from the operating system: in use, or waiting in the pool.</summary>
    internal static long AllocatedBytes => Volatile.Read(ref _allocated);

    internal static Storage Rent(long bytes)
    {
        int index = Index(bytes);
        if (index < OwnSizes && _own is { } own && own.Top[index] is { } mine)
        {
            own.Top[index] = mine.NextFree;
            own.Count[index]--;
            mine.NextFree = null;
            return mine;
        }
        var bucket = Buckets[index];
        if (bucket.TryPop() is { } pooled)
        {
            Interlocked.Add(ref _pooled, -bucket.Size);
            return pooled;
        }
        return Allocate(bucket);
    }

    /// <summary>Takes back a block that nobody refers to any more.</summary>
    internal static void Return(Storage storage)
    {
        int index = storage.BucketIndex;
        if (index < OwnSizes)
        {
            var own = _own ??= new Own();
            if (own.Count[index] < OwnBlocks)
            {
                own.Count[index]++;
                storage.NextFree = own.Top[index];
                own.Top[index] = storage;
                return;
            }
        }
        ReturnToAll(storage);
    }

    /// <summary>As <see cref="Return"/>, for blocks that the calling thread will not need (the finaliser's).</summary>
    internal static void ReturnToAll(Storage storage)
    {
        var bucket = Buckets[storage.BucketIndex];
        if (Volatile.Read(ref _pooled) + bucket.Size > PooledLimit)
        {
            storage.Free();
            CollectSoonerAt(Interlocked.Add(ref _allocated, -bucket.Size));
            return;
        }
        Interlocked.Add(ref _pooled, bucket.Size);
        bucket.Push(storage);
    }

    /// <summary>Memory that went back to the operating system lowers the mark: what was needed once does not excuse forgetting as much later.</summary>
    private static void CollectSoonerAt(long allocated)
    {
        long mark = Math.Max(2 * CollectStep, allocated + allocated / 2);
        if (mark < Volatile.Read(ref _collectAt))
            Volatile.Write(ref _collectAt, mark);
    }

    private static Storage Allocate(Bucket bucket)
    {
        // Tensors that nobody disposed hold native memory that the collector does not see: when much was taken since the last look, let it look.
        if (Volatile.Read(ref _allocated) + bucket.Size > Volatile.Read(ref _collectAt))
        {
            Collect(bucket.Size);
            if (bucket.TryPop() is { } found)
            {
                Interlocked.Add(ref _pooled, -bucket.Size);
                return found;
            }
        }
        byte* memory;
        try
        {
            memory = (byte*)NativeMemory.AlignedAlloc((nuint)bucket.Size, Alignment);
        }
        catch (OutOfMemoryException)
        {
            Trim();
            memory = TryAgain(bucket.Size);
        }
        Interlocked.Add(ref _allocated, bucket.Size);
        return new Storage(memory, bucket.Size, bucket.Index);
    }

    private static byte* TryAgain(long size)
    {
        try
        {
            return (byte*)NativeMemory.AlignedAlloc((nuint)size, Alignment);
        }
        catch (OutOfMemoryException)
        {
            throw new ExternalException($"not enough memory: you tried to allocate {size} bytes, and {AllocatedBytes} are in use already.");
        }
    }

    private static void Collect(long wanted)
    {
        lock (Collecting)
        {
            if (_allocated + wanted <= _collectAt)
                return;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            long live = _allocated - _pooled;
            if (_pooled > live)
                Trim();
            _collectAt = Math.Max(_allocated, live) + Math.Max(CollectStep, live / 2) + wanted;
        }
    }

    /// <summary>Gives pooled blocks back to the operating system.</summary>
    internal static void Trim()
    {
        foreach (var bucket in Buckets)
        {
            while (bucket.TryPop() is { } storage)
            {
                storage.Free();
                Interlocked.Add(ref _pooled, -bucket.Size);
                Interlocked.Add(ref _allocated, -bucket.Size);
            }
        }
        CollectSoonerAt(AllocatedBytes);
    }

    /// <summary>Bucket of a size: the power of two below it and which quarter above that, rounded up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Index(long bytes)
    {
        if (bytes <= 1 << SmallestLog)
            return 0;
        int log = BitOperations.Log2((ulong)(bytes - 1));
        int quarter = (int)((bytes - 1) >> (log - 2)) & 3;
        return ((log - SmallestLog) << 2) + quarter + 1;
    }

    private static Bucket[] CreateBuckets()
    {
        var buckets = new Bucket[(62 - SmallestLog) << 2];
        buckets[0] = new Bucket(0, 1L << SmallestLog);
        for (int i = 1; i < buckets.Length; i++)
        {
            int log = SmallestLog + ((i - 1) >> 2);
            buckets[i] = new Bucket(i, (1L << log) + (((i - 1) & 3) + 1) * (1L << (log - 2)));
        }
        return buckets;
    }

    /// <summary>What a thread keeps. When it ends its blocks are forgotten, and their finalisers bring them back.</summary>
    private sealed class Own
    {
        internal readonly Storage?[] Top = new Storage?[OwnSizes];
        internal readonly byte[] Count = new byte[OwnSizes];
    }

    private sealed class Bucket(int index, long size)
    {
        private Storage? _top;
        private SpinLock _lock = new(enableThreadOwnerTracking: false);

        internal int Index => index;

        internal long Size => size;

        internal void Push(Storage storage)
        {
            bool taken = false;
            try
            {
                _lock.Enter(ref taken);
                storage.NextFree = _top;
                _top = storage;
            }
            finally
            {
                if (taken)
                    _lock.Exit(useMemoryBarrier: true);
            }
        }

        internal Storage? TryPop()
        {
            if (_top is null)
                return null;
            bool taken = false;
            try
            {
                _lock.Enter(ref taken);
                var storage = _top;
                if (storage is not null)
                {
                    _top = storage.NextFree;
                    storage.NextFree = null;
                }
                return storage;
            }
            finally
            {
                if (taken)
                    _lock.Exit(useMemoryBarrier: true);
            }
        }
    }
}
