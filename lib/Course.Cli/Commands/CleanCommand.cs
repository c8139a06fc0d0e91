using System.CommandLine;
using Course.Base;
using Course.Notebooks;
using Course.Notebooks.Clean;

namespace Course.Cli.Commands;

/// <summary><c>course clean</c>: strips what running and editing leave in notebooks.</summary>
internal static class CleanCommand
{
    public static Command Create()
    {
        var paths = Inputs.Notebooks("Notebooks or folders; none means the notebooks/ of this repository.");
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would change; exit code 1 when something would." };
        var command = new Command("clean", "Strip outputs, give missing ids, restore the metadata, mend line ends.\n\nExample: course clean notebooks/03-linear-regression.ipynb") { paths, dry };
        command.SetAction(parsed => Run(parsed.GetValue(paths) ?? [], parsed.GetValue(dry)));
        return command;
    }

    private static int Run(string[] paths, bool dry)
    {
        string folder = Directory.GetCurrentDirectory();
        string? repository = Checkout.Above(folder);
        int dirty = 0, unreadable = 0;
        foreach (string path in NotebookPaths.Find(paths, folder))
        {
            try
            {
                var notebook = Notebook.Read(path);
                string before = File.ReadAllText(path);
                var changes = NotebookClean.Clean(notebook);
                if (changes.Count == 0 && notebook.ToString() == before)
                    continue;
                dirty++;
                if (!dry)
                    notebook.Write(path);
                Console.Out.WriteLine($"{NotebookPaths.Display(path, repository)}: {(changes.Count == 0 ? "layout of the file" : string.Join("; ", changes))}");
            }
            catch (NotebookFormatException e)
            {
                unreadable++;
                Console.Error.WriteLine($"course: {e.Message}");
            }
        }
        Console.Out.WriteLine(dirty == 0 ? "nothing to clean" : dry ? $"{dirty} notebooks would change" : $"{dirty} notebooks cleaned");
        return unreadable > 0 || dry && dirty > 0 ? ExitCode.Failed : ExitCode.Done;
    }
}
