namespace Course;

/// <summary>Everything about a model that is not a weight: what it is called, what it eats and what its answers mean.</summary>
public sealed record ArtefactInfo
{
    public required string Name { get; init; }

    /// <summary>Version of this model, for example "1.0.0"; the format of the file has a version of its own.</summary>
    public required string Version { get; init; }

    /// <summary>Which network the weights belong to, for example "reference-cnn"; checked when they are loaded.</summary>
    public required string Architecture { get; init; }

    /// <summary>What the outputs mean, in the order of the network's outputs.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Which data the model was trained on, in words, for the model card.</summary>
    public string Data { get; init; } = "not recorded";

    /// <summary>SHA-256 of the training data, in hexadecimal (<see cref="LabelledImages.Hash"/>).</summary>
    public string DataHash { get; init; } = "not recorded";

    /// <summary>The test data that are kept under seal for this model; null when there are none.</summary>
    public TestSeal? Seal { get; init; }

    /// <summary>Which library computed the weights.</summary>
    public string Engine { get; init; } = "not recorded";

    public DateTimeOffset Created { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Numbers measured before the model was saved, for example accuracy = 0.987.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <exception cref="ArgumentException">A field is empty or contradicts another one; the message names it.</exception>
    public void Validate()
    {
        foreach (var (field, value) in new[] { ("name", Name), ("version", Version), ("architecture", Architecture) })
        {
            if (string.IsNullOrWhiteSpace(value))
                throw new ArgumentException($"The artefact's {field} is empty.");
        }
        if (Labels is null || Labels.Count == 0)
            throw new ArgumentException("The artefact has no label names.");
        if (Labels.Distinct(StringComparer.Ordinal).Count() != Labels.Count)
            throw new ArgumentException("A label name occurs twice.");
        if (Preprocessing is null)
            throw new ArgumentException("The artefact says nothing about preprocessing.");
        if (Metrics is null)
            throw new ArgumentException("The artefact's metrics are null; an empty list says that nothing was measured.");
        if (Metrics.FirstOrDefault(metric => !double.IsFinite(metric.Value)) is { Key: { } name } metric)
            throw new ArgumentException($"The artefact's metric '{name}' is {Numbers.Text(metric.Value)}; metrics are finite numbers.");
        Preprocessing.Validate();
    }
}

/// <summary>Test data under seal: which they are, where their ledger lies, and what they had answered before the model was saved.</summary>
/// <param name="DataHash">SHA-256 of the test data, in hexadecimal.</param>
/// <param name="Ledger">Name of the ledger's file, beside the artefact.</param>
/// <param name="Questions">Questions answered before the model was saved; none, if the recipe was chosen on validation data.</param>
public sealed record TestSeal(string DataHash, string Ledger, IReadOnlyList<string> Questions);
