using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Convolution, maximum and rectifier that follow one another in a chain are computed in one go where no gradient is recorded and no hook
/// looks between them. The rectifier may stand on either side of the maximum, max(relu(x)) = relu(max(x)), but for windows of padding alone.
/// </summary>
internal static class PooledConvolutions
{
    /// <summary>What the modules from <paramref name="at"/> on make of an input, with <paramref name="at"/> behind them; null, and nothing done, where they are no such group.</summary>
    internal static Tensor? TryForward(ModuleChain chain, ref int at, Tensor input)
    {
        if (chain[at].module is not Conv2d { HasHooks: false } convolution)
            return null;
        var (pool, relu) = (Next(chain, at + 1), Next(chain, at + 2)) switch
        {
            (MaxPool2d { HasHooks: false } first, ReLU { HasHooks: false }) => (first, true),
            (ReLU { HasHooks: false }, MaxPool2d { HasHooks: false, padding: null } second) => (second, true),
            (MaxPool2d { HasHooks: false } only, _) => (only, false),
            _ => (null, false),
        };
        if (pool is null || convolution.TryForward(input, pool, relu) is not { } result)
            return null;
        at += relu ? 3 : 2;
        return result;
    }

    private static nn.Module? Next(ModuleChain chain, int at) => at < chain.Count ? chain[at].module : null;
}
