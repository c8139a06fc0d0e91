using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Course.Base;
using Course.Notebooks;
using Course.Session.Host;

namespace Course.Jupyter.Tests;

/// <summary>
/// A chapter gives the same outputs through Jupyter as through <c>course run</c>. Each runs twice, so only those that
/// COURSE_TEST_CHAPTERS names are compared: paths separated by commas, or <c>all</c>.
/// </summary>
public sealed partial class NbconvertTests(TestKernel kernel) : IClassFixture<TestKernel>
{
    private const string None = "none";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    public static TheoryData<string> Chapters =>
        new(Environment.GetEnvironmentVariable("COURSE_TEST_CHAPTERS") switch
        {
            null or "" => [None],
            "all" => Directory.GetFiles(Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "notebooks"), "*.ipynb", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Checkout.Above(AppContext.BaseDirectory)!, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
            var names => names.Split(','),
        });

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task AChapter_ThroughNbconvert_GivesWhatCourseRunGives(string chapter)
    {
        Assert.SkipWhen(chapter == None, "set COURSE_TEST_CHAPTERS=all to run every chapter twice");
        Assert.SkipUnless(File.Exists("/usr/bin/jupyter-nbconvert"), "/usr/bin/jupyter-nbconvert does not exist; install jupyter-nbconvert and python3-nbclient");
        string cli = Path.Combine(AppContext.BaseDirectory.Replace("Course.Jupyter.Tests", "Course.Cli", StringComparison.Ordinal), "Course.Cli.dll");
        Assert.SkipUnless(File.Exists(cli), $"{cli} does not exist; build Course.sln");
        string folder = JupyterServer.Workspace();
        try
        {
            string notebook = Path.Combine(folder, chapter);
            string ours = Path.Combine(folder, "ours");
            await RunAsync(folder, DotNetHost.Path, cli, "run", notebook, "--out", ours, "--keep-going");
            await RunAsync(folder, "/usr/bin/python3", "/usr/bin/jupyter-nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--ExecutePreprocessor.timeout=300", "--output-dir", Path.Combine(folder, "theirs"), notebook);

            var expected = Outputs(Directory.GetFiles(ours, Path.GetFileName(chapter), SearchOption.AllDirectories).Single());
            var actual = Outputs(Path.Combine(folder, "theirs", Path.GetFileName(chapter)));
            Assert.Equal(expected.Keys, actual.Keys);
            foreach (var (cell, outputs) in expected)
                Assert.True(outputs == actual[cell], $"cell {cell} through course run:\n{outputs}\n\nthrough nbconvert:\n{actual[cell]}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in JupyterServer.Environment(kernel, folder))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Limit);
        // 1: a cell failed, which the comparison shows better.
        Assert.True(process.ExitCode is 0 or 1, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
    }

    /// <summary>By cell id: what each code cell shows, as far as two runs of it must agree.</summary>
    private static Dictionary<string, string> Outputs(string path) =>
        Notebook.Read(path).Cells.Where(cell => cell.IsCode && !cell.Tags.Any(tag => tag == "skip-execution" || tag.StartsWith("requires:", StringComparison.Ordinal)))
            .ToDictionary(cell => cell.Id!, cell => string.Join('\n', cell.Outputs.Select(output => Describe(output!.AsObject(), cell.HasTag("varies")))));

    private static string Describe(JsonObject output, bool varies)
    {
        string type = output["output_type"]!.ToString();
        var data = output["data"]?.AsObject();
        string text = type switch
        {
            "stream" => $"{output["name"]} {Text(output["text"])}",
            "error" => $"{output["ename"]} {output["evalue"]}",
            _ => Text(data!["text/plain"]),
        };
        string types = data is null ? "" : string.Join(' ', data.Select(entry => entry.Key).Order(StringComparer.Ordinal));
        // A time or speed that a cell records is never the same twice.
        varies |= data?["application/vnd.course.number+json"]?["unit"]?.ToString() is "ms" or "seconds" or "requests per second" or "times";
        return varies ? $"{type} {types}" : $"{type} {types} {Clean(text)}";
    }

    private static string Text(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(line => line!.ToString())) : node?.ToString() ?? "";

    /// <summary>Without the parts of lines that were written over.</summary>
    private static string Clean(string text) => WrittenOver().Replace(text.Replace("\r\n", "\n", StringComparison.Ordinal), "");

    [GeneratedRegex(@"[^\n\r]*\r")]
    private static partial Regex WrittenOver();
}
