using static TorchSharp.torch;

namespace Course.Serving.Tests;

/// <summary>Artefacts of a single weight.</summary>
internal static class SmallModel
{
    public static ModelArtefact Of(string version, float weight = 1, string name = "brightness")
    {
        using var module = nn.Linear(1, 1, hasBias: false);
        using (no_grad())
            module.weight.fill_(weight);
        return ModelArtefact.From(module, BrightnessPredictor.SmallInfo with
        {
            Name = name,
            Version = version,
            Created = DateTimeOffset.UnixEpoch,
            Metrics = new Dictionary<string, double> { ["accuracy"] = weight },
        });
    }
}
