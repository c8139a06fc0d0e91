namespace Course.Serving;

/// <summary>Body of <c>POST /v1/predict</c>: the raw numbers of one input.</summary>
public sealed record PredictRequest(float[] Input);

/// <summary>Body of <c>POST /v1/predict/batch</c>.</summary>
public sealed record PredictBatchRequest(float[][] Inputs);

/// <summary>The answer to one input.</summary>
/// <param name="Label">The most probable label.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Probabilities">All of them, by label.</param>
/// <param name="Model">Name and version of the model that answered.</param>
public sealed record Prediction(string Label, float Probability, IReadOnlyDictionary<string, float> Probabilities, string Model)
{
    internal static Prediction From(Scores scores, ArtefactInfo info)
    {
        int best = scores.Best();
        var all = info.Labels.Select((label, i) => KeyValuePair.Create(label, scores.Probabilities[i]));
        return new Prediction(info.Labels[best], scores.Probabilities[best], new Dictionary<string, float>(all), $"{info.Name} {info.Version}");
    }
}

/// <summary>Answer of <c>POST /v1/predict/batch</c>, in the order of the inputs.</summary>
public sealed record PredictBatchResponse(IReadOnlyList<Prediction> Predictions);

/// <summary>Answer of <c>/health</c> and <c>/ready</c>.</summary>
public sealed record StatusResponse(string Status);
