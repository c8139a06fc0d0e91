using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR.Intrinsics;

namespace TorchSharp.Gpu;

/// <summary>What is folded: a value to start from, and one value out of two.</summary>
internal interface IFold<TWide> where TWide : unmanaged
{
    static abstract TWide Start { get; }

    static abstract TWide Of(TWide a, TWide b);
}

internal static class Folds
{
    internal struct Sum : IFold<double>, IFold<long>
    {
        static double IFold<double>.Start => 0;

        static long IFold<long>.Start => 0;

        public static double Of(double a, double b) => a + b;

        public static long Of(long a, long b) => a + b;
    }

    internal struct Prod : IFold<double>, IFold<long>
    {
        static double IFold<double>.Start => 1;

        static long IFold<long>.Start => 1;

        public static double Of(double a, double b) => a * b;

        public static long Of(long a, long b) => a * b;
    }

    /// <summary>ln(eᵃ + eᵇ) around the larger.</summary>
    internal struct LogSumExp : IFold<double>
    {
        public static double Start => double.NegativeInfinity;

        public static double Of(double a, double b)
        {
            double high = BinaryFunctions.Maximum.Of(a, b);
            return double.IsInfinity(high) ? high : high + SpecialFunctions.Log1p(Math.Exp((a < b ? a : b) - high));
        }
    }

    internal struct Max : IFold<double>, IFold<long>
    {
        static double IFold<double>.Start => double.NegativeInfinity;

        static long IFold<long>.Start => long.MinValue;

        public static double Of(double a, double b) => BinaryFunctions.Maximum.Of(a, b);

        public static long Of(long a, long b) => a > b ? a : b;
    }

    internal struct Min : IFold<double>, IFold<long>
    {
        static double IFold<double>.Start => double.PositiveInfinity;

        static long IFold<long>.Start => long.MaxValue;

        public static double Of(double a, double b) => BinaryFunctions.Minimum.Of(a, b);

        public static long Of(long a, long b) => a < b ? a : b;
    }
}

/// <summary>One value out of those of a group's threads, the same for all of them.</summary>
internal static class GroupFold
{
    /// <summary>Threads of a group, at most: what shared memory is laid out for.</summary>
    internal const int MaxThreads = 256;

    // As many as MaxThreads make where warps are smallest: on the emulated device they have four threads.
    private const int MaxWarps = MaxThreads / 4;

    /// <summary>On CUDA warps fold, which OpenCL has (as subgroups) only by an extension.</summary>
    internal static void Register(IntrinsicImplementationManager manager)
    {
        manager.RegisterMethod(Method(nameof(Of)), new PTXIntrinsic(Method(nameof(ByWarps)), IntrinsicImplementationMode.Redirect));
        manager.RegisterMethod(Method(nameof(Of)), new CLIntrinsic(Method(nameof(ByTree)), IntrinsicImplementationMode.Redirect));
    }

    /// <summary>The number of threads is a power of two.</summary>
    [IntrinsicImplementation]
    internal static TWide Of<TWide, TFold>(TWide value) where TWide : unmanaged where TFold : struct, IFold<TWide> => ByTree<TWide, TFold>(value);

    /// <summary>A tree in shared memory.</summary>
    internal static TWide ByTree<TWide, TFold>(TWide value) where TWide : unmanaged where TFold : struct, IFold<TWide>
    {
        var shared = SharedMemory.Allocate<TWide>(MaxThreads);
        int thread = Group.IdxX;
        shared[thread] = value;
        Group.Barrier();
        for (int step = Group.DimX / 2; step > 0; step /= 2)
        {
            if (thread < step)
                shared[thread] = TFold.Of(shared[thread], shared[thread + step]);
            Group.Barrier();
        }
        var all = shared[0];
        Group.Barrier();
        return all;
    }

    /// <summary>The threads of a warp read each other's registers; only what is left of each warp goes through shared memory.</summary>
    internal static TWide ByWarps<TWide, TFold>(TWide value) where TWide : unmanaged where TFold : struct, IFold<TWide>
    {
        for (int distance = (Group.DimX < Warp.WarpSize ? Group.DimX : Warp.WarpSize) / 2; distance > 0; distance /= 2)
            value = TFold.Of(value, Warp.ShuffleXor(value, distance));
        var shared = SharedMemory.Allocate<TWide>(MaxWarps);
        if (Warp.IsFirstLane)
            shared[Warp.WarpIdx] = value;
        Group.Barrier();
        var all = shared[0];
        for (int warp = 1; warp < Group.DimX / Warp.WarpSize; warp++)
            all = TFold.Of(all, shared[warp]);
        Group.Barrier();
        return all;
    }

    private static MethodInfo Method(string name) => typeof(GroupFold).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}
