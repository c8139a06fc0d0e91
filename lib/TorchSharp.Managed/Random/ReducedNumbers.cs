using static TorchSharp.torch;

namespace TorchSharp.RandomStreams;

/// <summary>
/// Uniform and normal numbers of Float16 and BFloat16, kept as floats. PyTorch draws as many bits as the type has and rounds after
/// every step, so that they are not the rounded ones of Float32.
/// </summary>
internal readonly struct ReducedNumbers(ScalarType type)
{
    private readonly int _digits = type == ScalarType.Float16 ? 11 : 8;

    private float Round(double value) => type == ScalarType.Float16 ? (float)(Half)(float)value : new BFloat16((float)value).ToSingle();

    public unsafe void Uniform(MersenneTwister random, float* values, long count, double from, double to)
    {
        float start = Round(from), range = Round(Round(to) - start);
        for (long i = 0; i < count; i++)
            values[i] = Round((random.Next() & (1u << _digits) - 1) / (float)(1 << _digits) * range + start);
    }

    /// <summary>As <see cref="Distributions.Normal(MersenneTwister, float*, long, double, double)"/>: fewer than 16 one at a time, from 16 on in groups.</summary>
    public unsafe void Normal(MersenneTwister random, float* values, long count, double mean, double deviation)
    {
        if (count < 16)
        {
            for (long i = 0; i < count; i++)
                values[i] = Round(Distributions.NextNormal(random) * deviation + mean);
            return;
        }
        Uniform(random, values, count, 0, 1);
        for (long i = 0; i <= count - 16; i += 16)
            Transform(values + i, Round(mean), Round(deviation));
        if (count % 16 == 0)
            return;
        Uniform(random, values + count - 16, 16, 0, 1);
        Transform(values + count - 16, Round(mean), Round(deviation));
    }

    private unsafe void Transform(float* values, float mean, float deviation)
    {
        for (int i = 0; i < 8; i++)
        {
            float radius = Round(MathF.Sqrt(Round(-2 * Round(MathF.Log(Round(1 - values[i])))))), angle = Round(2 * Math.PI * values[i + 8]);
            values[i] = Round(Round(Round(radius * Round(MathF.Cos(angle))) * deviation) + mean);
            values[i + 8] = Round(Round(Round(radius * Round(MathF.Sin(angle))) * deviation) + mean);
        }
    }
}
