using System.Text.Json.Nodes;
using Course.Notebooks;

namespace Course.Interactive.Tests;

public sealed class ShownOutputsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("course-shown-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n(3,5): warning CS0168: The variable 'x' is declared but never used\n\n", 0)]
    [InlineData("\nwarning CS1701: Assuming assembly reference 'A, Version=9.0.0.0' used by 'B' matches identity 'A, Version=10.0.0.0'\n\n", 0)]
    [InlineData("the cell's own words\n", 1)]
    public void OnlyTheCompilersRemarksOnStderr_AreNoDifference(string there, int differences) =>
        Assert.Equal(differences, ShownOutputs.Differences(Write("ours", ""), Write("theirs", there)).Count());

    private string Write(string name, string errors)
    {
        var notebook = Notebook.Create();
        var outputs = notebook.Add("code", "1", "c", "requires:Some.Package").Outputs;
        if (errors.Length > 0)
            outputs.Add(new JsonObject { ["name"] = "stderr", ["output_type"] = "stream", ["text"] = NotebookCell.Lines(errors) });
        string path = Path.Combine(_folder, name + ".ipynb");
        notebook.Write(path);
        return path;
    }
}
