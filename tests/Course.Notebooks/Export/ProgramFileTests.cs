using Course.Notebooks.Export;

namespace Course.Notebooks.Tests;

public sealed class ProgramFileTests
{
    [Fact]
    public void Program_WithMarks_ComesBackAsTheNotebook()
    {
        var notebook = Notebook.Create("p.ipynb");
        notebook.Add("markdown", "# Title\n\n// %% [code]\n  indented", "text");
        notebook.Add("markdown", "a line end of C#: \u2028 and\n", "odd");
        notebook.Add("code", "using System;\nvar x = 1;\nrecord A;\nx", "a", "setup");
        var cell = new ProgramCell(["//! using System;", "var x_2 = 1;", "//@ 1", "Show( //+", "x_2", "); //+"], new Dictionary<string, string> { ["x_2"] = "x" });

        string program = ProgramFile.Write(notebook, "using System;", new Dictionary<int, ProgramCell> { [2] = cell }, [["record A;"]], "class Helper;");

        Assert.DoesNotContain('\u2028', program);
        Assert.Equal(notebook.ToString(), ProgramFile.Read(program, "p.cs").ToString());
        var edited = ProgramFile.Read(program.Replace("var x_2 = 1;", "var x_2 = 7;").Replace("record A;", "record A(int B);"), "p.cs");
        Assert.Equal("using System;\nvar x = 7;\nrecord A(int B);\nx", edited.Cells[2].Source);
    }

    [Fact]
    public void Program_WrittenByHand_BecomesANotebook()
    {
        var notebook = ProgramFile.Read("using System;\n\n// %% [markdown]\n// # Title\n\n// %% [code]\nConsole.WriteLine(1);\n", "p.cs");
        Assert.Equal(["# Title", "Console.WriteLine(1);"], notebook.Cells.Select(c => c.Source));
        Assert.Equal(["new-1", "new-2"], notebook.Cells.Select(c => c.Id));
    }

    [Theory]
    [InlineData("Console.WriteLine(1);", "p.cs: has no line such as '// %% [code]'")]
    [InlineData("\n// %% [code] {\"id\":}\n1\n", "p.cs(2): the note on a cell is no valid JSON")]
    [InlineData("// %% [code] {\"id\":\"a\"}\n//@ 1\n", "p.cs(1): '//@ 1' stands for types")]
    public void Program_ThatIsNone_IsRefusedWithTheLine(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<NotebookFormatException>(() => ProgramFile.Read(text, "p.cs")).Message);
}
