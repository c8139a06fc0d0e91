using System.Runtime.InteropServices;
using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

public sealed unsafe class LimitTests
{
    private const long Many = 3_000_000_000;

    /// <summary>Kernels count in 32 bits: what a large GPU could hold and they could not count is refused before anything runs.</summary>
    [Fact]
    public void MoreElementsThanAKernelCanCount_AreRefused()
    {
        var device = OnDevice.Device;
        void* memory = device.Memory.Allocate(64);
        try
        {
            var row = new MatrixRef((nint)memory, 1, 1, 0);
            Refused(backend => backend.Unary(UnaryKind.Neg, ScalarType.Float32, memory, memory, Many));
            Refused(backend => backend.Reduce(ReduceKind.Sum, ScalarType.Float32, memory, memory, 1, Many, 1));
            Refused(backend => backend.ArgReduce(true, ScalarType.Float32, memory, (long*)memory, 1, Many, 1));
            Refused(backend => backend.Softmax(false, ScalarType.Float32, memory, memory, 1, Many, 1));
            Refused(backend => backend.NormaliseRows(ScalarType.Float32, memory, memory, memory, Many, 1, 1e-5));
            Refused(backend => backend.MatMul(ScalarType.Float32, 1, 1, 1, Many, row, row, row, false));
            Refused(backend => backend.Order(ScalarType.Float32, memory, (long*)memory, 1, (1 << 30) + 1, 1, 1, false));
        }
        finally
        {
            device.Memory.Free(memory, 64);
        }

        void Refused(Action<IBackend> call) => Assert.Contains("at most 2147482624 at once; work on a part of the tensor", Assert.Throws<ExternalException>(() => call(device.Backend)).Message);
    }
}
