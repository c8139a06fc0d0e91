using System.Text.Json.Nodes;
using Course.Base;
using Course.Book.Building;
using Course.Notebooks;
using Course.Runner;
using Course.Tests.Data;

namespace Course.Book.Tests;

/// <summary>A run of two small notebooks, as <c>course run</c> would leave it, in a folder of its own.</summary>
internal sealed class SmallRun : IDisposable
{
    /// <summary>The libraries of this repository: the book tells the names in code from them.</summary>
    public static string Repository { get; } = Checkout.Above(AppContext.BaseDirectory)!;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Notebook> _notebooks = [];

    public SmallRun()
    {
        File.WriteAllText(_folder.File("Course.sln"), "");
        Directory.CreateDirectory(_folder.File("artifacts"));
        Directory.CreateSymbolicLink(_folder.File("artifacts", "lib"), Path.Combine(Repository, "artifacts", "lib"));
        var one = Add("01-first");
        one.Add("markdown", "# 01 The first\n\n**What is shown?**\n\nPrerequisites: C#; part [02](02-second.ipynb) *helps*. Reading: a minute.\n\n## A section\n\nText with $a^2$ and\n\n$$b = c \\tag{1.1}$$\n\nSee [the other](02-second.ipynb#more), [its cell](02-second.ipynb#second-code) and [the code](../lib/thing.cs).", "first-text");
        Code(one, "first-setup", "#r \"../artifacts/lib/TorchSharp.dll\"\n#r \"../artifacts/lib/Course.dll\"\nusing Course;\nusing TorchSharp;\nusing static TorchSharp.torch;");
        Code(one, "first-code", "var box = zeros(2, 3); // two rows\nCheck.That(box.shape[0] == 2, \"it has two rows\");",
            Data(("application/vnd.course.check+json", "{}"), ("text/plain", "✓ it has two rows")));
        one.Add("markdown", "Notes that only the teacher sees: xylophone.", "first-teacher", "teacher");
        Code(one, "first-exercise", "int Answer() => Exercise.Todo<int>();").Metadata["tags"] = new JsonArray("exercise");
        Code(one, "first-solution", "int Answer() => 42;").Metadata["tags"] = new JsonArray("solution");
        Code(one, "first-failure", "throw new Exception(\"on <purpose>\");", new JsonObject { ["output_type"] = "error", ["ename"] = "Exception", ["evalue"] = "on <purpose>", ["traceback"] = new JsonArray() })
            .Metadata["tags"] = new JsonArray("raises-exception");
        Code(one, "first-figure", "Plot.Lines([1], [1], title: \"T\", x: \"x\", y: \"y\", alt: \"A point.\")", Data(("text/html", Figure), ("text/plain", "[Figure] T")));
        var two = Add("02-second");
        two.Add("markdown", "# 02 The second\n\n| | |\n|---|---|\n| You need | A < B, [01](01-first.ipynb) |\n\n## More\n\nA diagram:\n\n```mermaid\nflowchart LR\n  a --> b\n```\n\n```csharp\nvar text = \"in a text\";\n```", "second-text");
        Code(two, "second-code", "1 + 1", Data(("text/plain", "2")));
        Code(two, "second-again", "2 + 2", Data(("text/html", Figure + Figure), ("text/plain", "two figures")));
        Directory.CreateDirectory(_folder.File("lib"));
        File.WriteAllText(_folder.File("lib", "thing.cs"), "");
    }

    private const string Figure = "<svg role=\"img\" aria-labelledby=\"fig0123456789-title\"><title id=\"fig0123456789-title\">T</title></svg>";

    public BookOptions Options => new() { Run = _folder.File("run"), Out = _folder.File("book"), Repository = _folder.Path, Cache = Cache };

    /// <summary>The user's own cache: the packages are fetched once for all tests and books.</summary>
    public static string Cache => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "csharp-deep-learning");

    public Notebook this[string name] => _notebooks[name];

    public Notebook Add(string name) => _notebooks[name] = Notebook.Create($"{name}.ipynb");

    public static NotebookCell Code(Notebook notebook, string id, string source, params JsonObject[] outputs)
    {
        var cell = notebook.Add("code", source, id);
        foreach (var output in outputs)
            cell.Outputs.Add((JsonNode)output);
        return cell;
    }

    public static JsonObject Data(params (string Type, string Value)[] parts)
    {
        var data = new JsonObject();
        foreach (var (type, value) in parts)
            data[type] = value;
        return new JsonObject { ["output_type"] = "execute_result", ["data"] = data, ["metadata"] = new JsonObject(), ["execution_count"] = 1 };
    }

    /// <summary>Writes the run as it is now, and makes the book of it.</summary>
    public async Task<BookResult> BuildAsync()
    {
        Assert.SkipUnless(Npm.IsHere, "npm is not on the PATH: it brings the book's KaTeX, Mermaid and MiniSearch");
        Write();
        return await new BookBuilder(Options).BuildAsync();
    }

    public void Write()
    {
        var reports = new List<NotebookReport>();
        foreach (var (name, notebook) in _notebooks)
        {
            notebook.Write(_folder.File("run", "notebooks", name + ".ipynb"));
            notebook.Write(_folder.File("notebooks", name + ".ipynb"));
            reports.Add(new NotebookReport($"notebooks/{name}.ipynb", RunStatus.Passed, 1, 1,
                [.. notebook.Cells.Where(c => c.IsCode).Select(c => new CellReport(c.Id, c.Index, c.Tags, c.HasTag("not-run") ? RunStatus.NotRun : RunStatus.Passed, null, 0, 0, 0, new Dictionary<string, double>(), null))],
                Executed: $"notebooks/{name}.ipynb"));
        }
        File.WriteAllText(_folder.File("run", "report.json"), new RunReport("quick", "cpu", "managed", DateTimeOffset.UnixEpoch, 1, 1, 0, 0, reports).ToJson());
    }

    public string Page(string name) => File.ReadAllText(_folder.File("book", name + ".html"));

    public string PathOf(params string[] parts) => _folder.File(parts);

    public void Dispose() => _folder.Dispose();
}
