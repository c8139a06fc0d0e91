using System.Diagnostics;
using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>Prints what the kernels do in a second: COURSE_GPU_THROUGHPUT=1 COURSE_GPU=opencl dotnet test … --filter ThroughputTests --logger "console;verbosity=detailed".</summary>
public sealed unsafe class ThroughputTests(ITestOutputHelper output)
{
    [Fact]
    public void ProductsAndConvolutions_PrintTheirRate()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_GPU_THROUGHPUT") == "1", "it measures for a minute; set COURSE_GPU_THROUGHPUT=1");
        var device = OnDevice.Device;
        int side = device.Kind == GpuKind.Cuda ? 4096 : 512, batch = device.Kind == GpuKind.Cuda ? 1024 : 64;
        Measure(device, $"product {side}³", 2.0 * side * side * side, [(long)side * side, (long)side * side, (long)side * side], a => device.Backend.MatMul(ScalarType.Float32, 1, side, side, side,
            new MatrixRef(a[0], side, 1, 0), new MatrixRef(a[1], side, 1, 0), new MatrixRef(a[2], side, 1, 0), false));
        Measure(device, $"product {batch}×784×128", 2.0 * batch * 784 * 128, [batch * 784L, 784 * 128L, batch * 128L], a => device.Backend.MatMul(ScalarType.Float32, 1, batch, 128, 784,
            new MatrixRef(a[0], 784, 1, 0), new MatrixRef(a[1], 1, 784, 0), new MatrixRef(a[2], 128, 1, 0), false));
        var shape = new ConvShape(batch, 32, 14, 14, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 14, 14);
        double work = 2.0 * shape.OutputCount * 32 * 9;
        long[] sizes = [shape.InputCount, shape.WeightCount, shape.OutputCount, 64];
        Measure(device, "convolution 32→64, 3×3, 14×14", work, sizes, a => device.Backend.Conv(ScalarType.Float32, shape, a.At(0), a.At(1), a.At(3), a.At(2)));
        Measure(device, "its input's gradient", work, sizes, a => device.Backend.ConvBackwardInput(ScalarType.Float32, shape, a.At(2), a.At(1), a.At(0)));
        Measure(device, "its weights' gradient", work, sizes, a => device.Backend.ConvBackwardWeight(ScalarType.Float32, shape, a.At(0), a.At(2), a.At(1), a.At(3)));
        var (kernels, time) = device.Compiled;
        output.WriteLine($"{device}, {device.DriverVersion}: {kernels} kernels compiled in {time.TotalSeconds:0.0} s");
    }

    private void Measure(GpuDevice device, string what, double operations, long[] sizes, Action<nint[]> call)
    {
        nint[] arrays = [.. sizes.Select(size => (nint)device.Memory.Allocate(size * sizeof(float)))];
        for (int i = 0; i < arrays.Length; i++)
            device.Backend.Fill(ScalarType.Float32, arrays.At(i), 0.5, sizes[i]);
        call(arrays);
        device.Synchronize();
        var best = TimeSpan.MaxValue;
        var all = Stopwatch.StartNew();
        for (int round = 0; round < 50 && (round < 3 || all.ElapsedMilliseconds < 4000); round++)
        {
            long start = Stopwatch.GetTimestamp();
            call(arrays);
            device.Synchronize();
            if (Stopwatch.GetElapsedTime(start) < best)
                best = Stopwatch.GetElapsedTime(start);
        }
        output.WriteLine($"{what}: {operations / best.TotalSeconds / 1e9:0.00} GFLOP/s, {best.TotalMilliseconds:0.00} ms");
        for (int i = 0; i < arrays.Length; i++)
            device.Memory.Free(arrays.At(i), sizes[i] * sizeof(float));
    }
}
