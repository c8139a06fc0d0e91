using ILGPU;
using TorchSharp.RandomStreams;

namespace TorchSharp.Gpu;

/// <summary>One thread an element: the block that holds its number is made for it alone.</summary>
internal static class RandomKernels
{
    internal static void Draw(Index1D i, ArrayView<float> y, PhiloxCall call, int kind, float a, float b) => y[i] = call.Single((DrawKind)kind, a, b, i);

    internal static void Draw(Index1D i, ArrayView<double> y, PhiloxCall call, int kind, double a, double b) => y[i] = call.Double((DrawKind)kind, a, b, i);
}
