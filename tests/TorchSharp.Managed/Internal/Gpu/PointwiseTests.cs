using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

public sealed unsafe class PointwiseTests
{
    private const double Single = 2e-6, Double = 1e-12;

    private static readonly UnaryKind[] ForIntegers = [UnaryKind.Neg, UnaryKind.Abs, UnaryKind.Sign, UnaryKind.Square, UnaryKind.Relu, UnaryKind.Ceil, UnaryKind.Floor, UnaryKind.Round, UnaryKind.Trunc];

    private static T[] Special<T>(int seed, int count) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var values = OnDevice.Random<T>(seed, count);
        (values[1], values[3], values[5], values[7], values[8], values[9]) = (T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Zero, T.CreateChecked(2.5), T.CreateChecked(-0.5));
        return values;
    }

    [Fact]
    public void Unary_EveryKind_MatchesReference()
    {
        var failures = new List<string>();
        foreach (var kind in Enum.GetValues<UnaryKind>())
        {
            try
            {
                OnDevice.Same($"{kind}", Single, (b, a) => b.Unary(kind, ScalarType.Float32, a.At(0), a.At(1), 77), Special<float>(1, 77), new float[77]);
            }
            catch (Exception exception)
            {
                failures.Add($"{kind}: {exception.Message}");
            }
            try
            {
                OnDevice.Same($"{kind}", Double, (b, a) => b.Unary(kind, ScalarType.Float64, a.At(0), a.At(1), 77), Special<double>(2, 77), new double[77]);
            }
            catch (Exception exception)
            {
                failures.Add($"{kind}: {exception.Message}");
            }
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        foreach (var kind in ForIntegers)
        {
            OnDevice.Same($"{kind}", 0, (b, a) => b.Unary(kind, ScalarType.Int64, a.At(0), a.At(0), 20), OnDevice.Random<long>(3, 20, -9, 9));
            OnDevice.Same($"{kind}", 0, (b, a) => b.Unary(kind, ScalarType.Int8, a.At(0), a.At(1), 20), OnDevice.Random<sbyte>(4, 20, -128, 127), new sbyte[20]);
        }
    }

    [Fact]
    public void Binary_EveryKind_MatchesReference()
    {
        foreach (var kind in Enum.GetValues<BinaryKind>())
        {
            if (kind is BinaryKind.BitAnd or BinaryKind.BitOr or BinaryKind.BitXor or BinaryKind.ShiftLeft or BinaryKind.ShiftRight)
                continue;
            OnDevice.Same($"{kind}", Single, (b, a) => b.Binary(kind, ScalarType.Float32, a.At(0), 1, a.At(1), 1, a.At(2), 60), Special<float>(1, 60), OnDevice.Random<float>(2, 60), new float[60]);
            OnDevice.Same($"{kind}", Double, (b, a) => b.Binary(kind, ScalarType.Float64, a.At(0), 1, a.At(1), 0, a.At(0), 60), Special<double>(3, 60), OnDevice.Random<double>(4, 60));
        }
    }

    [Fact]
    public void Binary_IntegersAndTruthValues_MatchReference()
    {
        foreach (var kind in Enum.GetValues<BinaryKind>().Where(kind => kind is < BinaryKind.Atan2 and not BinaryKind.Div or >= BinaryKind.BitAnd and <= BinaryKind.ReluBackward))
        {
            int[] divisors = [.. OnDevice.Random<int>(6, 40, -5, 9).Select(value => value == 0 ? 3 : value)];
            OnDevice.Same($"{kind}", 0, (b, a) => b.Binary(kind, ScalarType.Int32, a.At(0), 1, a.At(1), 1, a.At(2), 40), OnDevice.Random<int>(5, 40, -20, 20), divisors, new int[40]);
            byte[] bytes = [.. divisors.Select(value => (byte)Math.Abs(value))];
            OnDevice.Same($"{kind}", 0, (b, a) => b.Binary(kind, ScalarType.Byte, a.At(0), 1, a.At(1), 1, a.At(2), 40), OnDevice.Random<byte>(7, 40, 0, 255), bytes, new byte[40]);
        }
        foreach (var kind in new[] { BinaryKind.Add, BinaryKind.Mul, BinaryKind.BitXor, BinaryKind.Pow })
            OnDevice.Same($"{kind}", 0, (b, a) => b.Binary(kind, ScalarType.Bool, a.At(0), 1, a.At(1), 1, a.At(2), 16), OnDevice.Random<byte>(8, 16, 0, 2), OnDevice.Random<byte>(9, 16, 0, 2), new byte[16]);
    }

    [Fact]
    public void BinaryRows_AnyStrides_MatchesReference()
    {
        foreach ((long strideA, long rowA, long strideB, long rowB) in new[] { (1L, 9L, 0L, 1L), (1L, 0L, 1L, 7L), (5L, 1L, 1L, 7L), (0L, 0L, 2L, 14L) })
            OnDevice.Same($"rows {strideA} {rowA} {strideB} {rowB}", 0, (b, a) => b.BinaryRows(BinaryKind.Sub, ScalarType.Float32, a.At(0), strideA, rowA, a.At(1), strideB, rowB, a.At(2), 8, 7, 5),
                OnDevice.Random<float>(1, 60), OnDevice.Random<float>(2, 80), new float[40]);
    }

    /// <summary>Two dimensions, three, and more than a kernel walks at once; beside them a result whose rows lie apart.</summary>
    [Fact]
    public void BinaryStrided_AnyShape_MatchesReference()
    {
        Strided([3, 4], [0, 1], [1, 3], [4, 1]);
        Strided([3, 4, 5], [0, 5, 0], [20, 5, 1], [20, 5, 1]);
        Strided([3, 4, 5], [1, 3, 12], [0, 0, 1], [24, 6, 1]);
        Strided([2, 2, 2, 2, 2, 2], [1, 2, 4, 8, 16, 32], [32, 0, 8, 0, 2, 0], [32, 16, 8, 4, 2, 1]);

        static void Strided(long[] shape, long[] stridesA, long[] stridesB, long[] stridesY)
        {
            string what = $"shape {string.Join('×', shape)}";
            OnDevice.Same(what, 0, (b, a) => b.BinaryStrided(BinaryKind.Sub, ScalarType.Float32, a.At(0), stridesA, a.At(1), stridesB, a.At(2), stridesY, shape), OnDevice.Random<float>(1, 80), OnDevice.Random<float>(2, 80), new float[80]);
            OnDevice.Same(what, 0, (b, a) => b.BinaryStrided(BinaryKind.Mul, ScalarType.Float64, a.At(0), stridesA, a.At(1), stridesB, a.At(2), stridesY, shape), OnDevice.Random<double>(3, 80), OnDevice.Random<double>(4, 80), new double[80]);
            OnDevice.Same(what, 0, (b, a) => b.BinaryStrided(BinaryKind.FloorDivide, ScalarType.Int32, a.At(0), stridesA, a.At(1), stridesB, a.At(2), stridesY, shape), OnDevice.Random<int>(5, 80, -50, 50), OnDevice.Random<int>(6, 80, 1, 9), new int[80]);
            OnDevice.Same(what, 0, (b, a) => b.BinaryStrided(BinaryKind.BitXor, ScalarType.Bool, a.At(0), stridesA, a.At(1), stridesB, a.At(2), stridesY, shape), OnDevice.Random<byte>(7, 80, 0, 2), OnDevice.Random<byte>(8, 80, 0, 2), new byte[80]);
            OnDevice.Same(what, 0, (b, a) => b.CompareStrided(CompareKind.Lt, ScalarType.Float32, a.At(0), stridesA, a.At(1), stridesB, (byte*)a.At(2), shape), OnDevice.Random<float>(9, 80), OnDevice.Random<float>(10, 80), new byte[80]);
            OnDevice.Same(what, 0, (b, a) => b.CompareStrided(CompareKind.Eq, ScalarType.Int16, a.At(0), stridesA, a.At(1), stridesB, (byte*)a.At(2), shape), OnDevice.Random<short>(11, 80), OnDevice.Random<short>(12, 80), new byte[80]);
        }
    }

    [Fact]
    public void DivisionOfIntegersByZero_IsRefusedAsOnTheCpu()
    {
        int[] zeros = new int[9];
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() =>
            OnDevice.Same("division", 0, (b, a) => b.Binary(BinaryKind.TruncDivide, ScalarType.Int32, a.At(0), 1, a.At(1), 1, a.At(2), 9), OnDevice.Random<int>(1, 9), zeros, new int[9]));
        Assert.Equal("ZeroDivisionError", error.Message);
    }

    [Fact]
    public void Compare_EveryKind_MatchesReference()
    {
        foreach (var kind in Enum.GetValues<CompareKind>())
        {
            OnDevice.Same($"{kind}", 0, (b, a) => b.Compare(kind, ScalarType.Float32, a.At(0), 1, a.At(1), 1, (byte*)a.At(2), 30), Special<float>(1, 30), Special<float>(1, 30).Reverse().ToArray(), new byte[30]);
            OnDevice.Same($"{kind}", 0, (b, a) => b.Compare(kind, ScalarType.Int16, a.At(0), 1, a.At(1), 0, (byte*)a.At(2), 30), OnDevice.Random<short>(1, 30), OnDevice.Random<short>(2, 1), new byte[30]);
        }
    }

    [Fact]
    public void AddScaledAndFill_EveryType_MatchReference()
    {
        OnDevice.Same("add scaled", Single, (b, a) => b.AddScaled(ScalarType.Float32, a.At(0), a.At(1), 0.3, 50), OnDevice.Random<float>(1, 50), OnDevice.Random<float>(2, 50));
        OnDevice.Same("add scaled", Double, (b, a) => b.AddScaled(ScalarType.Float64, a.At(0), a.At(1), 0.3, 50), OnDevice.Random<double>(1, 50), OnDevice.Random<double>(2, 50));
        OnDevice.Same("add scaled", 0, (b, a) => b.AddScaled(ScalarType.Int32, a.At(0), a.At(1), 3, 50), OnDevice.Random<int>(1, 50), OnDevice.Random<int>(2, 50));
        OnDevice.Same("fill", 0, (b, a) => b.Fill(ScalarType.Float32, a.At(0), 0.1, 11), new float[11]);
        OnDevice.Same("fill", 0, (b, a) => b.Fill(ScalarType.Int64, a.At(0), -7, 11), new long[11]);
        OnDevice.Same("fill", 0, (b, a) => b.Fill(ScalarType.Byte, a.At(0), 200, 11), new byte[11]);
    }

    [Fact]
    public void WhatHasNoKernel_SaysSoBeforeItTouchesAnything()
    {
        Assert.False(OnDevice.Device.Backend.Supports("Unary", ScalarType.BFloat16));
        var error = Assert.Throws<NotOnDeviceException>(() => OnDevice.Device.Backend.Unary(UnaryKind.Exp, ScalarType.BFloat16, null, null, 5));
        Assert.Contains("Unary is not there for BFloat16", error.Message, StringComparison.Ordinal);
    }
}
