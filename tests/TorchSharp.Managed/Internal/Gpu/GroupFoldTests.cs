using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using TorchSharp.Gpu;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>Groups of a part of a warp, of one and of several, on an emulated processor whose warps have four threads.</summary>
public sealed class GroupFoldTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(4), InlineData(8), InlineData(16)]
    public void ByWarps_OfAGroup_GivesEveryThreadTheWhole(int threads)
    {
        const int groups = 3;
        using var context = Context.Create(builder => builder.CPU(new CPUDevice(4, 4, 1)));
        using var accelerator = context.Devices[0].CreateAccelerator(context);
        long[] numbers = [.. Enumerable.Range(0, groups * threads).Select(i => i * 37L % 101 - 50)];
        using var values = accelerator.Allocate1D(numbers);
        using var sums = accelerator.Allocate1D<long>(numbers.Length);
        using var maxima = accelerator.Allocate1D<double>(numbers.Length);

        var kernel = accelerator.LoadStreamKernel<ArrayView<long>, ArrayView<long>, ArrayView<double>>(Fold);
        kernel(new KernelConfig(groups, threads), values.View, sums.View, maxima.View);
        accelerator.Synchronize();

        long[][] each = [.. numbers.Chunk(threads)];
        Assert.Equal(each.SelectMany(group => Enumerable.Repeat(group.Sum(), threads)), sums.GetAsArray1D());
        Assert.Equal(each.SelectMany(group => Enumerable.Repeat((double)group.Max(), threads)), maxima.GetAsArray1D());
    }

    internal static void Fold(ArrayView<long> values, ArrayView<long> sums, ArrayView<double> maxima)
    {
        int place = Grid.IdxX * Group.DimX + Group.IdxX;
        sums[place] = GroupFold.ByWarps<long, Folds.Sum>(values[place]);
        maxima[place] = GroupFold.ByWarps<double, Folds.Max>(values[place]);
    }
}
