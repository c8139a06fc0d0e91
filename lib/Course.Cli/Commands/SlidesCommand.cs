using System.CommandLine;
using Course.Base;
using Course.Book;
using Course.Book.Slides;
using Course.Notebooks;

namespace Course.Cli.Commands;

/// <summary><c>course slides</c>: an executed notebook as a deck of slides.</summary>
internal static class SlidesCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("notebook") { Description = "An executed notebook, such as one of artifacts/run/notebooks." };
        var output = new Option<string?>("--out") { Description = "The deck, .html (default: artifacts/slides/NOTEBOOK.html)." };
        Inputs.NotEmpty(output);
        var command = new Command("slides", "Make one HTML file of slides from an executed notebook, with figures, mathematics and the teacher's notes for the speaker (key S).\n\nExample: course slides artifacts/run/notebooks/03-linear-regression.ipynb") { path, output };
        command.SetAction(async (parsed, cancel) =>
        {
            string folder = Directory.GetCurrentDirectory(), notebook = parsed.GetValue(path)!;
            string repository = Checkout.Above(folder)
                ?? throw new WrongUseException($"there is no repository of the course (Course.sln) in or above {folder}.");
            if (!File.Exists(notebook))
                throw new WrongUseException($"{notebook} does not exist; name an executed notebook.");
            string target = parsed.GetValue(output) ?? Path.Combine(repository, "artifacts", "slides", Path.GetFileNameWithoutExtension(notebook) + ".html");
            try
            {
                var deck = new SlideDeck(repository, DataFolders.FromEnvironment().Cache);
                string page = await deck.HtmlAsync(Notebook.Read(Path.GetFullPath(notebook)), cancel);
                AtomicFile.WriteAllText(target, page);
                foreach (string problem in deck.Problems)
                    Console.Error.WriteLine(problem);
                Console.Out.WriteLine(target);
                return deck.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
            catch (Exception e) when (e is BookException or NotebookFormatException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"course: {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
