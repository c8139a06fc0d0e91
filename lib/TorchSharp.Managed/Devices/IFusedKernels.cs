using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Several of <see cref="IBackend"/>'s methods in one, for a backend on which that is faster. Data as there.</summary>
internal unsafe interface IFusedKernels
{
    /// <summary>
    /// <see cref="IBackend.Conv"/>, then <see cref="IBackend.MaxPool"/> of its maps without positions and, with <paramref name="relu"/>, the
    /// rectifier, image by image: what comes between never leaves the cache.
    /// </summary>
    /// <param name="pool">Over the planes that the convolution makes.</param>
    /// <returns>False, and nothing done, where that brings nothing: the three are computed one after the other then.</returns>
    bool TryConvPool(ScalarType type, in ConvShape shape, in PoolShape pool, bool relu, void* x, void* weight, void* bias, void* y);
}
