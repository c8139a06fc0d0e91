using Course.Notebooks;
using Course.Runner;

namespace Course.Cli.Tests.Commands;

/// <summary><c>course run --leaks</c> with the engine that lies beside these tests.</summary>
public sealed class LeaksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("course-leaks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TensorsThatACellLeft_AreCountedWithTheLineThatMadeMost()
    {
        var notebook = Notebook.Create();
        notebook.Add("code", $"#r \"{Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll")}\"\nusing static TorchSharp.torch;", "library");
        notebook.Add("code", "var kept = zeros(3);\nfor (var i = 0; i < 5; i++)\n    _ = ones(10);\nusing (NewDisposeScope())\n    zeros(100);\n_ = ones(1);", "leaks");
        notebook.Add("code", "var model = nn.Linear(4, 2);\nvar held = new List<Tensor> { kept + 1 };\nclass Holder { public static Tensor Of; }\nHolder.Of = ones(2);\nusing (var x = ones(4)) { }", "holds");
        notebook.Add("code", "Tensor Make() => zeros(6);", "function");
        notebook.Add("code", "Make(); Make();", "calls");
        string path = Path.Combine(_folder, "a.ipynb");
        notebook.Write(path);
        var report = await new CourseRunner(new RunOptions { Notebooks = [path], Out = Path.Combine(_folder, "out"), Leaks = true, KeepGoing = true }, new Silent()).RunAsync(CancellationToken.None);
        var cells = report.Notebooks[0].Cells;
        Assert.Equal([null, new LeakReport(6, 204, "cell[1]", 3, 5), null, null, new LeakReport(2, 48, "cell[3]", 1, 2)], cells.Select(cell => cell.Leaks));
        Assert.Equal("left 6 tensors alive, 204 bytes; 5 of them from cell[1], line 3", $"{cells[1].Leaks}");
        Assert.Equal(cells[1].Leaks, RunReport.FromJson(await File.ReadAllTextAsync(Path.Combine(_folder, "out", "report.json"), TestContext.Current.CancellationToken)).Notebooks[0].Cells[1].Leaks);
    }

    private sealed class Silent : IRunObserver
    {
        public void OnNotebookStart(string path, int codeCells) { }

        public void OnCellStart(string path, int position, int index) { }

        public void OnCellEnd(string path, CellReport cell) { }

        public void OnNotebookEnd(NotebookReport notebook) { }
    }
}
