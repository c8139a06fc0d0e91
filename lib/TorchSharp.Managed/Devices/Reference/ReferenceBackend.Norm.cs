using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void Affine(ScalarType type, void* a, void* b, void* y, void* factorA, void* factorB, void* center, void* offset, long batch, long channels, long positions) =>
        OverFloats(type, new AffineLoop(a, b, y, factorA, factorB, center, offset, batch * channels, channels, positions));

    private readonly struct AffineLoop(void* a, void* b, void* y, void* factorA, void* factorB, void* center, void* offset, long rows, long channels, long positions) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (long row = 0; row < rows; row++)
                for (long i = row * positions; i < (row + 1) * positions; i++)
                {
                    long c = row % channels;
                    var value = ((T*)a)[i] * ((T*)factorA)[c] + ((T*)offset)[c];
                    if (b != null)
                        value += (((T*)b)[i] - (center == null ? T.Zero : ((T*)center)[c])) * ((T*)factorB)[c];
                    ((T*)y)[i] = value;
                }
        }
    }

    public virtual void Projections(ScalarType type, void* a, void* b, void* center, void* sums, void* dots, long batch, long channels, long positions) =>
        OverFloats(type, new ProjectionLoop(a, b, center, sums, dots, batch, channels, positions));

    private readonly struct ProjectionLoop(void* a, void* b, void* center, void* sums, void* dots, long batch, long channels, long positions) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (long c = 0; c < channels; c++)
            {
                double sum = 0, dot = 0, middle = center == null ? 0 : double.CreateTruncating(((T*)center)[c]);
                for (long s = 0; s < batch; s++)
                    for (long i = (s * channels + c) * positions; i < (s * channels + c + 1) * positions; i++)
                    {
                        double value = double.CreateTruncating(((T*)a)[i]);
                        sum += value;
                        dot += value * (double.CreateTruncating(((T*)b)[i]) - middle);
                    }
                ((T*)sums)[c] = T.CreateTruncating(sum);
                ((T*)dots)[c] = T.CreateTruncating(dot);
            }
        }
    }
}
