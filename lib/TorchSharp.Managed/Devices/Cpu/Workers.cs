using System.Globalization;

namespace TorchSharp.Cpu;

/// <summary>
/// Threads that share the units of one kernel call. The caller takes units too, and takes all of them when nobody else comes:
/// no barrier ever waits for a thread that has not begun.
/// </summary>
/// <remarks>
/// A worker that runs out of work spins for some tens of microseconds, because the next kernel of a training step
/// usually follows at once, and then parks; on a machine whose cores are busy it costs nothing. One ticket holds the
/// call's generation and the next unclaimed unit, so that a late worker can never claim a unit of another call.
/// </remarks>
internal static unsafe class Workers
{
    /// <summary>Below this many operations (multiplications, additions, elements moved) a call is not worth waking anybody.</summary>
    private const double WorthSharing = 400_000;
    private const int UnitsPerThread = 4, Spins = 2000;
    private const long Closed = uint.MaxValue;

    private static readonly Lock gate = new();
    private static readonly SemaphoreSlim parking = new(0);
    private static int threads = DefaultThreads();
    private static int started, parked;

    private static long ticket = Closed;
    private static long units, chunk;
    private static int allowed, joined;
    private static delegate*<long, void*, void> body;
    private static void* argument;
    private static long finished;
    [ThreadStatic] private static bool inside;

    /// <summary>Threads that a call may use, the caller included.</summary>
    public static int Threads
    {
        get => threads;
        set => threads = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The number of threads must be at least 1.");
    }

    private static int DefaultThreads() =>
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count : Environment.ProcessorCount;

    /// <summary>Into how many parts of equal size work that needs a copy of its result in each should be split.</summary>
    public static long PartsFor(double work) => work < WorthSharing || inside ? 1 : threads;

    /// <summary>Calls <paramref name="unit"/> with 0 … count − 1, in any order and on any thread, and returns when all are done.</summary>
    public static void For(long count, double work, delegate*<long, void*, void> unit, void* state)
    {
        if (count > 1 && threads > 1 && work >= WorthSharing && !inside && gate.TryEnter())
        {
            try { Share(count, unit, state); }
            finally { gate.Exit(); }
            return;
        }
        for (long i = 0; i < count; i++) unit(i, state);
    }

    private static void Share(long count, delegate*<long, void*, void> unit, void* state)
    {
        int helpers = (int)Math.Min(threads, count) - 1;
        for (; started < helpers; started++)
            new Thread(Serve, 1 << 20) { IsBackground = true, Name = "TorchSharp worker" }.Start();

        long generation = Volatile.Read(ref ticket) >>> 32;
        Volatile.Write(ref ticket, generation << 32 | Closed);
        chunk = Math.Max(1, count / ((helpers + 1) * UnitsPerThread));
        units = count;
        body = unit;
        argument = state;
        allowed = helpers;
        joined = 0;
        finished = 0;
        Interlocked.Exchange(ref ticket, (generation + 1 & 0x7FFFFFFF) << 32);
        int sleeping = Volatile.Read(ref parked);
        if (sleeping > 0) parking.Release(Math.Min(sleeping, helpers));

        inside = true;
        try { Claim(generation + 1 & 0x7FFFFFFF); }
        finally { inside = false; }
        var wait = new SpinWait();
        while (Volatile.Read(ref finished) < count) wait.SpinOnce(sleep1Threshold: -1);
    }

    /// <summary>Takes chunks of the call with this generation until none is left.</summary>
    private static void Claim(long generation)
    {
        while (true)
        {
            long now = Volatile.Read(ref ticket), next = now & uint.MaxValue;
            if (now >>> 32 != generation || next == Closed) return;
            long from = next * chunk, to = Math.Min(from + chunk, units);
            var run = body;
            void* state = argument;
            if (from >= units) return;
            if (Interlocked.CompareExchange(ref ticket, now + 1, now) != now) continue;
            for (long i = from; i < to; i++) run(i, state);
            Interlocked.Add(ref finished, to - from);
        }
    }

    private static void Serve()
    {
        inside = true;
        long seen = 0;
        while (true)
        {
            for (int i = 0; i < Spins && Volatile.Read(ref ticket) >>> 32 == seen; i++) Thread.SpinWait(8);
            if (Volatile.Read(ref ticket) >>> 32 == seen)
            {
                Interlocked.Increment(ref parked);
                if (Volatile.Read(ref ticket) >>> 32 == seen) parking.Wait();
                Interlocked.Decrement(ref parked);
                continue;
            }
            seen = Volatile.Read(ref ticket) >>> 32;
            if (Interlocked.Increment(ref joined) <= Volatile.Read(ref allowed)) Claim(seen);
        }
    }
}
