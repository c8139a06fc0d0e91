using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>Tensors that nobody disposes give their memory back in time.</summary>
public sealed class MemoryTests
{
    [Fact]
    public void AMillionSmallTensors_WithoutScope_StayBounded() => StaysBounded(1_000_000, () => _ = ones(256) + 1);

    [Fact]
    public void LargeTensors_WithoutScope_StayBounded() => StaysBounded(500, () => _ = empty(1 << 20));

    /// <summary>Both loops take 2 GB; what nobody refers to any more must come back before half of that is held.</summary>
    private static void StaysBounded(int times, Action forget)
    {
        NativePool.Trim();
        long before = NativePool.AllocatedBytes;
        long most = before;
        for (int i = 0; i < times; i++)
        {
            forget();
            most = Math.Max(most, NativePool.AllocatedBytes);
        }
        Assert.InRange(most - before, 0, 1L << 30);
    }
}
