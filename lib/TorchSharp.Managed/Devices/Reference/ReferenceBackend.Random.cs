using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void Draw(DrawKind kind, ScalarType type, void* y, long count, double a, double b, in PhiloxCall call)
    {
        for (int i = 0; i < count; i++)
            if (type == ScalarType.Float64)
                ((double*)y)[i] = call.Double(kind, a, b, i);
            else
                ((float*)y)[i] = call.Single(kind, a, b, i);
    }
}
