using System.CommandLine;

namespace Course.Cli.Commands;

/// <summary><c>course export</c>: a model or a notebook for other programs, by the kind of its file.</summary>
internal static class ExportCommand
{
    private const string Onnx = "onnx";
    private static readonly string[] Formats = [Onnx, .. NotebookExport.Formats];

    public static Command Create()
    {
        var source = new Argument<FileInfo>("file") { Description = $"A model (.csmodel) or a notebook ({string.Join(", ", NotebookExport.Sources)}; executed or not)." };
        var to = new Option<string>("--to")
        {
            Description = "For a model onnx. For a notebook cs (a program: dotnet run FILE.cs; cells tagged requires: are left out as comments), dib (.NET Interactive), md (Markdown to read, with figures beside it), html (one page with all that it needs), "
                + "ipynb (back from what was exported: same cells, ids and tags).",
            Required = true,
        };
        to.AcceptOnlyFromAmong(Formats);
        var result = new Option<FileInfo?>("--out") { Description = "The file to write (default: the same name with the format's ending, in this folder)." };
        Inputs.NotEmpty(result);
        var force = new Option<bool>("--force") { Description = "Write over a file that is already there (a model's is always written over)." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("export", "Write a model as ONNX (raw inputs to probabilities, with its preprocessing, for any batch), or a notebook in another shape.\n\nExamples:\n"
            + "  course export digits.csmodel --to onnx\n  course export artifacts/run/notebooks/03-linear-regression.ipynb --to html\n  course export notebooks/03-linear-regression.ipynb --to cs\n  course export 03-linear-regression.cs --to ipynb")
        {
            source,
            to,
            result,
            force,
            json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var file = parsed.GetValue(source)!;
            string format = parsed.GetValue(to)!;
            if ((format == Onnx) == NotebookExport.Sources.Contains(file.Extension))
                throw new WrongUseException($"'{file.Name}' cannot become {format}: a model (.csmodel) becomes onnx, a notebook ({string.Join(", ", NotebookExport.Sources)}) becomes {string.Join(", ", NotebookExport.Formats)}.");
            return format == Onnx ? ModelExport.Run(file, parsed.GetValue(result), parsed.GetValue(json))
                : await NotebookExport.RunAsync(file, format, parsed.GetValue(result), parsed.GetValue(force), parsed.GetValue(json), cancel);
        });
        return command;
    }
}
