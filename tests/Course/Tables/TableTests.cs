using System.Xml.Linq;

namespace Course.Tests;

public sealed class TableTests
{
    [Fact]
    public void Of_Records_MakesColumnsFromProperties()
    {
        var table = Table.Of([new { Model = "linear", TestAccuracy = 0.98765 }, new { Model = "deep", TestAccuracy = 1.0 }], "Two models");
        Assert.Equal("""
            Two models
            Model   Test accuracy
            ──────  ─────────────
            linear         0.9877
            deep                1
            """.ReplaceLineEndings("\n"), table.ToString());
    }

    [Fact]
    public void Headers_AreWordsFromPropertyNames()
    {
        string header = Table.Of([new { AdamL2 = 1, MillisecondsPer1000 = 2, AdamW = 3, test_loss = 4, F1 = 5, P99Ms = 6 }], "t").ToString().Split('\n')[1];
        Assert.Equal("Adam L2  Milliseconds per 1000  AdamW  test loss  F1  P99 ms", header);
    }

    [Theory]
    [InlineData("7.6 %", "17.85 %", "right")]
    [InlineData("−0.2", "+12", "right")]
    [InlineData("1.0.0", "1.1.0", "left")]
    [InlineData("3", "none", "left")]
    public void Html_AlignsFormattedNumbersLikeNumbers(string one, string other, string side)
    {
        string html = Table.Of([new { Value = one }, new { Value = other }], "t").Representations().First().Content;
        Assert.All(XElement.Parse(html).Descendants("td"), cell => Assert.Contains($"text-align:{side}", cell.Attribute("style")!.Value));
    }

    [Fact]
    public void Html_IsWellFormedAndEscaped()
    {
        string html = Table.Of([new { A = "<b>&", B = 2 }], "x < y").Representations().First().Content;
        var root = XElement.Parse(html);
        Assert.Equal("x < y", root.Element("caption")!.Value);
        Assert.Equal("<b>&", root.Descendants("td").First().Value);
    }

    [Fact]
    public void Of_NoRowsOrUnequalRows_IsRefused()
    {
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => Table.Of(Array.Empty<(int, int)>(), "empty")).Message);
        Assert.Contains("2 headers", Assert.Throws<ArgumentException>(() => Table.Of(["a", "b"], [[1]], "short")).Message);
    }
}
