using static TorchSharp.torch;

namespace Course;

public sealed partial class ModelArtefact
{
    /// <summary>The largest difference of a probability that another processor or engine may cause.</summary>
    private const double GoldenTolerance = 1e-3;

    /// <summary>Takes a copy of the module's present state.</summary>
    /// <param name="module">For golden inputs it must give logits or log-probabilities, one for each label.</param>
    /// <param name="golden">Raw inputs [n, input shape], whose answers are stored with the weights; null for none.</param>
    public static ModelArtefact From(nn.Module module, ArtefactInfo info, Tensor? golden = null)
    {
        StoredTensor[] weights = [.. module.state_dict().Select(entry => StoredTensor.From(entry.Key, entry.Value))];
        if (golden is null)
            return Create(info, weights);
        if (module is not nn.Module<Tensor, Tensor> network)
            throw new ArgumentException($"Golden answers need a module from tensor to tensor; this is a {module.GetType().Name}.", nameof(module));
        using var answers = Answers(network, golden, info);
        return Create(info, weights, [StoredTensor.From("inputs", golden), StoredTensor.From("answers", answers)]);
    }

    /// <summary>Copies the weights into a module. Nothing is changed unless everything fits.</summary>
    /// <param name="architecture">What the module is; refused when the artefact was made for something else.</param>
    /// <exception cref="ArtefactException">Another architecture, or a parameter that is missing, extra or of another shape or type.</exception>
    public void LoadInto(nn.Module module, string architecture)
    {
        if (!string.Equals(architecture, Info.Architecture, StringComparison.Ordinal))
            throw Mismatch($"it was saved for the architecture '{Info.Architecture}', this module is '{architecture}'");
        var stored = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var state = module.state_dict();
        foreach (var (name, target) in state)
        {
            if (!stored.TryGetValue(name, out var source))
                throw Mismatch($"it has no parameter '{name}', which this module needs");
            if (!source.Shape.SequenceEqual(target.shape) || source.Type != StoredTensor.TypeOf(target))
                throw Mismatch($"parameter '{name}' is {source.Describe()} in the artefact and [{string.Join(", ", target.shape)}] {StoredTensor.TypeOf(target)} in this module");
        }
        if (stored.Keys.FirstOrDefault(name => !state.ContainsKey(name)) is { } extra)
            throw Mismatch($"it has a parameter '{extra}', which this module lacks");

        using var _ = no_grad();
        foreach (var (name, target) in state)
        {
            using var source = stored[name].ToTensor();
            target.copy_(source);
        }
    }

    /// <summary>
    /// Lets a module answer the golden inputs and compares with what was stored: weights that fit may still be computed with wrongly.
    /// </summary>
    /// <returns>The largest difference of a probability; 0 when no golden inputs are stored.</returns>
    /// <exception cref="ArtefactException">An answer differs by more than a thousandth.</exception>
    public double CheckGolden(nn.Module<Tensor, Tensor> module)
    {
        if (Golden is not [var inputs, var answers])
            return 0;
        using var scope = NewDisposeScope();
        var differences = (Answers(module, inputs.ToTensor(), Info) - answers.ToTensor()).abs();
        double largest = differences.max().Number();
        return largest <= GoldenTolerance ? largest : throw new ArtefactException(ArtefactFault.WrongAnswers, FormattableString.Invariant(
            $"'{Info.Name}' {Info.Version}: golden input {differences.amax([1]).argmax().item<long>()} is answered otherwise than when the model was saved (a probability differs by {largest:G3}). Does the module do what '{Info.Architecture}' did?"));
    }

    private static Tensor Answers(nn.Module<Tensor, Tensor> module, Tensor raw, ArtefactInfo info)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        bool training = module.training;
        module.eval();
        var answers = nn.functional.softmax(module.call(info.Preprocessing.Apply(raw)), dim: 1);
        module.train(training);
        return answers.MoveToOuterDisposeScope();
    }

    private ArtefactException Mismatch(string what) =>
        new(ArtefactFault.Mismatch, $"The artefact '{Info.Name}' {Info.Version} does not fit: {what}. Build the module that the artefact was saved from, or load the right artefact.");
}
