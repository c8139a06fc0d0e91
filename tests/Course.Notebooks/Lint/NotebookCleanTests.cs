using System.Text.Json.Nodes;
using Course.Notebooks.Clean;

namespace Course.Notebooks.Tests;

public class NotebookCleanTests
{
    [Fact]
    public void Clean_ACleanNotebook_ChangesNothing()
    {
        var notebook = Sample();
        string before = notebook.ToString();
        Assert.Empty(NotebookClean.Clean(notebook));
        Assert.Equal(before, notebook.ToString());
    }

    [Fact]
    public void Clean_WhatAnEditorLeaves_IsMended()
    {
        var notebook = Sample();
        var code = notebook.Cells[1];
        code.ExecutionCount = 7;
        code.Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "x" });
        code.Metadata["vscode"] = new JsonObject { ["languageId"] = "csharp" };
        code.Source = "int a = 1;\r\nint b = 2;";
        notebook.Metadata["widgets"] = new JsonObject();
        notebook.Root["nbformat_minor"] = 2;

        NotebookClean.Clean(notebook);
        Assert.Empty(code.Outputs);
        Assert.Null(code.ExecutionCount);
        Assert.Equal(["tags", "slideshow"], code.Metadata.Select(p => p.Key));
        Assert.Equal("int a = 1;\nint b = 2;", code.Source);
        Assert.False(notebook.Metadata.ContainsKey("widgets"));
        Assert.Equal(5, notebook.FormatMinor);
    }

    [Fact]
    public void Clean_MissingAndRepeatedIds_AreReplacedAndGoodOnesKept()
    {
        var notebook = Sample();
        notebook.Cells[1].Id = notebook.Cells[0].Id;
        notebook.Add("markdown", "text", "bad id!");
        NotebookClean.Clean(notebook);

        Assert.Equal("head", notebook.Cells[0].Id);
        Assert.Equal(3, notebook.Cells.Select(c => c.Id).Distinct().Count());
        Assert.All(notebook.Cells, c => Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", c.Id!));
        string once = notebook.ToString();
        NotebookClean.Clean(notebook);
        Assert.Equal(once, notebook.ToString());
    }

    [Fact]
    public void Clean_SetsWhatEachCellIsOnSlides_ByTheRule()
    {
        var notebook = Notebook.Create();
        notebook.Add("markdown", "# Title", "head");
        notebook.Add("code", "#r \"a.dll\"", "setup", "setup");
        notebook.Add("markdown", "## Section", "section");
        notebook.Add("markdown", "### Part\n\nText.", "part");
        notebook.Add("code", "1 + 1", "code");
        notebook.Add("code", "Check.That(true, \"x\");", "row", "row:1.1");
        notebook.Add("code", "Exercise.Todo<int>()", "stub", "exercise");
        notebook.Add("code", "42", "solution", "solution");
        notebook.Add("markdown", "## Teacher notes", "teacher", "teacher");
        notebook.Cells[4].Metadata["slideshow"] = new JsonObject { ["slide_type"] = "slide" };

        NotebookClean.Clean(notebook);
        Assert.Equal(["slide", "skip", "slide", "subslide", null, "skip", null, "skip", "notes"], notebook.Cells.Select(SlideType.In));
        Assert.False(notebook.Cells[4].Metadata.ContainsKey("slideshow"));
        Assert.Empty(NotebookClean.Clean(notebook));
    }

    private static Notebook Sample()
    {
        var notebook = Notebook.Create();
        notebook.Add("markdown", "# Title", "head");
        notebook.Add("code", "int a = 1;", "a", "setup");
        foreach (var cell in notebook.Cells)
            SlideType.Set(cell);
        return notebook;
    }
}
