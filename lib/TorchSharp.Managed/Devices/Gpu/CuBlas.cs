using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

/// <summary>
/// NVIDIA's products, where its library happens to be installed. It is never needed: the engine's own kernels multiply unless
/// <c>COURSE_CUBLAS</c> asks for the library, because which is faster has not been measured on a GPU. The variable is <c>yes</c> for
/// the library that the system's loader finds, or names its file or its folder, such as PyTorch's <c>site-packages/nvidia/cublas/lib</c>.
/// </summary>
internal sealed unsafe class CuBlas
{
    internal const string Variable = "COURSE_CUBLAS";

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll"] : ["libcublas.so.13", "libcublas.so.12", "libcublas.so.11"];

    private readonly string _name;
    private readonly delegate* unmanaged<nint*, int> _create;
    private readonly delegate* unmanaged<nint, nint, int> _setStream;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, long, nint, int, long, float*, nint, int, long, int, int> _single;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, double*, nint, int, long, nint, int, long, double*, nint, int, long, int, int> _double;
    private nint _handle;

    private CuBlas(string name, nint library)
    {
        _name = name;
        _create = (delegate* unmanaged<nint*, int>)Entry("cublasCreate_v2");
        _setStream = (delegate* unmanaged<nint, nint, int>)Entry("cublasSetStream_v2");
        _single = (delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, long, nint, int, long, float*, nint, int, long, int, int>)Entry("cublasSgemmStridedBatched");
        _double = (delegate* unmanaged<nint, int, int, int, int, int, double*, nint, int, long, nint, int, long, double*, nint, int, long, int, int>)Entry("cublasDgemmStridedBatched");

        nint Entry(string entry) => NativeLibrary.TryGetExport(library, entry, out nint address) ? address
            : throw new InvalidOperationException($"{Variable} asks for cuBLAS, but {name} has no {entry}: it is no cuBLAS of version 11 or newer. Unset {Variable}: then the engine's own kernels multiply.");
    }

    /// <summary>The library for a device's products; null where the engine's own kernels make them.</summary>
    /// <exception cref="InvalidOperationException">It is asked for and cannot be loaded.</exception>
    internal static CuBlas? Wanted(GpuDevice device) => device.Kind == GpuKind.Cuda && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } where ? Load(where) : null;

    /// <param name="where"><c>yes</c>, a file, or a folder.</param>
    /// <exception cref="InvalidOperationException">There is no library there, or another one.</exception>
    internal static CuBlas Load(string where)
    {
        string[] files = where == "yes" ? Names : Directory.Exists(where) ? [.. Names.Select(name => Path.Combine(where, name))] : [where];
        foreach (string file in files)
        {
            // It needs its other half, which lies beside it and which no loader looks for there.
            if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
                NativeLibrary.TryLoad(Path.Combine(folder, Path.GetFileName(file).Replace("cublas", "cublasLt", StringComparison.Ordinal)), out _);
            if (NativeLibrary.TryLoad(file, out nint library))
                return new(file, library);
        }
        throw new InvalidOperationException($"cuBLAS is not installed: {string.Join(", ", files)} cannot be loaded. {Variable} is '{where}'; unset it, and the engine's own kernels multiply.");
    }

    /// <summary>C[b] = A[b]·B[b] (+ C[b]), put into the device's queue.</summary>
    /// <returns>Whether it was; BLAS has no words for some strides and types.</returns>
    internal bool Multiply(GpuDevice device, ScalarType type, long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate)
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64) || ColumnMajorProduct.Of(batch, m, n, k, a, b, c) is not { } product)
            return false;
        nint first = device.Memory.Native((void*)(product.Swapped ? b.Data : a.Data)), second = device.Memory.Native((void*)(product.Swapped ? a.Data : b.Data)), result = device.Memory.Native((void*)c.Data);
        device.Guard("matrix product of cuBLAS", _ => Call(type, product, first, second, result, accumulate));
        return true;
    }

    private void Call(ScalarType type, in ColumnMajorProduct p, nint first, nint second, nint result, bool accumulate)
    {
        nint handle = _handle;
        if (handle == 0)
        {
            // The device's queue is the stream 0.
            Check("cublasCreate", _create(&handle));
            Check("cublasSetStream", _setStream(handle, 0));
            _handle = handle;
        }
        int transposeFirst = p.TransposeFirst ? 1 : 0, transposeSecond = p.TransposeSecond ? 1 : 0;
        if (type == ScalarType.Float32)
        {
            float one = 1, beta = accumulate ? 1 : 0;
            Check("cublasSgemmStridedBatched", _single(handle, transposeFirst, transposeSecond, p.M, p.N, p.K, &one, first, p.LdFirst, p.StrideFirst, second, p.LdSecond, p.StrideSecond, &beta, result, p.LdResult, p.StrideResult, p.Batch));
        }
        else
        {
            double one = 1, beta = accumulate ? 1 : 0;
            Check("cublasDgemmStridedBatched", _double(handle, transposeFirst, transposeSecond, p.M, p.N, p.K, &one, first, p.LdFirst, p.StrideFirst, second, p.LdSecond, p.StrideSecond, &beta, result, p.LdResult, p.StrideResult, p.Batch));
        }
    }

    /// <summary>By the numbers of cublasStatus_t.</summary>
    private void Check(string call, int status)
    {
        if (status != 0)
            throw new ExternalException($"{call} of {_name} failed with status {status}{(status is 1 or 3 ? ", as where the GPU's memory is full" : "")}. Unset {Variable}: then the engine's own kernels multiply.");
    }
}
