using System.CommandLine;
using System.Text.Json;
using Course.Base;
using Course.Classroom;
using Course.Classroom.Editions;
using Course.Cli.Running;
using Course.Notebooks;

namespace Course.Cli.Commands;

/// <summary><c>course student</c>: the notebooks as learners get them.</summary>
internal static class StudentCommand
{
    public static Command Create()
    {
        var paths = Inputs.Notebooks("Notebooks or folders; none means the notebooks/ of this repository.");
        var output = new Option<string?>("--out") { Description = "Folder of the edition (default: artifacts/student)." };
        var command = new Option<bool>("--with-command") { Description = "Also copy the course command (60 MB), so that learners need only .NET: dotnet course/Course.Cli.dll run --student notebooks." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object: {folder, notebooks, exercises, removed}." };
        Inputs.NotEmpty(output);
        var result = new Command("student", "Write the student edition: without solutions, teacher's notes and hidden tests, with its own libraries.\n\nExample: course student --out handout notebooks/03-linear-regression.ipynb")
        {
            paths, output, command, json,
        };
        result.SetAction(parsed => Run(parsed.GetValue(paths) ?? [], parsed.GetValue(output), parsed.GetValue(command), parsed.GetValue(json)));
        return result;
    }

    private static int Run(string[] paths, string? output, bool withCommand, bool json)
    {
        string folder = Directory.GetCurrentDirectory();
        string repository = Checkout.Above(folder) ?? throw new WrongUseException($"there is no repository of the course (Course.sln) in or above {folder}.");
        string target = Path.GetFullPath(output ?? Path.Combine(repository, "artifacts", "student"));
        try
        {
            var made = new StudentEdition(repository, BuiltEngine.Name).Write(NotebookPaths.Find(paths, folder, target), target, withCommand ? AppContext.BaseDirectory : null);
            Console.Out.WriteLine(json ? JsonSerializer.Serialize(made, JsonSerializerOptions.Web)
                : $"{made.Notebooks} notebooks with {made.Exercises} exercises, {made.Removed} cells left out: {made.Folder}\nTry it: course run --student {Path.Combine(made.Folder, "notebooks")}");
            return ExitCode.Done;
        }
        catch (Exception e) when (e is ClassroomException or NotebookFormatException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
