using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Course.Base;
using Course.Classroom;
using Course.Classroom.Quizzes;
using Course.Notebooks;
using Spectre.Console;

namespace Course.Cli.Commands;

/// <summary><c>course quiz</c>: asks the questions of a chapter, and analyses answer files.</summary>
internal static class QuizCommand
{
    public static Command Create()
    {
        var chapter = new Argument<string?>("chapter") { Description = "A chapter's name or number, such as 03b or L1; without one the chapters are listed.", Arity = ArgumentArity.ZeroOrOne };
        var pre = new Option<bool>("--pre") { Description = "One question for each objective, for before the chapter." };
        var post = new Option<bool>("--post") { Description = "Two other questions for each objective, for after the chapter." };
        var html = new Option<string?>("--html") { Description = "Write the quiz as a page instead of asking it." };
        var output = new Option<string?>("--out") { Description = "The answer file (default: artifacts/quiz/CHAPTER-FORM-TIME.json)." };
        var name = new Option<string?>("--name") { Description = "Name or number of the learner, written into the answer file." };
        var analyse = new Option<string[]>("--analyse") { Description = "Answer files, or folders of them: difficulty and discrimination of each question.", AllowMultipleArgumentsPerToken = true };
        var json = new Option<bool>("--json") { Description = "With --analyse: as JSON." };
        Inputs.NotEmpty(html, output);
        var command = new Command("quiz", "Ask the questions of a chapter, or analyse the answers of a class.\n\nExamples: course quiz 03 --pre\n          course quiz 03 --html quiz.html\n          course quiz --analyse answers/")
            { chapter, pre, post, html, output, name, analyse, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(pre) && parsed.GetValue(post))
                throw new WrongUseException("--pre and --post are two quizzes; choose one, or none for all questions.");
            string repository = Checkout.Above(Directory.GetCurrentDirectory())
                ?? throw new WrongUseException("course quiz reads data/quizzes of the repository (Course.sln); run it inside.");
            var library = new QuizLibrary(repository);
            string form = parsed.GetValue(pre) ? QuizForm.Pre : parsed.GetValue(post) ? QuizForm.Post : QuizForm.All;
            try
            {
                if (parsed.GetValue(analyse) is { Length: > 0 } sheets)
                    Analyse(library, sheets, parsed.GetValue(json));
                else if (parsed.GetValue(chapter) is not { } wanted)
                    List(library);
                else if (parsed.GetValue(html) is { } page)
                {
                    AtomicFile.WriteAllText(page, QuizPage.Html(library.Bank(wanted), form));
                    Console.Out.WriteLine(page);
                }
                else
                {
                    var bank = library.Bank(wanted);
                    var sheet = new QuizTerminal(Console.In, Console.Out).Ask(bank, form, parsed.GetValue(name) ?? "");
                    string file = parsed.GetValue(output) ?? Path.Combine(repository, "artifacts", "quiz", $"{bank.Chapter}-{form}-{DateTime.Now:yyyyMMdd-HHmmss}.json");
                    sheet.Write(file);
                    Console.Out.WriteLine($"Your answers: {file}");
                }
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

    private static void List(QuizLibrary library)
    {
        var with = library.WithBank.ToHashSet();
        foreach (var notebook in library.Chapters)
        {
            string name = Path.GetFileNameWithoutExtension(notebook.Path);
            Console.Out.WriteLine(with.Contains(name) ? $"{name}: {library.Bank(name).Items.Count} questions" : $"{name}: no questions yet");
        }
    }

    private static void Analyse(QuizLibrary library, IReadOnlyList<string> paths, bool json)
    {
        var files = paths.SelectMany(IEnumerable<string> (path) => Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal)
            : File.Exists(path) ? [path] : throw new WrongUseException($"{path} does not exist; name answer files or folders of them.")).ToList();
        if (files.Count == 0)
            throw new WrongUseException($"there is no answer file (.json) in {string.Join(", ", paths)}.");
        var results = ItemAnalysis.Of([.. files.Select(AnswerSheet.Read)], library.Bank);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(results, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
            return;
        }
        foreach (var form in results)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{form.Chapter}, {form.Form}: {form.Sheets} sheets, {form.Score:P0} right on average"));
            var table = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumns("item", "sheets", "difficulty p", "discrimination", "look at");
            foreach (var item in form.Items)
                table.AddRow(item.Item, $"{item.Learners}", item.Difficulty.ToString("0.00", CultureInfo.InvariantCulture),
                    item.Discrimination?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–", Markup.Escape(item.Remark ?? ""));
            AnsiConsole.Write(table);
        }
    }
}
