using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Course.Serving;

/// <summary>Answers with ONNX Runtime instead of TorchSharp: the same artefact, another engine.</summary>
public sealed class OnnxPredictor : IPredictor, IDisposable
{
    private static readonly string[] Inputs = ["input"], Outputs = ["probabilities"];

    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <param name="network">The artefact's architecture, to write it as ONNX.</param>
    /// <param name="threads">Threads of one call; 0 leaves it to ONNX Runtime.</param>
    /// <exception cref="OnnxExportException">A module cannot be written.</exception>
    /// <exception cref="ArtefactException">The weights do not fit, or the golden inputs are answered otherwise than when the model was saved.</exception>
    public OnnxPredictor(ModelArtefact artefact, nn.Module<Tensor, Tensor> network, int threads = 0)
    {
        Info = artefact.Info;
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        _session = new(artefact.ToOnnx(network), options);
    }

    public ArtefactInfo Info { get; }

    /// <summary>True: a session may be run by several threads.</summary>
    public bool IsConcurrent => true;

    public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
    {
        if (inputs.Count == 0)
            return [];
        int size = Info.Preprocessing.Count(), labels = Info.Labels.Count;
        float[] batch = new float[inputs.Count * size];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Length != size)
                throw new ArgumentException($"Input {i} has {inputs[i].Length} numbers; the model takes {size}.");
            inputs[i].CopyTo(batch, i * size);
        }
        using var input = OrtValue.CreateTensorValueFromMemory(batch, [inputs.Count, .. Info.Preprocessing.InputShape]);
        using var results = _session.Run(_options, Inputs, [input], Outputs);
        var values = results[0].GetTensorDataAsSpan<float>();
        var scores = new Scores[inputs.Count];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = new(values.Slice(i * labels, labels).ToArray());
        return scores;
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
