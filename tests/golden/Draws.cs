using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Where an operation is defined and smooth.</summary>
internal enum Domain
{
    /// <summary>Standard normal numbers.</summary>
    Any,

    /// <summary>0.1 and more.</summary>
    Positive,

    /// <summary>−0.9 to 0.9.</summary>
    Unit,

    /// <summary>0 to 1.</summary>
    Probability,

    /// <summary>1.1 and more.</summary>
    AboveOne,

    /// <summary>At least 0.3 from zero, where kinks are.</summary>
    AwayFromZero,
}

/// <summary>The inputs of a group. Every tensor has a seed of its own, so that a new case changes none before it and no other group.</summary>
internal sealed class Draws(string group)
{
    private long _seed = 1000L * group.Sum(letter => letter);

    internal Tensor Real(long[] shape, ScalarType type = ScalarType.Float64, Domain domain = Domain.Any)
    {
        manual_seed(++_seed);
        var x = randn(shape, ScalarType.Float64);
        x = domain switch
        {
            Domain.Positive => x.abs() + 0.1,
            Domain.Unit => x.tanh() * 0.9,
            Domain.Probability => x.sigmoid(),
            Domain.AboveOne => x.abs() + 1.1,
            Domain.AwayFromZero => x + 0.3 * x.sign(),
            _ => x,
        };
        return x.to_type(type);
    }

    /// <summary>Integers from low to below high.</summary>
    internal Tensor Integers(long high, long[] shape, long low = 0)
    {
        manual_seed(++_seed);
        return randint(low, high, shape, dtype: ScalarType.Int64);
    }
}
