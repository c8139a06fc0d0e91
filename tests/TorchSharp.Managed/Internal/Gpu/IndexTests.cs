using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>Copying, choosing and indexing, also at strides that no contiguous tensor has.</summary>
public sealed unsafe class IndexTests
{
    private static readonly ScalarType[] Types = [ScalarType.Byte, ScalarType.Int16, ScalarType.Float32, ScalarType.Float64];

    private static Array Random(ScalarType type, int seed, long count) => type switch
    {
        ScalarType.Byte => OnDevice.Random<byte>(seed, count, 0, 255),
        ScalarType.Int16 => OnDevice.Random<short>(seed, count, -300, 300),
        ScalarType.Float32 => OnDevice.Random<float>(seed, count),
        _ => OnDevice.Random<double>(seed, count),
    };

    private static long[] Indices(int seed, long count, long size) => OnDevice.Random<long>(seed, count, 0, size - 1e-9);

    /// <summary>A shape of five dimensions whose neighbours do not merge, permuted on the way.</summary>
    [Fact]
    public void Copy_AtAnyStrides_MatchesReference()
    {
        long[] shape = [2, 3, 2, 2, 3], packed = [36, 12, 6, 3, 1], turned = [1, 2, 6, 12, 24], broadcast = [36, 0, 6, 0, 1];
        foreach (var type in Types)
        {
            OnDevice.Same("turned", 0, (b, a) => b.Copy(type, a.At(0), turned, type, a.At(1), packed, shape), Random(type, 1, 72), Random(type, 2, 72));
            OnDevice.Same("broadcast", 0, (b, a) => b.Copy(type, a.At(0), broadcast, type, a.At(1), turned, shape), Random(type, 3, 72), Random(type, 4, 72));
        }
        OnDevice.Same("converted", 0, (b, a) => b.Copy(ScalarType.Int16, a.At(0), turned, ScalarType.Float64, a.At(1), packed, shape), OnDevice.Random<short>(5, 72, -99, 99), new double[72]);
        OnDevice.Same("narrowed", 0, (b, a) => b.Copy(ScalarType.Float64, a.At(0), turned, ScalarType.Float32, a.At(1), packed, shape), OnDevice.Random<double>(6, 72), new float[72]);
        OnDevice.Same("truth", 0, (b, a) => b.Copy(ScalarType.Float32, a.At(0), packed, ScalarType.Bool, a.At(1), turned, shape), OnDevice.Random<float>(7, 72).Select(value => MathF.Round(value)).ToArray(), new byte[72]);
    }

    [Fact]
    public void Where_AtAnyStrides_MatchesReference()
    {
        foreach (var type in Types)
            OnDevice.Same("where", 0, (b, a) => b.Where(type, (byte*)a.At(0), [0, 1, 0], a.At(1), [15, 5, 1], a.At(2), [1, 4, 12], a.At(3), [15, 5, 1], [4, 3, 5]),
                OnDevice.Random<byte>(1, 3, 0, 2), Random(type, 2, 60), Random(type, 3, 60), Random(type, 4, 60));
    }

    [Fact]
    public void Rows_ChosenAndAddedByNumber_MatchReference()
    {
        foreach ((long outer, long n, long count, long inner) in new[] { (1L, 5L, 9L, 4L), (3L, 4L, 2L, 1L), (2L, 1L, 7L, 3L) })
        {
            long[] index = Indices(1, count, n);
            foreach (var type in Types)
                OnDevice.Same("rows chosen", 0, (b, a) => b.SelectRows(type, a.At(0), (long*)a.At(1), a.At(2), outer, n, count, inner), Random(type, 2, outer * n * inner), index, Random(type, 3, outer * count * inner));
            Added<float>(1e-5, ScalarType.Float32);
            Added<double>(1e-12, ScalarType.Float64);
            Added<int>(0, ScalarType.Int32);
            Added<long>(0, ScalarType.Int64);

            void Added<T>(double tolerance, ScalarType type) where T : unmanaged, INumber<T> => OnDevice.Same("rows added", tolerance, (b, a) => b.AddRows(type, a.At(0), (long*)a.At(1), a.At(2), outer, n, count, inner),
                OnDevice.Random<T>(4, outer * count * inner, -9, 9), index, OnDevice.Random<T>(5, outer * n * inner, -9, 9));
        }
    }

    /// <summary>Along the middle of [3, 4, 5], by an index of [3, 2, 5]; where places are written each comes once.</summary>
    [Fact]
    public void Elements_AlongAnIndex_MatchReference()
    {
        long[] shape = [3, 2, 5], strides = [10, 5, 1], addressed = [20, 0, 1];
        long[] index = Indices(1, 30, 4), once = [.. Enumerable.Range(0, 30).Select(i => (long)(i / 5 % 2 * 2))];
        foreach (var type in Types)
        {
            OnDevice.Same("gather", 0, (b, a) => b.AlongIndex(IndexMode.Gather, type, (long*)a.At(0), strides, a.At(1), strides, a.At(2), addressed, 4, 5, shape), index, Random(type, 2, 30), Random(type, 3, 60));
            OnDevice.Same("scatter", 0, (b, a) => b.AlongIndex(IndexMode.Scatter, type, (long*)a.At(0), strides, a.At(1), strides, a.At(2), addressed, 4, 5, shape), once, Random(type, 4, 30), Random(type, 5, 60));
        }
        Added<float>(1e-5, ScalarType.Float32);
        Added<double>(1e-12, ScalarType.Float64);
        Added<int>(0, ScalarType.Int32);
        Added<long>(0, ScalarType.Int64);

        void Added<T>(double tolerance, ScalarType type) where T : unmanaged, INumber<T> => OnDevice.Same("scatter add", tolerance, (b, a) => b.AlongIndex(IndexMode.ScatterAdd, type, (long*)a.At(0), strides, a.At(1), strides, a.At(2), addressed, 4, 5, shape),
            index, OnDevice.Random<T>(6, 30, -9, 9), OnDevice.Random<T>(7, 60, -9, 9));
    }

    [Fact]
    public void IndexOutOfRange_WritesNothing_AndIsToldOnce()
    {
        var device = OnDevice.Device;
        float[] x = OnDevice.Random<float>(1, 6);
        var refused = Assert.Throws<ExternalException>(() => OnDevice.Same("beyond", 0, (b, a) =>
        {
            b.SelectRows(ScalarType.Float32, a.At(0), (long*)a.At(1), a.At(2), 1, 3, 2, 2);
            if (b is GpuBackend gpu)
                gpu.ThrowIfIndexFault();
        }, x, new long[] { 1, 3 }, new float[4]));
        Assert.Contains("index out of bounds", refused.Message, StringComparison.Ordinal);
        device.Backend.ThrowIfIndexFault();
    }
}
