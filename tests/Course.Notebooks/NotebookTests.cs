using Course.Runner.Tests;

namespace Course.Notebooks.Tests;

public sealed class NotebookTests
{
    [Fact]
    public void Write_OfWhatWasRead_GivesTheSameBytes()
    {
        // As Jupyter writes it: one space, non-ASCII as it is, empty containers on one line.
        const string text = "{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"execution_count\": null,\n   \"id\": \"a\",\n   \"metadata\": {},\n   \"outputs\": [],\n   \"source\": [\n    \"var 学 = \\\"🎓\\\\t\\\";\\n\",\n    \"1.50\"\n   ]\n  }\n ],\n \"metadata\": {\n  \"x\": 1.50\n },\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n";
        Assert.Equal(text, Notebook.Parse(text, "n.ipynb").ToString());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("a\nb")]
    [InlineData("\n\na\n")]
    [InlineData("")]
    public void Source_SurvivesBeingSplitIntoLines(string source)
    {
        var cell = Notebook.Create().Add("code", source, "a");
        Assert.Equal(source, cell.Source);
        Assert.Equal(source, string.Concat(NotebookCell.Lines(source).Select(l => (string?)l)));
    }

    [Theory]
    [InlineData("[]", "expected an object")]
    [InlineData("{}", "no number 'nbformat'")]
    [InlineData("""{"nbformat":4}""", "no list 'cells'")]
    [InlineData("""{"nbformat":4,"cells":[1]}""", "cell 0 is no object")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"heading","source":""}]}""", "cell_type \"heading\"")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"code"}]}""", "cell 0 has no 'source'")]
    [InlineData("""{"nbformat":5,"cells":[]}""", "nbformat 5")]
    [InlineData("""{"nbformat":"4","cells":[]}""", "no number 'nbformat'")]
    public void Parse_OfSomethingElse_SaysWhatIsWrong(string text, string message)
    {
        var e = Assert.Throws<NotebookFormatException>(() => Notebook.Parse(text, "some/file.ipynb"));
        Assert.Contains(message, e.Message);
        Assert.StartsWith("some/file.ipynb", e.Message);
    }

    [Theory]
    [InlineData("{\"cells\":[{\"cell_type\":\"code\",\"source\":\"\\ud800\"}],\n\"nbformat\":4}", 1)]
    [InlineData("{\n\"\\udc00\":1,\"cells\":[],\"nbformat\":4}", 2)]
    public void Parse_HalfOfACharacter_NamesTheLine(string text, int line)
    {
        var e = Assert.Throws<NotebookFormatException>(() => Notebook.Parse(text, "n.ipynb"));
        Assert.Contains("half of a character", e.Message);
        Assert.Equal(line, e.Line);
    }

    [Fact]
    public void Find_WhereAFolderLinksToItself_TakesEachNotebookOnce()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/n.ipynb", "");
        folder.Write("b/m.ipynb", "");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "a", "loop"), Path.Combine(folder.Path, "a"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "a", "up"), folder.Path);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "b", "z.ipynb"), Path.Combine(folder.Path, "b", "m.ipynb"));
        Assert.Equal(["m.ipynb", "n.ipynb"], NotebookPaths.Find([folder.Path], folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Read_OfAMissingFile_NamesIt() =>
        Assert.Contains("nowhere.ipynb", Assert.Throws<NotebookFormatException>(() => Notebook.Read("nowhere.ipynb")).Message);

    [Fact]
    public void Language_OfACell_ComesFromItsMetadata()
    {
        var cell = Notebook.Create().Add("code", "x", "a");
        Assert.Equal("csharp", cell.Language);
        cell.Metadata["polyglot_notebook"] = new System.Text.Json.Nodes.JsonObject { ["kernelName"] = "mermaid" };
        Assert.Equal("mermaid", cell.Language);
    }

    [Fact]
    public void Write_ToAPathThatCannotBe_LeavesNoTemporaryFile()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "taken.ipynb"));
        Assert.ThrowsAny<Exception>(() => Notebook.Create().Write(Path.Combine(folder.Path, "taken.ipynb")));
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }
}
