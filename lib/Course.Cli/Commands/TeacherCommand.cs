using System.CommandLine;
using Course.Base;
using Course.Classroom;
using Course.Classroom.Teaching;
using Course.Notebooks;

namespace Course.Cli.Commands;

/// <summary><c>course teacher</c>: all notes for the teacher on one page.</summary>
internal static class TeacherCommand
{
    public static Command Create()
    {
        var paths = Inputs.Notebooks("Notebooks or folders; none means the notebooks/ of this repository.");
        var output = new Option<string?>("--out") { Description = "The page, .html or .md (default: artifacts/teacher.html)." };
        Inputs.NotEmpty(output);
        var command = new Command("teacher", "Collect the notes for the teacher into one page, with a plan for one day and one for eight weeks.\n\nExample: course teacher --out teacher.md") { paths, output };
        command.SetAction(parsed =>
        {
            string folder = Directory.GetCurrentDirectory();
            string target = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(Checkout.Above(folder) ?? folder, "artifacts", "teacher.html"));
            if (Path.GetExtension(target) is not (".html" or ".md"))
                throw new WrongUseException($"--out {target}: the page is written as .html or .md.");
            try
            {
                var notebooks = NotebookPaths.Find(parsed.GetValue(paths) ?? [], folder).Select(Notebook.Read).ToList();
                string page = TeacherPage.Markdown(notebooks, n => Path.GetRelativePath(Path.GetDirectoryName(target)!, n.Path).Replace('\\', '/'));
                AtomicFile.WriteAllText(target, target.EndsWith(".md", StringComparison.Ordinal) ? page : TeacherPage.Html(page));
                Console.Out.WriteLine(target);
                return ExitCode.Done;
            }
            catch (Exception e) when (e is ClassroomException or NotebookFormatException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"course: {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
