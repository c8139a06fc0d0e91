using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Course.Base;
using Course.Book;
using Course.Book.Building;
using Course.Book.Serving;
using Course.Cli.Running;
using Course.Notebooks;
using Course.Runner;

namespace Course.Cli.Commands;

/// <summary><c>course book</c>: a static site from the executed notebooks.</summary>
internal static class BookCommand
{
    private static readonly JsonSerializerOptions JsonStyle = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var from = new Option<string?>("--from") { Description = "Folder of a run (report.json and executed notebooks); without it all notebooks are run first, into artifacts/run." };
        var output = new Option<string?>("--out") { Description = "Folder for the pages (default: artifacts/book)." };
        var web = new Option<string?>("--web") { Description = "Address of the repository on the web, so that links to its files work." };
        var check = new Option<bool>("--check") { Description = "Only look for what the book could not show; write nothing that stays." };
        var pdf = new Option<bool>("--pdf") { Description = "Also print the whole book into book.pdf, through Chromium." };
        var serve = new Option<bool>("--serve") { Description = "Show the book on this machine, and again whenever a notebook was executed." };
        var port = new Option<int>("--port") { Description = "Where --serve listens.", DefaultValueFactory = _ => 8017 };
        var json = new Option<bool>("--json") { Description = "Print one JSON object: {pages, written, bytes, seconds, findings}." };
        Inputs.NotEmpty(from, output, web);
        Inputs.Positive(ushort.MaxValue, port);
        var command = new Command("book", "Make a static site from executed notebooks: pages, search, mathematics, without any network.\n\nExample: course book --from artifacts/run --serve")
        {
            from, output, web, check, pdf, serve, port, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string folder = Directory.GetCurrentDirectory();
            string repository = Checkout.Above(folder)
                ?? throw new WrongUseException($"there is no repository of the course (Course.sln) in or above {folder}.");
            bool onlyCheck = parsed.GetValue(check);
            if (onlyCheck && (parsed.GetValue(serve) || parsed.GetValue(pdf) || parsed.GetValue(output) is not null))
                throw new WrongUseException("--check keeps no pages, so it goes with none of --out, --pdf and --serve.");
            string pages = onlyCheck ? Directory.CreateTempSubdirectory("course-book-").FullName : Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(repository, "artifacts", "book"));
            try
            {
                var options = new BookOptions
                {
                    Run = parsed.GetValue(from) is { } given ? Path.GetFullPath(given) : await RunAsync(repository, cancel),
                    Out = pages,
                    Repository = repository,
                    Cache = DataFolders.FromEnvironment().Cache,
                    Web = parsed.GetValue(web),
                };
                var builder = new BookBuilder(options);
                int code = await BuildAsync(builder, options, parsed.GetValue(json), onlyCheck, cancel);
                if (parsed.GetValue(pdf))
                    Console.Out.WriteLine(await BookPdf.PrintAsync(options.Out, cancel));
                if (!parsed.GetValue(serve))
                    return code;
                Console.Out.WriteLine($"http://127.0.0.1:{parsed.GetValue(port)}/ (Ctrl-C ends it)");
                await BookServer.RunAsync(builder, options, parsed.GetValue(port), Console.Error.WriteLine, cancel);
                return ExitCode.Done;
            }
            catch (BookException e)
            {
                Console.Error.WriteLine($"course: {e.Message}");
                return ExitCode.Failed;
            }
            finally
            {
                if (onlyCheck)
                    Directory.Delete(pages, recursive: true);
            }
        });
        return command;
    }

    private static async Task<int> BuildAsync(BookBuilder builder, BookOptions options, bool json, bool onlyCheck, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var result = await builder.BuildAsync(cancel);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { result.Pages, result.Written, result.Bytes, seconds = clock.Elapsed.TotalSeconds, result.Findings }, JsonStyle));
        }
        else
        {
            foreach (var finding in result.Findings)
                Console.Error.WriteLine(finding);
            string made = onlyCheck ? $"{result.Pages} pages looked at" : $"{result.Pages} pages, {result.Written} of them new, {result.Bytes / 1e6:0.0} MB in {options.Out}";
            Console.Out.WriteLine($"{made}, {clock.Elapsed.TotalSeconds:0.0} s; {(result.Findings.Count == 0 ? "nothing to mend" : $"{result.Findings.Count} findings")}");
        }
        return result.Findings.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Runs all notebooks as <c>course run</c> does; the folder of the run.</summary>
    private static async Task<string> RunAsync(string repository, CancellationToken cancel)
    {
        string folder = Path.Combine(repository, "artifacts", "run");
        var options = new RunOptions { Repository = repository, Notebooks = NotebookPaths.Find([], repository, folder), Out = folder, Engine = BuiltEngine.Name };
        await using var progress = RunProgress.Start(options);
        await new CourseRunner(options, progress).RunAsync(cancel);
        return folder;
    }
}
