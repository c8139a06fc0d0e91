using static TorchSharp.torch;

namespace Course.Serving;

public sealed partial class ModelArtefact
{
    /// <summary>Takes a copy of the module's present state.</summary>
    public static ModelArtefact From(nn.Module module, ArtefactInfo info) =>
        new(info, [.. module.state_dict().Select(entry => StoredTensor.From(entry.Key, entry.Value))]);

    /// <summary>Copies the weights into a module. Nothing is changed unless everything fits.</summary>
    /// <param name="architecture">What the module is; refused when the artefact was made for something else.</param>
    /// <exception cref="ArtefactException">Another architecture, or a parameter that is missing, extra or of another shape or type.</exception>
    public void LoadInto(nn.Module module, string architecture)
    {
        if (!string.Equals(architecture, Info.Architecture, StringComparison.Ordinal))
            throw Mismatch($"it was saved for the architecture '{Info.Architecture}', this module is '{architecture}'");
        var stored = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var state = module.state_dict();
        foreach (var (name, target) in state)
        {
            if (!stored.TryGetValue(name, out var source)) throw Mismatch($"it has no parameter '{name}', which this module needs");
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

    private ArtefactException Mismatch(string what) =>
        new(ArtefactFault.Mismatch, $"The artefact '{Info.Name}' {Info.Version} does not fit: {what}. Build the module that the artefact was saved from, or load the right artefact.");
}
