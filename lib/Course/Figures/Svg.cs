using System.Globalization;
using System.Text;

namespace Course;

/// <summary>Writes SVG elements; every number in invariant culture with at most two decimals.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (char c in text)
            result.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                < ' ' and not '\n' and not '\t' => "�",
                _ => c.ToString(),
            });
        return result.ToString();
    }

    public Svg Raw(string element)
    {
        _text.Append(element).Append('\n');
        return this;
    }

    public Svg Line(double x1, double y1, double x2, double y2, string stroke, double width = 1, string dash = "") =>
        Raw($"<line x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\" stroke=\"{stroke}\" stroke-width=\"{Number(width)}\"{Dash(dash)}/>");

    public Svg Rectangle(double x, double y, double width, double height, string fill, string extra = "") =>
        Raw($"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" fill=\"{fill}\"{(extra == "" ? "" : " " + extra)}/>");

    /// <param name="anchor">start, middle or end.</param>
    public Svg Text(double x, double y, string text, string anchor = "start", double size = 13, string extra = "") =>
        Raw($"<text x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\" font-size=\"{Number(size)}\"{(extra == "" ? "" : " " + extra)}>{Escape(text)}</text>");

    public Svg Path(string d, string stroke, double width, string dash = "", string fill = "none", string extra = "") =>
        Raw($"<path d=\"{d}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{Number(width)}\" stroke-linejoin=\"round\"{Dash(dash)}{(extra == "" ? "" : " " + extra)}/>");

    /// <summary>A raster stretched over a rectangle with hard pixel edges.</summary>
    public Svg Image(double x, double y, double width, double height, byte[] png, bool smooth = false) =>
        Raw($"<image x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" preserveAspectRatio=\"none\" style=\"image-rendering:{(smooth ? "auto" : "pixelated")}\" href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>");

    /// <summary>A marker whose shape tells series apart without colour.</summary>
    public Svg Marker(double x, double y, double r, int shape, string fill, string extra = "")
    {
        string tail = $"fill=\"{fill}\" stroke=\"{Palette.Paper}\" stroke-width=\"0.7\"{(extra == "" ? "" : " " + extra)}/>";
        double t = r * 1.25;
        return Raw((shape % 4) switch
        {
            0 => $"<circle cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(r)}\" {tail}",
            1 => $"<path d=\"M{Number(x - r)} {Number(y - r)}h{Number(2 * r)}v{Number(2 * r)}h{Number(-2 * r)}z\" {tail}",
            2 => $"<path d=\"M{Number(x)} {Number(y - t)}L{Number(x + t)} {Number(y + r)}H{Number(x - t)}z\" {tail}",
            _ => $"<path d=\"M{Number(x)} {Number(y - t)}L{Number(x + t)} {Number(y)}L{Number(x)} {Number(y + t)}L{Number(x - t)} {Number(y)}z\" {tail}",
        });
    }

    private static string Dash(string dash) => dash == "" ? "" : $" stroke-dasharray=\"{dash}\"";
}
