using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

public sealed unsafe class DeviceMemoryTests
{
    /// <summary>The last emulated device: no other test allocates there.</summary>
    private static GpuMemory Memory => GpuDevice.Available(GpuKind.Emulated)[^1].Memory;

    [Fact]
    public void AFreedBlock_IsUsedAgain_AndStatisticsCountIt()
    {
        var memory = new GpuMemory(GpuDevice.Available(GpuKind.Emulated)[^1]);
        void* first = memory.Allocate(5000);
        Assert.Equal(5120, memory.Allocated);
        memory.Free(first, 5000);
        Assert.Equal(0, memory.Allocated);
        void* second = memory.Allocate(5001);
        Assert.True(first == second, "the block was not used again");
        Assert.Equal(5120, memory.Peak);
        Assert.Equal(memory.Reserved - 5120, memory.Cached);
        memory.Free(second, 5001);
        memory.EmptyCache();
        Assert.Equal(0, memory.Reserved);
    }

    [Fact]
    public void OutOfMemory_FreesWhatIsKeptAndTriesAgain_ThenSaysWhatIsHeld()
    {
        var memory = new GpuMemory(GpuDevice.Available(GpuKind.Emulated)[^1]) { Limit = 40L << 20 };
        void* kept = memory.Allocate(20 << 20);
        memory.Free(kept, 20 << 20);
        void* held = memory.Allocate(30 << 20, "Float32 [7864320]");
        Assert.Equal(32L << 20, memory.Reserved);
        var error = Assert.Throws<OutOfMemoryException>(() => (nint)memory.Allocate(16 << 20, "Float32 [2048, 2048]"));
        foreach (string part in new[] { "Float32 [2048, 2048]", "wanted 16.0 MiB", "held by tensors 32.0 MiB", "free 8.0 MiB of 40.0 MiB" })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        memory.Free(held, 30 << 20);
        memory.EmptyCache();
    }

    /// <summary>Tensors that a program forgot hold memory until their finalisers have run: that is tried before anything is refused.</summary>
    [Fact]
    public void ATensorThatDoesNotFit_WaitsForForgottenOnes_ThenIsNamedByItsShape()
    {
        DevicePlaces.Install(DeviceType.CUDA, DevicePlaces.Devices(GpuKind.Emulated, DeviceType.CUDA));
        var memory = GpuDevice.Available(GpuKind.Emulated)[0].Memory;
        memory.EmptyCache();
        long limit = memory.Limit;
        memory.Limit = memory.Reserved + (40L << 20);
        try
        {
            Forget();
            using var fits = empty(3072, 2048, device: CUDA);
            var error = Assert.Throws<OutOfMemoryException>(() => empty(3, 2048, 1024, device: CUDA));
            Assert.Contains("no memory left for a tensor of Float32 [3, 2048, 1024]: wanted 24.0 MiB, held by tensors ", error.Message, StringComparison.Ordinal);
            Assert.Contains("free 16.0 MiB of ", error.Message, StringComparison.Ordinal);
            using var smaller = empty(1024, 1024, device: CUDA);
            Assert.Equal(DeviceType.CUDA, smaller.device_type);
        }
        finally
        {
            memory.Limit = limit;
            DevicePlaces.Install(DeviceType.CUDA, null);
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget() => empty(3072, 2048, device: CUDA).DetachFromDisposeScope();

    [Fact]
    public void BlocksOfAllSizes_DoNotOverlap()
    {
        var memory = new GpuMemory(GpuDevice.Available(GpuKind.Emulated)[^1]);
        var random = new System.Random(1);
        var live = new List<(nint Address, long Bytes)>();
        for (int round = 0; round < 2000; round++)
            if (live.Count > 0 && random.Next(3) == 0)
            {
                int index = random.Next(live.Count);
                memory.Free((void*)live[index].Address, live[index].Bytes);
                live.RemoveAt(index);
            }
            else
            {
                long bytes = random.Next(10) == 0 ? random.Next(1, 4 << 20) : random.Next(1, 20_000);
                live.Add(((nint)memory.Allocate(bytes), bytes));
                if (random.Next(200) == 0)
                    memory.EmptyCache();
            }
        var sorted = live.OrderBy(block => block.Address).ToList();
        for (int i = 1; i < sorted.Count; i++)
            Assert.True(sorted[i - 1].Address + sorted[i - 1].Bytes <= sorted[i].Address, "two blocks overlap");
        Assert.Equal(live.Sum(block => GpuMemory.BlockSize(block.Bytes)), memory.Allocated);
        foreach ((nint address, long bytes) in live)
            memory.Free((void*)address, bytes);
        memory.EmptyCache();
        Assert.Equal(0, memory.Reserved);
    }

    [Fact]
    public void Copies_GoBothWaysAndWithinTheDevice()
    {
        long[] source = OnDevice.Random<long>(1, 300_000, -1e9, 1e9), back = new long[300_000];
        var memory = OnDevice.Device.Memory;
        long bytes = 8L * source.Length;
        void* a = memory.Allocate(bytes), b = memory.Allocate(bytes);
        fixed (long* from = source, to = back)
        {
            memory.CopyToDevice(from, a, bytes);
            // A small one through pinned memory: the host may change its own at once.
            long small = 77;
            memory.CopyToDevice(&small, (long*)a + 5, sizeof(long));
            small = 78;
            memory.CopyOnDevice(a, b, bytes);
            memory.CopyToHost(b, to, bytes);
        }
        source[5] = 77;
        Assert.Equal(source, back);
        memory.Free(a, bytes);
        memory.Free(b, bytes);
    }

    [Fact]
    public void APointerOfTheHost_IsRefused()
    {
        nint pointer = (nint)System.Runtime.InteropServices.NativeMemory.Alloc(4);
        var error = Assert.Throws<InvalidOperationException>(() => Memory.View<int>((void*)pointer).Length);
        System.Runtime.InteropServices.NativeMemory.Free((void*)pointer);
        Assert.Contains("pointer of the host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoThreadsOnTwoDevices_EachGetTheirOwnResults()
    {
        var devices = GpuDevice.Available(OnDevice.Kind);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index =>
        {
            for (int round = 0; round < 5; round++)
                OnDevice.Same(devices[index % devices.Count], "two threads", 1e-6, (b, a) => b.Binary(BinaryKind.Add, ScalarType.Float32, a.At(0), 1, a.At(1), 1, a.At(2), 100),
                    OnDevice.Random<float>(index, 100), OnDevice.Random<float>(index + 10, 100), new float[100]);
        });
    }
}
