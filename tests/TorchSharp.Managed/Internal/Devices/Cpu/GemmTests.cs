using System.Numerics;
using System.Runtime.Intrinsics;
using TorchSharp.Cpu;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>The fast matrix product against plain loops in double precision, for each register width whatever this machine prefers.</summary>
public sealed unsafe class GemmTests
{
    [Fact] public void Run_RandomShapesAndStrides_MatchesLoops_SinglePortable() => Compare<PortableLanes<float>, Vector<float>, float>(1e-5);
    [Fact] public void Run_RandomShapesAndStrides_MatchesLoops_DoublePortable() => Compare<PortableLanes<double>, Vector<double>, double>(1e-13);
    [Fact] public void Run_RandomShapesAndStrides_MatchesLoops_SingleWide() => Compare<WideLanes<float>, Vector512<float>, float>(1e-5);
    [Fact] public void Run_RandomShapesAndStrides_MatchesLoops_DoubleWide() => Compare<WideLanes<double>, Vector512<double>, double>(1e-13);

    [Fact]
    public void Run_NaNOutsideTheOperands_StaysOutside()
    {
        // The operands are windows into larger matrices of NaN, so that a tail read too far would show.
        var random = new System.Random(5);
        for (int round = 0; round < 60; round++)
        {
            int m = random.Next(1, 20), n = random.Next(1, 40), k = random.Next(1, 40);
            bool transposed = random.Next(2) == 0;
            using var a = Fill.Random<float>(random, m * (k + 9));
            using var b = Fill.Random<float>(random, (n + 9) * (k + 9));
            using var c = new Native<float>(m * n);
            for (int i = 0; i < m; i++)
                a.Span.Slice(i * (k + 9) + k, 9).Fill(float.NaN);
            int row = transposed ? 1 : n + 9, column = transposed ? k + 9 : 1;
            for (int i = 0; i < k + 9; i++)
                for (int j = 0; j < n + 9; j++)
                    if (i * row + j * column < b.Span.Length && (i >= k || j >= n))
                        b.Data[i * row + j * column] = float.NaN;
            Gemm<PortableLanes<float>, Vector<float>, float>.Run(m, n, k, a.Data, k + 9, 1, b.Data, row, column, c.Data, n, false);
            Assert.False(c.Span.ContainsAny([float.NaN]), $"{m}×{k} times {k}×{n}, transposed {transposed}");
            foreach (float value in c.Span)
                Assert.False(float.IsNaN(value), $"{m}×{k} times {k}×{n}, transposed {transposed}");
        }
    }

    private static void Compare<L, V, T>(double tolerance) where L : ILanes<V, T> where V : struct where T : unmanaged, INumber<T>
    {
        var random = new System.Random(1);
        for (int round = 0; round < 150; round++)
        {
            bool large = round % 10 == 0;
            int m = random.Next(1, large ? 200 : 40), n = random.Next(1, large ? 300 : 80), k = random.Next(0, large ? 600 : 90);
            bool transposedA = random.Next(2) == 0, transposedB = random.Next(2) == 0, accumulate = random.Next(2) == 0;
            int gapA = random.Next(3), gapB = random.Next(3), ldc = n + random.Next(3);
            long rowA = transposedA ? 1 : k + gapA, columnA = transposedA ? m + gapA : 1;
            long rowB = transposedB ? 1 : n + gapB, columnB = transposedB ? k + gapB : 1;
            using var a = Fill.Random<T>(random, (m + gapA) * (k + gapA + 1L));
            using var b = Fill.Random<T>(random, (n + gapB) * (k + gapB + 1L));
            using var c = Fill.Random<T>(random, (long)m * ldc);
            var before = c.Span.ToArray();
            Gemm<L, V, T>.Run(m, n, k, a.Data, rowA, columnA, b.Data, rowB, columnB, c.Data, ldc, accumulate);
            for (int i = 0; i < m; i++)
                for (int j = 0; j < ldc; j++)
                {
                    double expected = j >= n || accumulate ? double.CreateChecked(before[i * ldc + j]) : 0;
                    for (int p = 0; p < k && j < n; p++)
                        expected += double.CreateChecked(a.Data[i * rowA + p * columnA]) * double.CreateChecked(b.Data[p * rowB + j * columnB]);
                    double actual = double.CreateChecked(c.Data[i * ldc + j]);
                    Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Sqrt(k + 1) * 4,
                        $"{m}×{k} (transposed {transposedA}) times {k}×{n} (transposed {transposedB}), accumulate {accumulate}: C[{i}, {j}] is {actual}, expected {expected}");
                }
            Assert.True(c.GuardIntact, $"{m}×{k} times {k}×{n} wrote behind the result");
        }
    }
}
