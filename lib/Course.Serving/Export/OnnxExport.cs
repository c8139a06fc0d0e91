using System.Text.Json;
using static TorchSharp.torch;

namespace Course.Serving;

/// <summary>Writes networks and artefacts as ONNX files.</summary>
public static class OnnxExport
{
    /// <summary>A network as the bytes of an <c>.onnx</c> file: input "input" [batch, shape], output "output".</summary>
    /// <param name="shape">Shape of one input, without the batch.</param>
    /// <param name="writers">How modules of one's own are written.</param>
    /// <exception cref="OnnxExportException">A module cannot be written; the message names it and its place.</exception>
    public static byte[] ToOnnx(nn.Module<Tensor, Tensor> network, IReadOnlyList<long> shape, OnnxModules? writers = null) => Evaluated(network, () =>
    {
        using var graph = new OnnxGraph(network.GetName(), writers);
        graph.Output(graph.Module(network, graph.Input("input", shape)), "output");
        return graph.ToBytes();
    });

    /// <summary>
    /// A model as the bytes of an <c>.onnx</c> file: raw inputs "input" [batch, shape] as the artefact's preprocessing takes them,
    /// "probabilities" [batch, labels]. Preprocessing and softmax travel inside, so that no client can forget them; labels, version and
    /// checksum as metadata.
    /// </summary>
    /// <param name="network">Its architecture; the artefact's weights are loaded into it.</param>
    /// <exception cref="ArtefactException">The weights do not fit.</exception>
    /// <exception cref="OnnxExportException">A module cannot be written.</exception>
    public static byte[] ToOnnx(this ModelArtefact artefact, nn.Module<Tensor, Tensor> network, OnnxModules? writers = null)
    {
        var (info, preprocessing) = (artefact.Info, artefact.Info.Preprocessing);
        artefact.LoadInto(network, info.Architecture);
        return Evaluated(network, () =>
        {
            using var graph = new OnnxGraph(info.Name, writers);
            using var gradients = no_grad();
            var raw = graph.Input("input", preprocessing.InputShape);
            // One multiplication and one addition: (x·scale − mean) / std.
            float factor = (float)(preprocessing.Scale / preprocessing.Std), offset = (float)(-preprocessing.Mean / preprocessing.Std);
            var scaled = graph.Node("Mul", raw.Sample * factor, [raw.Name, graph.Constant(tensor(factor), "scale")]);
            var prepared = graph.Node("Add", scaled.Sample + offset, [scaled.Name, graph.Constant(tensor(offset), "offset")]);
            var scores = graph.Module(network, prepared);
            graph.Output(graph.Node("Softmax", nn.functional.softmax(scores.Sample, 1), [scores.Name], ("axis", 1L)), "probabilities");
            return graph.ToBytes(new Dictionary<string, string>
            {
                ["name"] = info.Name,
                ["version"] = info.Version,
                ["architecture"] = info.Architecture,
                ["labels"] = JsonSerializer.Serialize(info.Labels),
                ["checksum"] = artefact.Checksum,
            });
        });
    }

    private static byte[] Evaluated(nn.Module network, Func<byte[]> write)
    {
        bool training = network.training;
        network.eval();
        try
        {
            return write();
        }
        finally
        {
            network.train(training);
        }
    }
}
