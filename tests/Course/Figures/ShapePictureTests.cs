using System.Xml.Linq;
using static TorchSharp.torch;

namespace Course.Tests;

public sealed class ShapePictureTests
{
    private static readonly XNamespace Ns = "http://www.w3.org/2000/svg";

    private static readonly Tensor Laps = arange(12, float32).reshape(3, 4);

    private static Figure Draw(params ShapeSketch[] parts) => Plot.Shapes(parts, title: "Shapes", alt: "grids of cells");

    /// <summary>Cells, without the paper under the picture.</summary>
    private static List<XElement> Cells(Figure figure) => [.. XElement.Parse(figure.ToSvg()).Elements(Ns + "rect").Skip(1)];

    private static string[] Texts(Figure figure) => [.. XElement.Parse(figure.ToSvg()).Elements(Ns + "text").Select(text => text.Value)];

    [Fact]
    public void Sketch_OfAMatrix_HasACellForEachValueAndNamesItsAxes()
    {
        var figure = Draw(Laps.Sketch("laps", ["runner", "lap"]), "+", ones(1).Sketch("one"));
        Assert.Equal(13, Cells(figure).Count);
        string[] texts = Texts(figure);
        Assert.Contains("11", texts);
        Assert.Contains("+", texts);
        Assert.Contains("[3, 4] float32", texts);
        Assert.Contains("axis 0 ↓ runner", texts);
        Assert.Contains("axis 1 → lap", texts);
        Assert.Contains("laps: [3, 4] float32; axis 0 ↓ runner; axis 1 → lap", figure.ToString());
    }

    [Fact]
    public void Sketch_Stretched_DrawsRepeatedCellsDashed()
    {
        int Dashed(ShapeSketch part) => Cells(Draw(part)).Count(cell => cell.Attribute("stroke-dasharray") is not null);
        Assert.Equal(0, Dashed(Laps.Sketch("laps")));
        Assert.Equal(8, Dashed(Laps[0].Sketch("row", stretchedTo: [3, 4])));
        Assert.Equal(9, Dashed(Laps[.., ..1].Sketch("column", stretchedTo: [3, 4])));
        Assert.Equal(11, Dashed(tensor(7f).Sketch("number", stretchedTo: [3, 4])));
    }

    [Fact]
    public void Sketch_Marked_ColoursExactlyThoseCells()
    {
        var fills = Cells(Draw(Laps.Sketch("laps", marked: Laps.gt(9)))).GroupBy(cell => cell.Attribute("fill")!.Value).Select(group => group.Count()).Order();
        Assert.Equal([2, 10], fills);
    }

    [Fact]
    public void Sketch_OfThreeAxesOrNone_IsDrawnAndOfFourRefused()
    {
        Assert.Equal(24, Cells(Draw(zeros(2, 3, 4).Sketch("sheets", ["sheet", "row", "column"]))).Count);
        Assert.Equal(["[] int64"], Texts(Draw(tensor(5L).Sketch("number"))).Where(text => text.StartsWith('[')));
        Assert.Contains("4 axes", Assert.Throws<ArgumentException>(() => zeros(2, 2, 2, 2).Sketch("x")).Message);
    }

    [Fact]
    public void Sketch_ThatDoesNotFit_SaysWhat()
    {
        Assert.Contains("1 names of axes; expected 2", Assert.Throws<ArgumentException>(() => Laps.Sketch("laps", ["runner"])).Message);
        Assert.Contains("cannot be stretched to [3, 4]", Assert.Throws<ArgumentException>(() => ones(3).Sketch("x", stretchedTo: [3, 4])).Message);
        Assert.Contains("no shapes", Assert.Throws<ArgumentException>(() => Draw("+")).Message);
    }

    [Fact]
    public void Picture_WiderThanThePage_GoesOnBelow()
    {
        double Height(int parts) => (double)XElement.Parse(Draw([.. Enumerable.Repeat(Laps.Sketch("laps"), parts)]).ToSvg()).Attribute("height")!;
        Assert.Equal(Height(1), Height(3));
        Assert.True(Height(8) > 1.5 * Height(3));
    }
}
