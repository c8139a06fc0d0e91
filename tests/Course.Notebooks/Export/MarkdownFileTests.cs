using System.Text;
using System.Text.Json.Nodes;
using Course.Notebooks.Export;

namespace Course.Notebooks.Tests;

public sealed class MarkdownFileTests
{
    [Fact]
    public void Markdown_HasTextsCodeAndWhatTheCellsShow_WithFiguresBesideIt()
    {
        var notebook = Notebook.Create("m.ipynb");
        notebook.Add("markdown", "# Title\n\nText.", "text");
        notebook.Add("markdown", "Only for the teacher.", "notes", "teacher");
        var code = notebook.Add("code", "var fence = \"```\";\nplot", "plot");
        code.Outputs.Add((JsonNode)new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = new JsonArray("a\n", "b\n") });
        code.Outputs.Add((JsonNode)Data(("image/svg+xml", "<svg/>"), ("text/plain", "A line [up]")));
        code.Outputs.Add((JsonNode)Data(("text/html", "<table>\n\n<tr></tr></table>"), ("text/plain", "table")));
        code.Outputs.Add((JsonNode)Data(("text/html", "<div>x</div>"), ("text/plain", "2")));
        code.Outputs.Add((JsonNode)new JsonObject { ["output_type"] = "error", ["ename"] = "Exception", ["evalue"] = "on purpose" });

        var markdown = MarkdownFile.Write(notebook, "m.files");

        Assert.Equal("""
            # Title

            Text.

            ````csharp
            var fence = "```";
            plot
            ````

            ```text
            a
            b
            ```

            ![A line \[up\]](m.files/plot-1.svg)

            <table>
            <tr></tr></table>

            ```text
            2
            ```

            ```text
            Exception: on purpose
            ```

            """.ReplaceLineEndings("\n"), markdown.Text);
        Assert.Equal("<svg/>", Encoding.UTF8.GetString(Assert.Single(markdown.Figures, f => f.Key == "m.files/plot-1.svg").Value));
    }

    private static JsonObject Data(params (string Type, string Value)[] parts)
    {
        var data = new JsonObject();
        foreach (var (type, value) in parts)
            data[type] = value;
        return new JsonObject { ["output_type"] = "display_data", ["data"] = data };
    }
}
