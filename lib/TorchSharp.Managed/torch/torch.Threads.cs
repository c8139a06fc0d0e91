namespace TorchSharp;

public static partial class torch
{
    /// <summary>Threads that one operation may use: OMP_NUM_THREADS, or as many as there are cores.</summary>
    public static int get_num_threads() => Cpu.Workers.Threads;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="num"/> is less than 1.</exception>
    public static void set_num_threads(int num) => Cpu.Workers.Threads = num;
}
