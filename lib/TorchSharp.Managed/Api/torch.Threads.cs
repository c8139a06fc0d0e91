namespace TorchSharp;

public static partial class torch
{
    /// <summary>Threads that one operation may use: OMP_NUM_THREADS, or as many as there are cores.</summary>
    public static int get_num_threads() => Cpu.Workers.Threads;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="num"/> is less than 1.</exception>
    public static void set_num_threads(int num) => Cpu.Workers.Threads = num;

    private static int _interopThreads = 1;

    /// <summary>Operations that may run beside one another: this engine runs what it is asked on the thread that asks.</summary>
    public static int get_num_interop_threads() => _interopThreads;

    /// <summary>Kept, and without effect.</summary>
    public static void set_num_interop_threads(int num) =>
        _interopThreads = num > 0 ? num : throw new System.Runtime.InteropServices.ExternalException($"Expected positive number of threads, got {num}");
}
