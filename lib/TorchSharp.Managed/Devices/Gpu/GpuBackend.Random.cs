using ILGPU;
using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void Draw(DrawKind kind, ScalarType type, void* y, long count, double a, double b, in PhiloxCall call)
    {
        Require(nameof(Draw), type);
        if (type == ScalarType.Float32)
            _device.Run<ArrayView<float>, PhiloxCall, int, float, float>(RandomKernels.Draw, count, View<float>(y), call, (int)kind, (float)a, (float)b);
        else
            _device.Run<ArrayView<double>, PhiloxCall, int, double, double>(RandomKernels.Draw, count, View<double>(y), call, (int)kind, a, b);
    }
}
