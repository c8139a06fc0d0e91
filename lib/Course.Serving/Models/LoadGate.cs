using TorchSharp;

namespace Course.Serving;

/// <summary>What a model must show before it is sent a client's input.</summary>
internal static class LoadGate
{
    /// <summary>Numbers of one input; more is a mistake or an attack, and is refused before anything of that size is allocated.</summary>
    public const long LargestInput = 1 << 22;

    /// <summary>Labels of a model, and characters of one.</summary>
    public const int MostLabels = 10_000, LongestText = 256;

    /// <summary>Checks what the artefact says of itself. Nothing is allocated for it.</summary>
    /// <exception cref="ModelRefusedException">A text is missing, too long or has control characters; a shape is out of bounds.</exception>
    public static void Check(ArtefactInfo info)
    {
        var labels = info.Labels ?? [];
        string model = $"The model '{Shown(info.Name)}' {Shown(info.Version)}";
        try
        {
            if (labels.Any(label => label is null))
                throw new ArgumentException("A label is null.");
            info.Validate();
        }
        catch (Exception fault) when (fault is ArgumentException or OverflowException or NullReferenceException)
        {
            throw new ModelRefusedException($"{model} is not served: {fault.Message}", fault);
        }
        foreach (var (what, text) in new[] { ("name", info.Name), ("version", info.Version), ("architecture", info.Architecture) }.Concat(labels.Select(label => ("label", label))))
        {
            if (text.Length is 0 or > LongestText || text.Any(char.IsControl))
                throw new ModelRefusedException($"{model} is not served: its {what} '{Shown(text)}' must have 1 to {LongestText} characters, none of them a control character.");
        }
        if (labels.Count > MostLabels)
            throw new ModelRefusedException($"{model} is not served: it has {labels.Count:N0} labels; at most {MostLabels:N0} are accepted.");
        if (info.Preprocessing.Count() > LargestInput)
            throw new ModelRefusedException($"{model} is not served: one input has {info.Preprocessing.Count():N0} numbers ({string.Join('×', info.Preprocessing.InputShape)}); at most {LargestInput:N0} are accepted.");
        if (info.Preprocessing.Scale == 0)
            throw new ModelRefusedException($"{model} is not served: its scale is 0, which makes all inputs the same.");
        if (!double.IsFinite(info.Preprocessing.Minimum) || !double.IsFinite(info.Preprocessing.Maximum) || Math.Abs(info.Preprocessing.Minimum) > float.MaxValue || Math.Abs(info.Preprocessing.Maximum) > float.MaxValue)
            throw new ModelRefusedException($"{model} is not served: raw values must lie between finite single-precision numbers.");
    }

    /// <summary>Lets the model answer both ends of the range of its inputs: probabilities, one for each label, that sum to one.</summary>
    /// <exception cref="ModelRefusedException">It throws, or gives anything else.</exception>
    public static void Try(IPredictor predictor)
    {
        var info = predictor.Info;
        int size = info.Preprocessing.Count();
        float[][] ends = new[] { info.Preprocessing.Minimum, info.Preprocessing.Maximum }.Select(value =>
        {
            float[] input = new float[size];
            input.AsSpan().Fill((float)value);
            return input;
        }).ToArray();
        IReadOnlyList<Scores> scores;
        try
        {
            scores = predictor.Predict(ends);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new ModelRefusedException($"The model '{info.Name}' {info.Version} is not served: it cannot answer its first input. {fault.Message}", fault);
        }
        bool sound = scores.Count == ends.Length && scores.All(one => one.Probabilities.Count == info.Labels.Count && one.IsFinite()
            && Math.Abs(one.Probabilities.Sum() - 1) < 1e-3 && one.Probabilities.All(p => p >= 0));
        if (!sound)
            throw new ModelRefusedException($"The model '{info.Name}' {info.Version} is not served: its answers to the smallest and the largest input are not {info.Labels.Count} probabilities that sum to one.");
    }

    /// <exception cref="ArtefactException">A weight is infinite or not a number.</exception>
    public static void CheckWeights(torch.nn.Module network, ArtefactInfo info)
    {
        foreach (var (name, weight) in network.state_dict())
        {
            using var scope = torch.NewDisposeScope();
            if (weight.is_floating_point() && !torch.isfinite(weight).all().item<bool>())
                throw new ArtefactException(ArtefactFault.Inconsistent, $"'{info.Name}' {info.Version}: the weight '{name}' holds numbers that are infinite or none. Train the model again; such a one answers nothing.");
        }
    }

    private static string Shown(string? text) =>
        text is null ? "" : string.Concat(text.Take(64).Select(c => char.IsControl(c) ? '?' : c));
}

/// <summary>A model that the service does not take. What was in service stays there.</summary>
public sealed class ModelRefusedException(string message, Exception? inner = null) : Exception(message, inner);
