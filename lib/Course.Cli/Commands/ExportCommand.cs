using System.CommandLine;
using System.Text.Json;
using Course.Serving;

namespace Course.Cli.Commands;

/// <summary><c>course export</c>: a model for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = new Argument<FileInfo>("model") { Description = "The model's file (.csmodel)." };
        var to = new Option<string>("--to") { Description = "The format: onnx.", Required = true };
        to.AcceptOnlyFromAmong("onnx");
        var result = new Option<FileInfo?>("--out") { Description = "The file to write (default: the model's name with .onnx, in this folder)." };
        Inputs.NotEmpty(result);
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("export", "Write a model as ONNX: raw inputs to probabilities, with its preprocessing, for any batch.\n\nExample: course export digits.csmodel --to onnx")
        {
            model,
            to,
            result,
            json,
        };
        command.SetAction(parsed => Export(parsed.GetValue(model)!, parsed.GetValue(result), parsed.GetValue(json)));
        return command;
    }

    private static int Export(FileInfo model, FileInfo? result, bool json)
    {
        if (!model.Exists) throw new WrongUseException($"there is no file '{model.FullName}'. Models lie in artifacts/models after chapter 04b has run.");
        var target = result?.FullName ?? Path.GetFullPath(Path.ChangeExtension(model.Name, ".onnx"));
        try
        {
            var artefact = ModelArtefact.Load(model.FullName);
            var bytes = artefact.ToOnnx(Architectures.Create(artefact.Info.Architecture));
            AtomicFile.Write(target, stream => stream.Write(bytes));
            if (json) Console.WriteLine(JsonSerializer.Serialize(new { file = target, bytes = bytes.Length, opset = OnnxGraph.Opset, name = artefact.Info.Name, version = artefact.Info.Version, checksum = artefact.Checksum }));
            else Console.WriteLine($"{artefact.Info.Name} {artefact.Info.Version} written as ONNX (opset {OnnxGraph.Opset}, {bytes.Length:N0} bytes): {target}");
            return ExitCode.Done;
        }
        catch (Exception e) when (e is ArtefactException or ModelRefusedException or OnnxExportException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
