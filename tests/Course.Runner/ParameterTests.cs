using System.Text.Json.Nodes;
using Course.Notebooks;

namespace Course.Runner.Tests;

public sealed class ParameterTests
{
    private const string Declared = """
        double learningRate = 0.1;
        var epochs = 3;
        const string Name = "x";
        float decay = 0f; bool shuffle = true; long seed = 1; int? depth = null;
        int[] sizes = [1]; List<string> words = ["a"]; var when = DateTime.Now;
        """;

    [Theory]
    [InlineData("learningRate", "0.5", "learningRate = 0.5d;", "0.5")]
    [InlineData("learningRate", "1e-5", "learningRate = 1E-05d;", "1E-05")]
    [InlineData("epochs", "-2", "epochs = -2;", "-2")]
    [InlineData("Name", "say \"hi\"", "string Name = \"say \\\"hi\\\"\";", "\"say \\u0022hi\\u0022\"")]
    [InlineData("decay", "0.25", "decay = 0.25f;", "0.25")]
    [InlineData("shuffle", "False", "shuffle = false;", "false")]
    [InlineData("seed", "9000000000", "seed = 9000000000L;", "9000000000")]
    [InlineData("depth", "4", "depth = 4;", "4")]
    [InlineData("depth", "null", "depth = null;", "null")]
    [InlineData("sizes", "[2, 3]", "sizes = [2, 3];", "[2,3]")]
    [InlineData("words", "[\"b\"]", "words = [\"b\"];", "[\"b\"]")]
    public void AValue_HasItsParametersType(string name, string value, string code, string json)
    {
        var notebook = With(Declared);
        var values = NotebookParameters.Inject(notebook, new Dictionary<string, string> { [name] = value });
        Assert.Equal("// Parameters\n" + code, notebook.Cells[1].Source);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), values[name]), values.ToJsonString());
        Assert.True(JsonNode.DeepEquals(values, notebook.Metadata["papermill"]!["parameters"]));
        Assert.Equal(["injected-parameters"], notebook.Cells[1].Tags);
        Assert.Equal([0, 1, 2], notebook.Cells.Select(c => c.Index));
    }

    [Theory]
    [InlineData("learning_rate", "1", "there is no parameter 'learning_rate'; the nearest is 'learningRate'")]
    [InlineData("epoch", "1", "the nearest is 'epochs'")]
    [InlineData("epochs", "1.5", "'epochs' takes a whole number (int), not '1.5'")]
    [InlineData("learningRate", "fast", "takes a number (double), not 'fast'")]
    [InlineData("shuffle", "1", "takes true or false, not '1'")]
    [InlineData("sizes", "2", "takes a JSON list, each of it a whole number (int), not '2'")]
    [InlineData("when", "now", "its type System.DateTime is neither")]
    public void AnUnknownNameOrAValueThatDoesNotFit_IsRefused(string name, string value, string message) =>
        Assert.Contains(message, Assert.Throws<ParameterException>(() => NotebookParameters.Check([With(Declared)], new Dictionary<string, string> { [name] = value })).Message);

    [Fact]
    public void WithoutAParametersCell_NothingCanBeGiven()
    {
        var notebook = Notebook.Create();
        notebook.Add("code", "int a = 1;", "a");
        Assert.Contains("no notebook of this run has a cell tagged parameters",
            Assert.Throws<ParameterException>(() => NotebookParameters.Check([notebook], new Dictionary<string, string> { ["a"] = "1" })).Message);
    }

    [Fact]
    public void ACellOfAnotherLanguage_DeclaresNothing()
    {
        var notebook = Notebook.Create();
        var script = notebook.Add("code", "const traces = [];", "script", CellTags.Parameters);
        script.Metadata["polyglot_notebook"] = new JsonObject { ["kernelName"] = "javascript" };
        notebook.Add("code", "int a = 1;", "a", CellTags.Parameters);
        NotebookParameters.Inject(notebook, new Dictionary<string, string> { ["a"] = "2" });
        Assert.Equal(["const traces = [];", "int a = 1;", "// Parameters\na = 2;"], notebook.Cells.Select(c => c.Source));
    }

    [Fact]
    public void AnEarlierInjectedCell_IsReplaced()
    {
        var notebook = With("int n = 1;");
        foreach (string value in (string[])["2", "3"])
            NotebookParameters.Inject(notebook, new Dictionary<string, string> { ["n"] = value });
        Assert.Equal(["int n = 1;", "// Parameters\nn = 3;", "n"], notebook.Cells.Select(c => c.Source));
    }

    [Theory]
    [InlineData("[1]", "holds no JSON object")]
    [InlineData("{", "cannot be read as JSON")]
    public void AFileThatHoldsNoObject_IsRefused(string content, string message)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(message, Assert.Throws<ParameterException>(() => NotebookParameters.ReadFile(folder.Write("p.json", content))).Message);
    }

    [Theory]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("1")]
    [InlineData("a/b")]
    public void AShardThatIsNone_IsNull(string text) => Assert.Null(Shard.Parse(text));

    [Fact]
    public void Shards_HoldEveryItemOnce()
    {
        int[] items = [.. Enumerable.Range(0, 10)];
        var shards = Enumerable.Range(1, 3).Select(n => new Shard(n, 3).Of(items)).ToArray();
        Assert.Equal(items, shards.SelectMany(s => s).Order());
        Assert.All(shards, s => Assert.InRange(s.Count, 3, 4));
    }

    private static Notebook With(string declared)
    {
        var notebook = Notebook.Create();
        notebook.Add("code", declared, "p", "parameters");
        notebook.Add("code", "n", "use");
        return notebook;
    }
}
