using static TorchSharp.torch;

namespace Course.Serving;

/// <summary>Runs a network on raw inputs: prepares them as the artefact says, and turns the outputs into probabilities.</summary>
public sealed class ModelPredictor : IPredictor
{
    private readonly nn.Module<Tensor, Tensor> network;
    private readonly Lock gate = new();

    /// <param name="artefact">Its weights are copied into <paramref name="network"/>.</param>
    /// <param name="network">Gives logits or log-probabilities, one for each label; is set to evaluation mode.</param>
    /// <param name="architecture">What <paramref name="network"/> is; must be the artefact's.</param>
    /// <exception cref="ArtefactException">The weights do not fit, or the golden inputs are answered otherwise than when the model was saved.</exception>
    public ModelPredictor(ModelArtefact artefact, nn.Module<Tensor, Tensor> network, string architecture)
    {
        artefact.LoadInto(network, architecture);
        network.eval();
        artefact.CheckGolden(network);
        this.network = network;
        Info = artefact.Info;
    }

    public ArtefactInfo Info { get; }

    public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
    {
        if (inputs.Count == 0) return [];
        var preprocessing = Info.Preprocessing;
        int size = preprocessing.Count();
        var batch = new float[inputs.Count * size];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Length != size) throw new ArgumentException($"Input {i} has {inputs[i].Length} numbers; the model takes {size}.");
            for (int j = 0; j < size; j++) batch[i * size + j] = preprocessing.Apply(inputs[i][j]);
        }
        return Forward(batch, [inputs.Count, .. preprocessing.InputShape]);
    }

    private Scores[] Forward(float[] batch, long[] shape)
    {
        lock (gate)
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            // softmax turns logits and log-probabilities alike into probabilities: it ignores a common offset.
            var probabilities = nn.functional.softmax(network.forward(tensor(batch).reshape(shape)), dim: 1).cpu();
            int labels = Info.Labels.Count;
            if (probabilities.shape is not [var rows, var columns] || rows != shape[0] || columns != labels)
                throw new InvalidOperationException($"The network gave [{string.Join(", ", probabilities.shape)}] for {shape[0]} inputs; {labels} labels need [{shape[0]}, {labels}].");
            var values = probabilities.data<float>().ToArray();
            return [.. Enumerable.Range(0, (int)shape[0]).Select(i => new Scores(values[(i * labels)..((i + 1) * labels)]))];
        }
    }
}
