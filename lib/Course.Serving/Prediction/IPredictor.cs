namespace Course.Serving;

/// <summary>Answers to one input: a probability for every label.</summary>
/// <param name="Probabilities">In the order of the labels; they sum to one.</param>
public sealed record Scores(IReadOnlyList<float> Probabilities)
{
    /// <summary>Index of the most probable label.</summary>
    public int Best()
    {
        int best = 0;
        for (int i = 1; i < Probabilities.Count; i++)
        {
            if (Probabilities[i] > Probabilities[best])
                best = i;
        }
        return best;
    }

    /// <summary>False when a probability is infinite or not a number.</summary>
    internal bool IsFinite()
    {
        for (int i = 0; i < Probabilities.Count; i++)
        {
            if (!float.IsFinite(Probabilities[i]))
                return false;
        }
        return true;
    }
}

/// <summary>Something that turns raw inputs into probabilities, several at a time. The service makes one call at a time, from any thread.</summary>
public interface IPredictor
{
    ArtefactInfo Info { get; }

    /// <summary>One answer for each input, in the same order.</summary>
    /// <param name="inputs">Raw values; each has <see cref="Preprocessing.Count"/> numbers. They are the predictor's during the call only: afterwards other numbers may be in the same arrays.</param>
    IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs);
}
