using Course.Notebooks.Export;

namespace Course.Notebooks.Tests;

public sealed class DibFileTests
{
    /// <summary>Each committed notebook comes back byte for byte.</summary>
    [Fact]
    public void Dib_OfEveryNotebook_ComesBackUnchanged()
    {
        foreach (string path in NotebookPaths.Find([], AppContext.BaseDirectory))
            Assert.Equal(File.ReadAllText(path), DibFile.Read(DibFile.Write(Notebook.Read(path)), "back.dib").ToString());
    }

    [Fact]
    public void Dib_ThatWasEdited_KeepsIdsAndTagsOfEveryCellThatIsStillThere()
    {
        var notebook = Three();
        string dib = DibFile.Write(notebook).Replace("#!csharp\n\nvar b", "#!markdown\n\nNew.\n\n#!csharp\n\nvar b").Replace("1;", "11;");
        var back = DibFile.Read(dib, "back.dib");
        Assert.Equal(["text", "a", "new-1", "b"], back.Cells.Select(c => c.Id));
        Assert.Equal("var a = 11;", back.Cells[1].Source);
        Assert.Equal(["setup"], back.Cells[1].Tags);
        Assert.Equal("New.", back.Cells[2].Source);
    }

    [Fact]
    public void Dib_ThatAnotherProgramWrote_IsANotebookOfTheCourse()
    {
        var back = DibFile.Read("#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\"}}\n\n#!markdown\n\n# Title\n\n#!csharp\n\n1 + 1\n\n#!html\n\n<b>x</b>\n", "other.dib");
        Assert.Equal(["markdown", "code", "code"], back.Cells.Select(c => c.Type));
        Assert.Equal("html", back.Cells[2].Language);
        Assert.Equal("# Title", back.Cells[0].Source);
        Assert.Equal(5, back.FormatMinor);
        Assert.True(back.IsCSharp);
        Assert.Equal(3, back.Cells.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public void Dib_WithABrokenNote_NamesTheLine()
    {
        var e = Assert.Throws<NotebookFormatException>(() => DibFile.Read("#!meta\n\n{\"kernelInfo\":\n\n#!csharp\n\n1\n", "bad.dib"));
        Assert.StartsWith("bad.dib(4): the note on a cell is no valid JSON", e.Message);
    }

    [Fact]
    public void Dib_OfACellThatItWouldSplit_IsRefusedWithTheLine()
    {
        var notebook = Three();
        notebook.Cells[2].Source = "var b = 2;\n#!html\n<b>x</b>";
        var e = Assert.Throws<NotebookFormatException>(() => DibFile.Write(notebook));
        Assert.Contains("cell 2 (b), line 2: '#!html' begins a new cell", e.Message);
    }

    private static Notebook Three()
    {
        var notebook = Notebook.Create("three.ipynb");
        notebook.Add("markdown", "# Title", "text");
        notebook.Add("code", "var a = 1;", "a", "setup");
        notebook.Add("code", "var b = 2;", "b");
        return notebook;
    }
}
