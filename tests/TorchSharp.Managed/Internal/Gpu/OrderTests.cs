using System.Runtime.InteropServices;
using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>What runs along a line: order, running results, and the places of true elements.</summary>
public sealed unsafe class OrderTests
{
    /// <summary>Short and long lines: the longest are cut into parts, or padded to a power of two.</summary>
    private static IEnumerable<(long Outer, long N, long Inner)> Shapes() => [(1, 1, 1), (2, 7, 3), (3, 20, 1), (1, 150, 2), (2, 1500, 1)];

    private static float[] WithTies(int seed, long count)
    {
        float[] x = [.. OnDevice.Random<float>(seed, count, -9, 9).Select(value => MathF.Round(value))];
        if (count > 5)
            (x[1], x[3], x[4], x[5]) = (float.NaN, -0f, float.PositiveInfinity, float.NaN);
        return x;
    }

    [Fact]
    public void Order_OfLinesWithTiesAndNaN_MatchesReference()
    {
        foreach ((long outer, long n, long inner) in Shapes())
            foreach (bool descending in new[] { false, true })
                foreach (long count in new[] { n, Math.Min(n, 5) })
                {
                    string what = $"order of {outer}×{n}×{inner}, {count} of them, {(descending ? "down" : "up")}";
                    OnDevice.Same(what, 0, (b, a) => b.Order(ScalarType.Float32, a.At(0), (long*)a.At(1), outer, n, count, inner, descending), WithTies(1, outer * n * inner), new long[outer * count * inner]);
                    OnDevice.Same(what, 0, (b, a) => b.Order(ScalarType.Int64, a.At(0), (long*)a.At(1), outer, n, count, inner, descending), OnDevice.Random<long>(2, outer * n * inner, -40, 40), new long[outer * count * inner]);
                    if (n == 150)
                        OnDevice.Same(what, 0, (b, a) => b.Order(ScalarType.Byte, a.At(0), (long*)a.At(1), outer, n, count, inner, descending), OnDevice.Random<byte>(3, outer * n * inner, 0, 255), new long[outer * count * inner]);
                }
    }

    [Fact]
    public void RunningResults_OfEveryKind_MatchReference()
    {
        foreach ((long outer, long n, long inner) in Shapes())
        {
            long count = outer * n * inner;
            foreach (var kind in Enum.GetValues<CumulativeKind>())
            {
                double low = kind == CumulativeKind.Prod ? 0.99 : -3, high = kind == CumulativeKind.Prod ? 1.01 : 3;
                OnDevice.Same($"{kind} of {outer}×{n}×{inner}", 1e-6, (b, a) => b.Cumulate(kind, ScalarType.Float32, a.At(0), a.At(1), outer, n, inner), OnDevice.Random<float>(1, count, low, high), new float[count]);
                OnDevice.Same($"{kind} of {outer}×{n}×{inner}", 1e-12, (b, a) => b.Cumulate(kind, ScalarType.Float64, a.At(0), a.At(1), outer, n, inner), OnDevice.Random<double>(2, count, low, high), new double[count]);
            }
            OnDevice.Same("sum of whole numbers", 0, (b, a) => b.Cumulate(CumulativeKind.Sum, ScalarType.Int32, a.At(0), a.At(1), outer, n, inner), OnDevice.Random<int>(3, count, -9, 9), new int[count]);
            foreach (bool max in new[] { true, false })
            {
                OnDevice.Same("extreme", 0, (b, a) => b.CumulativeExtreme(max, ScalarType.Float32, a.At(0), (long*)a.At(1), outer, n, inner), WithTies(4, count), new long[count]);
                OnDevice.Same("extreme", 0, (b, a) => b.CumulativeExtreme(max, ScalarType.Int16, a.At(0), (long*)a.At(1), outer, n, inner), OnDevice.Random<short>(5, count, -9, 9), new long[count]);
            }
        }
    }

    /// <summary>Blocks of [2, 3] at strides 1 and 4, at places that two index tensors name; where they are written each comes once.</summary>
    [Fact]
    public void Blocks_AtPlacesThatIndicesName_MatchReference()
    {
        long[] first = [1, -1, 0, 2], second = [0, 3, -2, 1], offsets = new long[4];
        OnDevice.Same("offsets", 0, (b, a) =>
        {
            b.AddOffsets((long*)a.At(0), 4, 3, 40, 0, (long*)a.At(2));
            b.AddOffsets((long*)a.At(1), 4, 4, 10, 1, (long*)a.At(2));
        }, first, second, offsets);
        Assert.Equal([40, 110, 20, 90], offsets);
        long[] shape = [2, 3], strides = [1, 4];
        foreach (var mode in Enum.GetValues<IndexMode>())
            OnDevice.Same($"{mode}", 1e-6, (b, a) => b.Blocks(mode, ScalarType.Float32, a.At(0), (long*)a.At(1), 4, shape, strides, a.At(2)), OnDevice.Random<float>(1, 130), offsets, OnDevice.Random<float>(2, 24));
        OnDevice.Same("sum of whole numbers", 0, (b, a) => b.Blocks(IndexMode.ScatterAdd, ScalarType.Int64, a.At(0), (long*)a.At(1), 3, [1], [1], a.At(2)), OnDevice.Random<long>(3, 9), new long[] { 4, 4, 0 }, OnDevice.Random<long>(4, 3));
    }

    [Fact]
    public void OffsetsOutOfRange_TouchNothing_AndAreToldWithTheNextValue()
    {
        var refused = Assert.Throws<ExternalException>(() => OnDevice.Same("beyond", 0, (b, a) =>
        {
            if (b is not GpuBackend gpu)
                return;
            gpu.AddOffsets((long*)a.At(0), 2, 3, 2, 0, (long*)a.At(1));
            gpu.Blocks(IndexMode.Gather, ScalarType.Float32, a.At(2), (long*)a.At(1), 2, [2], [1], a.At(3));
            gpu.ThrowIfIndexFault();
        }, new long[] { 3, -4 }, new long[2], new float[6], new float[4]));
        Assert.Contains("index out of bounds", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlacesOfTrueElements_InAnyShape_MatchReference()
    {
        foreach (long[] shape in new long[][] { [1], [40], [3, 4, 5], [2, 700], [0, 3] })
        {
            long count = shape.Aggregate(1L, (product, size) => product * size);
            byte[] mask = OnDevice.Random<byte>(1, count, 0, 2);
            long found = mask.Sum(value => value);
            long told = -1;
            OnDevice.Same($"places of {found}", 0, (b, a) => b.NonZero((byte*)a.At(0), shape, rows =>
            {
                told = rows;
                return a[1];
            }), mask, new long[found * shape.Length + 1]);
            Assert.Equal(found, told);
        }
    }
}
