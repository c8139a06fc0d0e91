using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// y = relu(maximum of windows of (x ∗ w + b)), image by image. The maps of an image, the largest thing that a small network makes, stay
/// in the cache between the two, and only what is left of them goes to memory.
/// </summary>
internal static unsafe class PooledConvolution<L, V> where L : ILanes<V, float> where V : struct
{
    /// <summary>Bytes of an image's maps at most; more would not stay in an L2 cache beside the rows that they are made of.</summary>
    private const long MapBytes = 256 << 10;

    private struct Job
    {
        public Convolution<L, V, float>.Forward Convolution;
        public PoolShape Pool;
        public bool Relu;
    }

    /// <returns>False, and nothing done, for an image whose maps are too large.</returns>
    public static bool TryRun(in ConvShape shape, in PoolShape pool, bool relu, float* x, float* weight, float* bias, float* y)
    {
        long maps = shape.OutChannels / shape.Groups;
        if (maps * shape.OutHeight * shape.OutWidth * sizeof(float) > MapBytes)
            return false;
        var job = new Job { Convolution = Convolution<L, V, float>.Plan(shape, x, weight, bias, y), Pool = pool with { Planes = maps }, Relu = relu };
        Workers.For(shape.Batch * shape.Groups, job.Convolution.Work, &Unit, &job);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unit(long unit, void* state)
    {
        ref readonly var job = ref *(Job*)state;
        ref readonly var shape = ref job.Convolution.Shape;
        long image = unit / shape.Groups, group = unit % shape.Groups, pooled = job.Pool.Planes * job.Pool.OutHeight * job.Pool.OutWidth;
        float* maps = Scratch.Get<float>(Scratch.Slot.Maps, job.Pool.Planes * shape.OutHeight * shape.OutWidth), y = job.Convolution.Y + unit * pooled;
        for (long row = 0; row < shape.OutHeight; row += job.Convolution.Strip)
            Convolution<L, V, float>.Maps(job.Convolution, image, group, row, maps + row * shape.OutWidth);
        MaxPooling.Run(job.Pool, maps, y, null);
        if (job.Relu)
            Elementwise.Unary<ReluFunction<float>, float>(y, y, pooled);
    }
}
