using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Course.Serving;

/// <summary>Runs a network on raw inputs: prepares them as the artefact says, and turns the outputs into probabilities.</summary>
public sealed class ModelPredictor : IPredictor
{
    private readonly nn.Module<Tensor, Tensor> _network;

    /// <param name="artefact">Its weights are copied into <paramref name="network"/>.</param>
    /// <param name="network">Gives logits or log-probabilities, one for each label; is set to evaluation mode. Several threads may run it at once, so its <c>forward</c> must not change it.</param>
    /// <param name="architecture">What <paramref name="network"/> is; must be the artefact's.</param>
    /// <exception cref="ArtefactException">The weights do not fit, are infinite or not numbers, or the golden inputs are answered otherwise than when the model was saved.</exception>
    public ModelPredictor(ModelArtefact artefact, nn.Module<Tensor, Tensor> network, string architecture)
    {
        artefact.LoadInto(network, architecture);
        network.eval();
        LoadGate.CheckWeights(network, artefact.Info);
        artefact.CheckGolden(network);
        _network = network;
        Info = artefact.Info;
    }

    /// <summary>A predictor for an artefact whose architecture is one of <see cref="Architectures"/>.</summary>
    /// <exception cref="ArtefactException">As the constructor.</exception>
    /// <exception cref="ModelRefusedException">There is no such architecture, or the artefact says impossible things of itself.</exception>
    public static ModelPredictor Create(ModelArtefact artefact)
    {
        LoadGate.Check(artefact.Info);
        return new(artefact, Architectures.Create(artefact.Info.Architecture), artefact.Info.Architecture);
    }

    public ArtefactInfo Info { get; }

    /// <summary>True: the networks of the framework change nothing of themselves in evaluation mode.</summary>
    public bool IsConcurrent => true;

    public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
    {
        if (inputs.Count == 0)
            return [];
        var preprocessing = Info.Preprocessing;
        int size = preprocessing.Count();
        // (x·scale − mean) / std in one multiplication and one addition.
        var (factor, offset) = ((float)(preprocessing.Scale / preprocessing.Std), (float)(-preprocessing.Mean / preprocessing.Std));
        using var batch = empty([inputs.Count, .. preprocessing.InputShape]);
        // Straight into the tensor's memory: an array of a batch would be a large object, and those bring on collections of everything.
        var prepared = MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Length != size)
                throw new ArgumentException($"Input {i} has {inputs[i].Length} numbers; the model takes {size}.");
            Prepare(inputs[i], factor, offset, prepared.Slice(i * size, size));
        }
        return Forward(batch);
    }

    private static void Prepare(float[] raw, float factor, float offset, Span<float> prepared)
    {
        int i = 0;
        for (; i <= raw.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(raw, i) * factor + new Vector<float>(offset)).CopyTo(prepared[i..]);
        for (; i < raw.Length; i++)
            prepared[i] = raw[i] * factor + offset;
    }

    private Scores[] Forward(Tensor batch)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        // softmax turns logits and log-probabilities alike into probabilities: it ignores a common offset.
        var probabilities = nn.functional.softmax(_network.forward(batch), dim: 1).cpu();
        int labels = Info.Labels.Count;
        if (probabilities.shape is not [var rows, var columns] || rows != batch.shape[0] || columns != labels)
            throw new InvalidOperationException($"The network gave [{string.Join(", ", probabilities.shape)}] for {batch.shape[0]} inputs; {labels} labels need [{batch.shape[0]}, {labels}].");
        float[] values = probabilities.data<float>().ToArray();
        var scores = new Scores[rows];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = new Scores(values[(i * labels)..((i + 1) * labels)]);
        return scores;
    }
}
