using System.Runtime.InteropServices;
using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>What can be known of NVIDIA's library without a GPU. tests/Course.Cli/Devices calls a stand-in of it.</summary>
public sealed unsafe class CuBlasTests
{
    /// <summary>The definition: C = op(First)·op(Second) + β·C over memory that lies column by column.</summary>
    private static void Gemm(in ColumnMajorProduct p, double[] first, double[] second, double beta, double[] result)
    {
        for (int b = 0; b < p.Batch; b++)
            for (int i = 0; i < p.M; i++)
                for (int j = 0; j < p.N; j++)
                {
                    double sum = 0;
                    for (int l = 0; l < p.K; l++)
                        sum += first[b * p.StrideFirst + (p.TransposeFirst ? l + (long)i * p.LdFirst : i + (long)l * p.LdFirst)]
                            * second[b * p.StrideSecond + (p.TransposeSecond ? j + (long)l * p.LdSecond : l + (long)j * p.LdSecond)];
                    long at = b * p.StrideResult + i + (long)j * p.LdResult;
                    result[at] = sum + (beta == 0 ? 0 : beta * result[at]);
                }
    }

    private static MatrixRef Matrix(nint data, int rows, int columns, bool byColumns, int gap, bool shared) => byColumns
        ? new(data, 1, rows + gap, shared ? 0 : (long)(rows + gap) * columns) : new(data, columns + gap, 1, shared ? 0 : (long)(columns + gap) * rows);

    [Fact]
    public void TheWordsOfBlas_MeanTheSameProduct_AsTheReferencesStrides()
    {
        var random = new System.Random(7);
        for (int round = 0; round < 400; round++)
        {
            int batch = random.Next(1, 4), m = random.Next(1, 6), n = random.Next(1, 6), k = random.Next(1, 6), gap = random.Next(3);
            bool Any() => random.Next(2) == 0;
            bool accumulate = Any();
            var (a, b, c) = (Matrix(0, m, k, Any(), gap, Any()), Matrix(0, k, n, Any(), gap, Any()), Matrix(0, m, n, Any(), gap, false));
            double[] left = OnDevice.Random<double>(round, 200), right = OnDevice.Random<double>(round + 1, 200), expected = OnDevice.Random<double>(round + 2, 200), actual = [.. expected];
            var product = ColumnMajorProduct.Of(batch, m, n, k, a, b, c);
            Assert.NotNull(product);
            Assert.True(product.Value.LdFirst >= (product.Value.TransposeFirst ? product.Value.K : product.Value.M) && product.Value.LdSecond >= (product.Value.TransposeSecond ? product.Value.N : product.Value.K) && product.Value.LdResult >= product.Value.M,
                $"BLAS refuses the distances of {product}");
            Gemm(product.Value, product.Value.Swapped ? right : left, product.Value.Swapped ? left : right, accumulate ? 1 : 0, actual);
            fixed (double* pa = left, pb = right, pc = expected)
                new ReferenceBackend().MatMul(ScalarType.Float64, batch, m, n, k, a with { Data = (nint)pa }, b with { Data = (nint)pb }, c with { Data = (nint)pc }, accumulate);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-12, $"{batch} × {m}×{k}×{n}, {a}, {b}, {c}: [{i}] is {actual[i]}, expected {expected[i]}");
        }
    }

    [Fact]
    public void WhatBlasHasNoWordsFor_IsLeftToTheEngine()
    {
        MatrixRef plain = new(0, 4, 1, 16), expanded = new(0, 0, 1, 16), everySecond = new(0, 8, 2, 32);
        Assert.NotNull(ColumnMajorProduct.Of(2, 4, 4, 4, plain, plain, plain));
        Assert.Null(ColumnMajorProduct.Of(2, 4, 4, 4, expanded, plain, plain));
        Assert.Null(ColumnMajorProduct.Of(2, 4, 4, 4, plain, everySecond, plain));
        Assert.Null(ColumnMajorProduct.Of(2, 4, 4, 4, plain, plain, plain with { BatchStride = 0 }));
        Assert.Null(ColumnMajorProduct.Of(2, 4, 4, 0, plain, plain, plain));
        Assert.Null(ColumnMajorProduct.Of(1, 1L << 32, 4, 4, plain, plain, plain));
    }

    [Fact]
    public void AFolderWithoutTheLibrary_IsNamedWithWhatWasLookedFor()
    {
        string refusal = Assert.Throws<InvalidOperationException>(() => CuBlas.Load(AppContext.BaseDirectory)).Message;
        Assert.StartsWith($"cuBLAS is not installed: {Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "cublas64_13.dll" : "libcublas.so.13")}, ", refusal);
        Assert.EndsWith($"cannot be loaded. COURSE_CUBLAS is '{AppContext.BaseDirectory}'; unset it, and the engine's own kernels multiply.", refusal);
    }

    [Fact]
    public void AnotherLibrary_IsNamedWithWhatItLacks()
    {
        string native = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), OperatingSystem.IsWindows() ? "System.IO.Compression.Native.dll" : OperatingSystem.IsMacOS() ? "libSystem.Native.dylib" : "libSystem.Native.so");
        string refusal = Assert.Throws<InvalidOperationException>(() => CuBlas.Load(native)).Message;
        Assert.Contains($"{native} has no cublasCreate_v2: it is no cuBLAS of version 11 or newer", refusal);
    }

    [Fact]
    public void ADeviceThatIsNotCudas_NeverAsksForIt() => Assert.Null(CuBlas.Wanted(GpuDevice.Available(GpuKind.Emulated)[0]));
}
