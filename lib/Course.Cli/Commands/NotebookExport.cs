using System.Text.Json;
using Course.Base;
using Course.Book;
using Course.Book.Pages;
using Course.Cli.Exporting;
using Course.Notebooks;
using Course.Notebooks.Export;

namespace Course.Cli.Commands;

/// <summary><c>course export</c> of a notebook.</summary>
internal static class NotebookExport
{
    public static readonly string[] Formats = ["cs", "dib", "md", "html", "ipynb"];

    /// <summary>Endings of files that are read as notebooks.</summary>
    public static readonly string[] Sources = [".ipynb", ".dib", ".cs"];

    public static async Task<int> RunAsync(FileInfo source, string format, FileInfo? result, bool force, bool json, CancellationToken cancel)
    {
        if (!source.Exists)
            throw new WrongUseException($"there is no file '{source.FullName}'; name a notebook ({string.Join(", ", Sources)}).");
        string target = result?.FullName ?? Path.GetFullPath(Path.ChangeExtension(source.Name, format));
        if (target == source.FullName)
            throw new WrongUseException($"'{source.Name}' would be written over by itself; name another file with --out.");
        if (!force && File.Exists(target))
            throw new WrongUseException($"{target} is already there; --force writes over it, --out names another file.");
        try
        {
            var notebook = Read(source);
            var problems = await WriteAsync(notebook, format, target, cancel);
            foreach (string problem in problems)
                Console.Error.WriteLine($"course: {problem}");
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(new { file = target, bytes = new FileInfo(target).Length, cells = notebook.Cells.Count, problems }));
            else
                Console.WriteLine($"{notebook.Cells.Count} cells written: {target}");
            return problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is NotebookFormatException or BookException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private static Notebook Read(FileInfo source) => source.Extension switch
    {
        ".dib" => DibFile.Read(File.ReadAllText(source.FullName), source.FullName),
        ".cs" => ProgramFile.Read(File.ReadAllText(source.FullName), source.FullName),
        _ => Notebook.Read(source.FullName),
    };

    /// <returns>What could not be shown.</returns>
    private static async Task<IReadOnlyList<string>> WriteAsync(Notebook notebook, string format, string target, CancellationToken cancel)
    {
        switch (format)
        {
            case "ipynb":
                notebook.Write(target);
                return [];
            case "cs":
                AtomicFile.WriteAllText(target, NotebookProgram.Write(notebook, target, Repository("whose libraries a program uses")));
                return [];
            case "dib":
                AtomicFile.WriteAllText(target, DibFile.Write(notebook));
                return [];
            case "md":
                var markdown = MarkdownFile.Write(notebook, Path.GetFileNameWithoutExtension(target) + ".files");
                foreach (var (name, bytes) in markdown.Figures)
                    AtomicFile.Write(Path.Combine(Path.GetDirectoryName(target)!, name), stream => stream.Write(bytes));
                AtomicFile.WriteAllText(target, markdown.Text);
                return [];
            default:
                var page = new SinglePage(Repository("from whose libraries a page tells the names in code"), DataFolders.FromEnvironment().Cache);
                AtomicFile.WriteAllText(target, await page.HtmlAsync(notebook, cancel));
                return page.Problems;
        }
    }

    private static string Repository(string use)
    {
        string folder = Directory.GetCurrentDirectory();
        return Checkout.Above(folder) ?? throw new WrongUseException($"there is no repository of the course (Course.sln) in or above {folder}, {use}.");
    }
}
