using System.Text.Json;
using Course.Base;
using Course.Serving;

namespace Course.Cli.Commands;

/// <summary><c>course export</c> of a model.</summary>
internal static class ModelExport
{
    public static int Run(FileInfo model, FileInfo? result, bool json)
    {
        if (!model.Exists)
            throw new WrongUseException($"there is no file '{model.FullName}'. Models lie in artifacts/models after chapter 04b has run.");
        string target = result?.FullName ?? Path.GetFullPath(Path.ChangeExtension(model.Name, ".onnx"));
        try
        {
            var artefact = ModelArtefact.Load(model.FullName);
            using var network = Architectures.Create(artefact.Info.Architecture);
            byte[] bytes = artefact.ToOnnx(network);
            AtomicFile.Write(target, stream => stream.Write(bytes));
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(new { file = target, bytes = bytes.Length, opset = OnnxGraph.Opset, name = artefact.Info.Name, version = artefact.Info.Version, checksum = artefact.Checksum }));
            else
                Console.WriteLine($"{artefact.Info.Name} {artefact.Info.Version} written as ONNX (opset {OnnxGraph.Opset}, {bytes.Length:N0} bytes): {target}");
            return ExitCode.Done;
        }
        catch (Exception e) when (e is ArtefactException or ModelRefusedException or OnnxExportException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
