using static TorchSharp.torch;

namespace Course;

/// <summary>
/// An exponential moving average of a model's weights, w̄ ← d·w̄ + (1 − d)·w after every step: the noise of single steps cancels
/// (B. T. Polyak and A. B. Juditsky, 1992, average iterates; the moving form is common practice). Running statistics are averaged too.
/// </summary>
/// <param name="model">Whose weights are followed.</param>
/// <param name="decay">d; the average reaches about 1/(1 − d) steps back. In the first steps d is (1 + t)/(10 + t) where that is smaller, so that the random start is forgotten.</param>
public sealed class WeightAverage(nn.Module model, double decay = 0.998) : IDisposable
{
    private readonly Dictionary<string, Tensor> _average = model.state_dict().ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());
    private readonly double _decay = decay is >= 0 and < 1 ? decay : throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay must lie between 0 and 1 (1 excluded): 0 keeps the last weights only.");
    private long _steps;

    /// <summary>Takes the model's present weights into the average; call it after every step of the optimiser.</summary>
    public void Update()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        double keep = Math.Min(_decay, (1.0 + _steps) / (10.0 + _steps));
        foreach (var (name, weight) in model.state_dict())
        {
            // Counters are whole numbers: the latest counts.
            if (weight.is_floating_point())
                _average[name].mul_(keep).add_(weight, alpha: 1 - keep);
            else
                _average[name].copy_(weight);
        }
        _steps++;
    }

    /// <summary>Gives the averaged weights to a model of the same layers, usually the one that was followed when its training is over.</summary>
    public void CopyTo(nn.Module target)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, weight) in target.state_dict())
        {
            if (!_average.TryGetValue(name, out var value) || !value.shape.SequenceEqual(weight.shape))
                throw new ArgumentException($"The average has no weight '{name}' of shape [{string.Join(", ", weight.shape)}]: it follows another model.", nameof(target));
            weight.copy_(value);
        }
    }

    public void Dispose()
    {
        foreach (var value in _average.Values)
            value.Dispose();
    }
}
