using System.Xml.Linq;

namespace Course.Tests;

public sealed class FramesTests
{
    private static Frame At(double rate) =>
        new($"{rate}", Plot.Lines([1, rate], title: $"Rate <{rate}>", x: "step", y: "loss", alt: "a line"), $"ends at {rate} & stays");

    private static Frames Sample() => Plot.Frames([At(2), At(3), At(5)], control: "learning rate", title: "Larger is <worse>", alt: "The end rises.");

    private static XElement Html() => XElement.Parse(Of(Mime.Html)
        .Replace("<br>", "<br/>").Replace("value=\"0\" style=\"width:min(100%,420px)\">", "value=\"0\"/>").Replace("data-control hidden", "data-control=\"\" hidden=\"\"")
        .Replace(" hidden>", " hidden=\"\">").Replace("data-says ", "data-says=\"\" ").Replace("<details open>", "<details open=\"\">"));

    private static string Of(string mime) => Sample().Representations().Single(r => r.MimeType == mime).Content;

    [Fact]
    public void Html_WithoutScript_ShowsTheFirstFrameAndItsTable()
    {
        var html = Html();
        var frames = html.Elements("div").Where(div => div.Attribute("data-at") is not null).ToList();
        Assert.Equal([true, false, false], frames.Select(frame => frame.Attribute("hidden") is null));
        Assert.NotNull(html.Elements("div").Single(div => div.Attribute("data-control") is not null).Attribute("hidden"));
        Assert.NotNull(html.Element("details")!.Attribute("open"));
        string[][] rows = [.. html.Descendants("tbody").Single().Elements("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToArray())];
        Assert.Equal([["2", "ends at 2 & stays"], ["3", "ends at 3 & stays"], ["5", "ends at 5 & stays"]], rows);
    }

    [Fact]
    public void Html_HasALabelledSliderWithAPlaceForEachFrameAndReachesNoNetwork()
    {
        var html = Html();
        var slider = html.Descendants("input").Single();
        Assert.Equal(("range", "0", "2"), ((string)slider.Attribute("type")!, (string)slider.Attribute("min")!, (string)slider.Attribute("max")!));
        Assert.Equal((string)slider.Attribute("id")!, (string)html.Descendants("label").Single().Attribute("for")!);
        Assert.Equal("Larger is <worse>", (string)html.Attribute("aria-label")!);
        Assert.Equal("The end rises.", html.Elements("p").Single(p => (string?)p.Attribute("id") == (string)html.Attribute("aria-describedby")!).Value);
        Assert.DoesNotContain("src=", Of(Mime.Html));
        Assert.DoesNotContain("http", Of(Mime.Html).Replace("http://www.w3.org/2000/svg", ""));
        Assert.Contains($"[data-frames=\"{(string)html.Attribute("data-frames")!}\"]", Of(Mime.Html));
    }

    [Fact]
    public void OtherForms_AreTheFirstPictureAndAllInWords()
    {
        Assert.Equal(At(2).Picture.ToSvg(), Of(Mime.Svg));
        Assert.Equal("""
            [Figure with frames] Larger is <worse>
            The end rises.
              learning rate 2: ends at 2 & stays
              learning rate 3: ends at 3 & stays
              learning rate 5: ends at 5 & stays
            """.ReplaceLineEndings("\n"), Of(Mime.Text));
        Assert.Equal(Of(Mime.Html), Of(Mime.Html));
    }

    [Fact]
    public void BadInput_IsNamedInTheError()
    {
        static string Message(Func<object> draw) => Assert.ThrowsAny<ArgumentException>(draw).Message;
        Assert.Contains("has 1 frames", Message(() => Plot.Frames([At(1)], control: "rate", title: "t", alt: "a")));
        Assert.Contains("what its slider changes", Message(() => Plot.Frames([At(1), At(2)], control: "", title: "t", alt: "a")));
        Assert.Contains("alt text", Message(() => Plot.Frames([At(1), At(2)], control: "rate", title: "t", alt: "")));
    }
}
