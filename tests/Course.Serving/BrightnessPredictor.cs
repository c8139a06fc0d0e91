namespace Course.Serving.Tests;

/// <summary>A model small enough to check by hand: two pixels, "bright" with probability mean / 255.</summary>
internal sealed class BrightnessPredictor : IPredictor
{
    public static ArtefactInfo SmallInfo { get; } = new()
    {
        Name = "brightness",
        Version = "1.2.0",
        Architecture = "mean",
        Labels = ["dark", "bright"],
        Preprocessing = new Preprocessing { InputShape = [2] },
    };

    private readonly Lock _gate = new();
    private volatile bool _isHeld;

    /// <summary>Sizes of the batches computed so far, the warm-up included.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>What the last call was given, or the present one.</summary>
    public IReadOnlyList<float[]> Inputs { get; private set; } = [];

    /// <summary>Awaited before each batch that brings an input brighter than 0; set it to hold the service up.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Whether a batch waits at the gate.</summary>
    public bool IsHeld => _isHeld;

    public ArtefactInfo Info => SmallInfo;

    public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
    {
        Inputs = inputs;
        if (inputs.Any(input => input.Sum() > 0))
        {
            _isHeld = !Gate.IsCompleted;
            Gate.Wait();
            _isHeld = false;
        }
        if (inputs.Any(input => input[0] == 13))
            throw new InvalidOperationException("secret inner detail");
        lock (_gate)
            Batches.Add(inputs.Count);
        return [.. inputs.Select(input => input.Average() / 255).Select(bright => new Scores([1 - bright, bright]))];
    }
}
