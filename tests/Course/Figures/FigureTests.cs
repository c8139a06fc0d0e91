using System.Globalization;
using System.Xml.Linq;

namespace Course.Tests;

public sealed class FigureTests
{
    private static readonly XNamespace Ns = "http://www.w3.org/2000/svg";

    private static Figure Sample(string kind) => kind switch
    {
        "lines" => Plot.Lines([[1.0, 2.5, 4], [3.0, 2, 1]], title: "Two <lines> & more", x: "step", y: "loss", alt: "one rises, one falls", labels: ["up", "down"]),
        "log" => Plot.Lines([0.001, 0.1, 100], title: "Log", x: "step", y: "loss", alt: "rises", yScale: Scale.Log),
        "scatter" => Plot.Scatter([1, 2, 3], [1, 2, 3], title: "Points", x: "a (m)", y: "b (m)", alt: "three points", classes: [0, 1, 0]),
        "bars" => Plot.Bars(["a", "b"], [1.5, -2], title: "Bars", x: "group", y: "score", alt: "two bars", errors: [0.1, 0.2]),
        "histogram" => Plot.Histogram([1, 1, 2, 3], title: "Counts", x: "value", alt: "three bins", bins: 3),
        "heatmap" => Plot.Heatmap(new double[,] { { 1, 2 }, { 3.25, 4 } }, title: "Cells", x: "said", y: "true", alt: "four cells"),
        "contour" => Plot.Contour((a, b) => a * a + b * b, (-1, 1), (-1, 1), title: "Bowl", x: "a", y: "b", alt: "circles").Path("descent", [1, 0.5], [1, 0.5]),
        "regions" => Plot.Regions((a, b) => a > b ? 1 : 0, (-1, 1), (-1, 1), title: "Halves", x: "a", y: "b", alt: "two halves", xs: [0.5], ys: [0], classes: [1], labels: ["below", "above"]),
        "images" => Plot.Images([new double[,] { { 0, 1 }, { 1, 0 } }], title: "Images", alt: "a checkerboard", captions: ["checker"]),
        "overlays" => Plot.Overlays(new double[,] { { 0, 1 }, { 1, 0 } }, [new double[,] { { 0, 2 }, { -1, 0 } }], title: "Reasons", alt: "a checkerboard and its tinted corner", captions: ["where"]),
        "policy" => Plot.Policy(new GridWorld("S.#", "X.G"), _ => 1, title: "To the right", alt: "a small world", values: [1.5, double.NaN, 0, 0, 2, 0], value: "worth"),
        "shapes" => Plot.Shapes([TorchSharp.torch.ones(2, 3).Sketch("ones", ["row", "column"]), "+"], title: "Cells of a tensor", alt: "a grid of two by three"),
        "network" => Plot.Network(TorchSharp.torch.nn.Sequential(TorchSharp.torch.nn.Conv2d(1, 2, 3), TorchSharp.torch.nn.ReLU()), TorchSharp.torch.ones(1, 1, 5, 5), title: "A small network", alt: "a convolution and a rectifier"),
        "panels" => Plot.Panels([Sample("lines"), Sample("bars")], "Both", "two panels"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static TheoryData<string> Kinds => ["lines", "log", "scatter", "bars", "histogram", "heatmap", "contour", "regions", "images", "overlays", "policy", "shapes", "network", "panels"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Svg_OfEveryKind_IsWellFormedAndNamed(string kind)
    {
        var figure = Sample(kind);
        var svg = XElement.Parse(figure.ToSvg());
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal(figure.Title, svg.Element(Ns + "title")!.Value);
        Assert.Equal(figure.Alt, svg.Element(Ns + "desc")!.Value);
        string[] named = svg.Attribute("aria-labelledby")!.Value.Split(' ');
        Assert.Equal(svg.Element(Ns + "title")!.Attribute("id")!.Value, named[0]);
        Assert.Equal(svg.Element(Ns + "desc")!.Attribute("id")!.Value, named[1]);
        Assert.DoesNotContain("NaN", svg.ToString());
        Assert.Empty(svg.Descendants(Ns + "script"));
        Assert.Equal(["text/html", "image/svg+xml", "text/plain"], figure.Representations().Select(r => r.MimeType));
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Line_WhereNoNumberIs_IsRefusedByName(double at)
    {
        var chart = Plot.Lines([1.0, 10], [1.0, 2], title: "Costs", x: "images", y: "cost (€)", alt: "rises", xScale: Scale.Log);
        Assert.Contains("'Costs' cannot draw a vertical line 'equal cost'", Assert.Throws<ArgumentException>(() => chart.VerticalLine(at, "equal cost")).Message);
        Assert.Throws<ArgumentException>(() => chart.HorizontalLine(at));
    }

    [Fact]
    public void Policy_WhereNothingIsKnown_DrawsNoArrow()
    {
        int Arrows(double[]? values) => XElement.Parse(Plot.Policy(new GridWorld("S.", ".G"), _ => 1, "title", "alt", values).ToSvg())
            .Descendants(Ns + "line").Count();
        Assert.Equal(3, Arrows(null));
        Assert.Equal(1, Arrows([1, double.NaN, double.NaN, double.NaN]));
        Assert.Throws<ArgumentException>(() => Arrows([1, 2]));
    }

    [Fact]
    public void Contour_WithASingleLevel_DrawsItStronger()
    {
        double Width(int levels) => XElement.Parse(Plot.Contour((a, b) => a + b, (-1, 1), (-1, 1), "title", "a", "b", "alt", levels: levels).ToSvg())
            .Descendants(Ns + "path").Max(path => (double)path.Attribute("stroke-width")!);
        Assert.True(Width(1) > 2 * Width(2));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Svg_DrawnTwiceInDifferentCultures_IsTheSameText(string kind)
    {
        string here = Sample(kind).ToSvg() + Sample(kind);
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("fr-FR");
        try
        {
            Assert.Equal(here, Sample(kind).ToSvg() + Sample(kind));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Svg_OfDifferentFigures_HasDifferentIds()
    {
        var ids = Kinds.Select(row => XElement.Parse(Sample(row.Data).ToSvg()).Element(Ns + "title")!.Attribute("id")!.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Text_SaysWhatThePictureShows()
    {
        Assert.Equal("""
            [Figure] Two <lines> & more
            one rises, one falls
              x: step; y: loss
              up: 3 points, x 0 to 2, y from 1 to 4
              down: 3 points, x 0 to 2, y from 3 to 1
            """.ReplaceLineEndings("\n"), Sample("lines").ToString());
    }

    [Fact]
    public void Legend_StandsAboveTheAxes()
    {
        var svg = XElement.Parse(Sample("lines").ToSvg());
        double legend = svg.Elements(Ns + "text").Where(t => t.Value is "up" or "down").Max(t => double.Parse(t.Attribute("y")!.Value, CultureInfo.InvariantCulture));
        double plotTop = double.Parse(svg.Element(Ns + "svg")!.Attribute("y")!.Value, CultureInfo.InvariantCulture);
        Assert.True(legend < plotTop, $"legend at {legend}, axes from {plotTop}");
    }

    [Fact]
    public void BadInput_IsNamedInTheError()
    {
        static string Message(Func<object> draw) => Assert.ThrowsAny<ArgumentException>(draw).Message;
        Assert.Contains("y[1] = NaN", Message(() => Plot.Lines([1, double.NaN], title: "t", x: "x", y: "y", alt: "a")));
        Assert.Contains("empty", Message(() => Plot.Lines(Array.Empty<double>(), title: "t", x: "x", y: "y", alt: "a")));
        Assert.Contains("2 x values but 1 y", Message(() => Plot.Lines([1.0, 2], [1.0], title: "t", x: "x", y: "y", alt: "a")));
        Assert.Contains("alt text", Message(() => Plot.Lines([1.0, 2], title: "t", x: "x", y: "y", alt: " ")));
        Assert.Contains("label on both axes", Message(() => Plot.Lines([1.0, 2], title: "t", x: "", y: "y", alt: "a")));
        Assert.Contains("cannot show 0", Message(() => Plot.Lines([1.0, 0], title: "t", x: "x", y: "y", alt: "a", yScale: Scale.Log)));
        Assert.Contains("2 lines but 1 labels", Message(() => Plot.Lines([[1.0], [2.0]], title: "t", x: "x", y: "y", alt: "a", labels: ["one"])));
        Assert.Contains("value NaN", Message(() => Plot.Heatmap(new[,] { { double.NaN } }, title: "t", x: "x", y: "y", alt: "a")));
        Assert.Contains("no images", Message(() => Plot.Images([], title: "t", alt: "a")));
        Assert.Contains("class 2", Message(() => Plot.Scatter([1], [1], title: "t", x: "x", y: "y", alt: "a", classes: [2], labels: ["one"])));
    }

    [Fact]
    public void Lines_WithManyPoints_KeepTheSpikeAndStaySmall()
    {
        double[] ys = new double[100_000];
        ys[54_321] = 1;
        string svg = Plot.Lines(ys, title: "Spike", x: "i", y: "v", alt: "one spike").ToSvg();
        Assert.True(svg.Length < 60_000, $"{svg.Length} characters");
        string path = XElement.Parse(svg).Descendants(Ns + "path").First().Attribute("d")!.Value;
        var heights = path.Split('M', 'L').Where(p => p != "").Select(p => p.Split(' ')[1]).Distinct();
        Assert.Equal(2, heights.Count());
    }

    [Fact]
    public void Bars_OfConstantOrSinglePoint_HaveARange()
    {
        Assert.DoesNotContain("NaN", Plot.Lines([5.0], title: "t", x: "x", y: "y", alt: "a").ToSvg());
        Assert.DoesNotContain("NaN", Plot.Lines([0.0, 0], title: "t", x: "x", y: "y", alt: "a").ToSvg());
        Assert.DoesNotContain("NaN", Plot.Histogram([2.0, 2], title: "t", x: "x", alt: "a").ToSvg());
    }
}
