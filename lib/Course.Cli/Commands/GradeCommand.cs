using System.CommandLine;
using Course.Base;
using Course.Classroom;
using Course.Classroom.Grading;
using Course.Cli.Running;
using Course.Notebooks;
using Course.Session.Host;

namespace Course.Cli.Commands;

/// <summary><c>course grade</c>: points and feedback for a folder of submissions.</summary>
internal static class GradeCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "Folder with the submissions: one notebook, or one folder with notebooks, for each student." };
        var notebooks = new Option<string[]>("--notebooks") { Description = "The teacher's notebooks or folders of them (default: the notebooks/ of this repository). A submission is graded by the one whose exercises it has.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { Description = "Folder of grades.json, from which a later call takes what has not changed (default: artifacts/grades)." };
        var csv = new Option<string?>("--csv") { Description = "Also write the points as CSV, a line for each exercise of each submission." };
        var html = new Option<string?>("--html") { Description = "Also write a page of feedback for each submission into this folder." };
        var seconds = new Option<double>("--answer-timeout") { Description = "Seconds for each cell of a learner's, and for each check cell.", DefaultValueFactory = _ => 30 };
        var memory = new Option<double>("--memory") { Description = "Megabytes that one session may hold.", DefaultValueFactory = _ => 2048 };
        var processor = new Option<double>("--processor-timeout") { Description = "Seconds of processor time for one session.", DefaultValueFactory = _ => 600 };
        var anyApi = new Option<bool>("--any-api") { Description = "Also run answers that use files, threads, processes or reflection: for exercises that need them and a class that you trust. Such an answer can forge its grade." };
        var jobs = new Option<int>("--jobs") { Description = "Submissions graded at the same time (default: the number of cores).", DefaultValueFactory = _ => Environment.ProcessorCount };
        var json = new Option<bool>("--json") { Description = "Print grades.json instead of the table." };
        Inputs.NotEmpty(output, csv, html);
        Inputs.Positive(86_400, seconds, processor);
        Inputs.Positive(1 << 20, memory);
        Inputs.Positive(1024, jobs);
        var command = new Command("grade", "Grade a folder of submissions: the learner's answers in the teacher's notebook, each in a session of its own.\n\nExample: course grade submissions --notebooks notebooks/03-linear-regression.ipynb --csv grades.csv --html feedback")
        {
            folder, notebooks, output, csv, html, seconds, processor, memory, anyApi, jobs, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string here = Directory.GetCurrentDirectory();
            string target = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(Checkout.Above(here) ?? here, "artifacts", "grades"));
            string book = Path.Combine(target, "grades.json");
            try
            {
                var teachers = NotebookPaths.Find(parsed.GetValue(notebooks) ?? [], here, target).Select(Notebook.Read).ToList();
                var options = new GradingOptions
                {
                    Engine = BuiltEngine.Name,
                    AnswerLimit = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    ProcessorLimit = TimeSpan.FromSeconds(parsed.GetValue(processor)),
                    AnyApi = parsed.GetValue(anyApi),
                    MemoryLimit = (long)(parsed.GetValue(memory) * (1 << 20)),
                    Jobs = parsed.GetValue(jobs),
                };
                var earlier = File.Exists(book) ? GradeBook.FromJson(await File.ReadAllTextAsync(book, cancel)) : null;
                int done = 0;
                var grades = await new ClassGrader(teachers, options, earlier).GradeAsync(Path.GetFullPath(parsed.GetValue(folder)!), (grade, soFar) =>
                {
                    AtomicFile.WriteAllText(book, soFar.ToJson());
                    if (parsed.GetValue(html) is { } pages)
                        AtomicFile.WriteAllText(Path.Combine(pages, Page(grade)), StudentPage.Html(grade));
                    Console.Error.WriteLine($"{++done} {grade.Student} {grade.Notebook}: {grade.Points}/{grade.Of}, {grade.Seconds:0.0} s");
                }, cancel);
                Console.Error.WriteLine($"limits of each session: {string.Join(", ", grades.Limits)}{(grades.NotConfined.Count == 0 ? "" : $"\nnot confined on this system: {string.Join("; ", grades.NotConfined)}")}");
                if (parsed.GetValue(csv) is { } file)
                    AtomicFile.WriteAllText(file, GradeTable.Csv(grades));
                Console.Out.Write(parsed.GetValue(json) ? grades.ToJson() : $"{GradeTable.Text(grades)}{book}\n");
                return ExitCode.Done;
            }
            catch (Exception e) when (e is ClassroomException or NotebookFormatException or NotebookPathException or SessionStartException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"course: {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    /// <summary>Student and notebook; a student whose file bears no other name than the notebook's is named once.</summary>
    private static string Page(SubmissionGrade grade)
    {
        string notebook = Path.ChangeExtension(grade.Notebook, null).Replace('/', '-');
        return (grade.Student == notebook ? notebook : $"{grade.Student}-{notebook}") + ".html";
    }
}
