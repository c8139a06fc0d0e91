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

    private static readonly Lock Gate = new();
    private static readonly SemaphoreSlim Parking = new(0);
    private static int _threads = DefaultThreads();
    private static int _started, _parked;

    private static long _ticket = Closed;
    private static long _units, _chunk;
    private static int _allowed, _joined;
    private static delegate*<long, void*, void> _body;
    private static void* _argument;
    private static long _finished;
    [ThreadStatic] private static bool _inside;

    /// <summary>Threads that a call may use, the caller included.</summary>
    public static int Threads
    {
        get => _threads;
        set => _threads = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The number of threads must be at least 1.");
    }

    private static int DefaultThreads() =>
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count : Environment.ProcessorCount;

    /// <summary>Into how many parts of equal size work that needs a copy of its result in each should be split.</summary>
    public static long PartsFor(double work) => work < WorthSharing || _inside ? 1 : _threads;

    /// <summary>Calls <paramref name="unit"/> with 0 … count − 1, in any order and on any thread, and returns when all are done.</summary>
    public static void For(long count, double work, delegate*<long, void*, void> unit, void* state)
    {
        if (count > 1 && _threads > 1 && work >= WorthSharing && !_inside && Gate.TryEnter())
        {
            try
            {
                Share(count, unit, state);
            }
            finally
            {
                Gate.Exit();
            }
            return;
        }
        for (long i = 0; i < count; i++)
            unit(i, state);
    }

    private static void Share(long count, delegate*<long, void*, void> unit, void* state)
    {
        int helpers = (int)Math.Min(_threads, count) - 1;
        for (; _started < helpers; _started++)
            new Thread(Serve, 1 << 20) { IsBackground = true, Name = "TorchSharp worker" }.Start();

        long generation = Volatile.Read(ref _ticket) >>> 32;
        Volatile.Write(ref _ticket, generation << 32 | Closed);
        _chunk = Math.Max(1, count / ((helpers + 1) * UnitsPerThread));
        _units = count;
        _body = unit;
        _argument = state;
        _allowed = helpers;
        _joined = 0;
        _finished = 0;
        Interlocked.Exchange(ref _ticket, (generation + 1 & 0x7FFFFFFF) << 32);
        int sleeping = Volatile.Read(ref _parked);
        if (sleeping > 0)
            Parking.Release(Math.Min(sleeping, helpers));

        _inside = true;
        try
        {
            Claim(generation + 1 & 0x7FFFFFFF);
        }
        finally
        {
            _inside = false;
        }
        var wait = new SpinWait();
        while (Volatile.Read(ref _finished) < count)
            wait.SpinOnce(sleep1Threshold: -1);
    }

    /// <summary>Takes chunks of the call with this generation until none is left.</summary>
    private static void Claim(long generation)
    {
        while (true)
        {
            long now = Volatile.Read(ref _ticket), next = now & uint.MaxValue;
            if (now >>> 32 != generation || next == Closed)
                return;
            long from = next * _chunk, to = Math.Min(from + _chunk, _units);
            var run = _body;
            void* state = _argument;
            if (from >= _units)
                return;
            if (Interlocked.CompareExchange(ref _ticket, now + 1, now) != now)
                continue;
            for (long i = from; i < to; i++)
                run(i, state);
            Interlocked.Add(ref _finished, to - from);
        }
    }

    private static void Serve()
    {
        _inside = true;
        long seen = 0;
        while (true)
        {
            for (int i = 0; i < Spins && Volatile.Read(ref _ticket) >>> 32 == seen; i++)
                Thread.SpinWait(8);
            if (Volatile.Read(ref _ticket) >>> 32 == seen)
            {
                Interlocked.Increment(ref _parked);
                if (Volatile.Read(ref _ticket) >>> 32 == seen)
                    Parking.Wait();
                Interlocked.Decrement(ref _parked);
                continue;
            }
            seen = Volatile.Read(ref _ticket) >>> 32;
            if (Interlocked.Increment(ref _joined) <= Volatile.Read(ref _allowed))
                Claim(seen);
        }
    }
}
