using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Course;

/// <summary>
/// Sets the weights of smallest magnitude to 0 and keeps them there. Han et al., 2015.
/// After every step of an optimiser call <see cref="Apply"/>, so that fine-tuning does not wake what was cut.
/// </summary>
public sealed class PruneMasks : IDisposable
{
    private readonly List<(Parameter weight, Tensor mask)> _masks = [];

    private PruneMasks() { }

    /// <summary>Share of the masked weights that is 0.</summary>
    public double Sparsity => 1 - _masks.Sum(item => item.mask.sum().Number()) / Math.Max(1, _masks.Sum(item => item.mask.numel()));

    /// <summary>Cuts the given share of the weights of a module: biases and normalisations are left alone.</summary>
    /// <param name="share">From 0 to below 1.</param>
    /// <param name="perLayer">Cut the share in each layer; else over all layers together, so that unimportant layers lose more.</param>
    public static PruneMasks ByMagnitude(nn.Module module, double share, bool perLayer = false)
    {
        if (share is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(share), FormattableString.Invariant($"The share is {share}, expected from 0 to below 1."));
        Parameter[] weights = [.. module.parameters().Where(parameter => parameter.dim() > 1)];
        if (weights.Length == 0)
            throw new ArgumentException("The module has no weight matrices or kernels.", nameof(module));
        double together = perLayer ? 0 : Threshold([.. weights.SelectMany(weight => weight.Doubles())], share);
        var result = new PruneMasks();
        foreach (var weight in weights)
        {
            using var scope = NewDisposeScope();
            double limit = perLayer ? Threshold(weight.Doubles(), share) : together;
            var mask = weight.detach().abs().to(ScalarType.Float64).gt(limit).to(weight.dtype);
            result._masks.Add((weight, mask.DetachFromDisposeScope()));
        }
        result.Apply();
        return result;
    }

    /// <summary>Sets the cut weights to 0 again.</summary>
    public void Apply()
    {
        using var _ = no_grad();
        foreach (var (weight, mask) in _masks)
            weight.mul_(mask);
    }

    /// <summary>The magnitude up to which the given share of the values lies.</summary>
    private static double Threshold(double[] values, double share)
    {
        int cut = (int)Math.Round(share * values.Length);
        if (cut == 0)
            return double.NegativeInfinity;
        double[] sizes = [.. values.Select(Math.Abs)];
        Array.Sort(sizes);
        return sizes[cut - 1];
    }

    public void Dispose()
    {
        foreach (var (_, mask) in _masks)
            mask.Dispose();
        _masks.Clear();
    }
}
