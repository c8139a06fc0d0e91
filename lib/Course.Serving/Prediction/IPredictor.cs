namespace Course.Serving;

/// <summary>Answers to one input: a probability for every label.</summary>
/// <param name="Probabilities">In the order of the labels; they sum to one.</param>
public sealed record Scores(IReadOnlyList<float> Probabilities)
{
    /// <summary>Index of the most probable label.</summary>
    public int Best()
    {
        var values = Values;
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }
        return best;
    }

    /// <summary>False when a probability is infinite or not a number.</summary>
    internal bool IsFinite()
    {
        foreach (float value in Values)
        {
            if (!float.IsFinite(value))
                return false;
        }
        return true;
    }

    /// <summary>The probabilities without a call of an interface for each.</summary>
    internal ReadOnlySpan<float> Values => Probabilities as float[] ?? [.. Probabilities];
}

/// <summary>Something that turns raw inputs into probabilities, several at a time. The service calls it from any thread, one call at a time unless it says that several may be made.</summary>
public interface IPredictor
{
    ArtefactInfo Info { get; }

    /// <summary>True when several threads may call <see cref="Predict"/> at the same time; two batches are then computed side by side.</summary>
    bool IsConcurrent => false;

    /// <summary>One answer for each input, in the same order.</summary>
    /// <param name="inputs">Raw values; each has <see cref="Preprocessing.Count"/> numbers. They are the predictor's during the call only: afterwards other numbers may be in the same arrays.</param>
    IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs);
}
