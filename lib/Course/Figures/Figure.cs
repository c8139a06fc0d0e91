using System.Security.Cryptography;
using System.Text;

namespace Course;

/// <summary>A picture drawn as SVG: needs no script and no network, and says in words what it shows.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Html, Mime.Svg, Mime.Text])]
public abstract class Figure : IDisplayable
{
    /// <param name="title">The finding, not only the subject.</param>
    /// <param name="alt">What a person who cannot see the picture needs to know.</param>
    private protected Figure(string title, string alt)
    {
        if (string.IsNullOrWhiteSpace(title))
            throw new ArgumentException("A figure needs a title that says what it shows.", nameof(title));
        if (string.IsNullOrWhiteSpace(alt))
            throw new ArgumentException($"The figure '{title}' needs an alt text: say in one sentence what a reader would see.", nameof(alt));
        Title = title;
        Alt = alt;
    }

    public string Title { get; }

    public string Alt { get; }

    /// <summary>The drawing for a given width; the height follows from the content.</summary>
    internal abstract Drawing Draw(double width);

    /// <summary>Lines that describe the data for the plain-text form.</summary>
    private protected abstract IEnumerable<string> Summary();

    private protected virtual double PreferredWidth => 640;

    /// <summary>The whole picture as one SVG document; the same data always give the same text.</summary>
    public string ToSvg()
    {
        var drawing = Draw(PreferredWidth);
        string body = drawing.Body;
        string id = "fig" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Title + Alt + body)))[..10];
        string width = Svg.Number(drawing.Width), height = Svg.Number(drawing.Height);
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {width} {height}" width="{width}" height="{height}" style="max-width:100%;height:auto" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif" font-size="13" fill="{Palette.Ink}">
            <title id="{id}-title">{Svg.Escape(Title)}</title>
            <desc id="{id}-desc">{Svg.Escape(Alt)}</desc>
            <rect width="{width}" height="{height}" rx="6" fill="{Palette.Paper}"/>
            {body}</svg>
            """;
    }

    public IEnumerable<Representation> Representations()
    {
        string svg = ToSvg();
        return
        [
            new(Mime.Html, $"<div class=\"course-figure\" style=\"margin:0.5em 0\">{svg}</div>"),
            new(Mime.Svg, svg),
            new(Mime.Text, ToString()),
        ];
    }

    /// <summary>The figure in words: title, alt text and a line for each series.</summary>
    public override string ToString() => string.Join('\n', new[] { $"[Figure] {Title}", Alt }.Concat(Summary()));
}

/// <summary>SVG elements and the room they take, in pixels.</summary>
internal sealed record Drawing(string Body, double Width, double Height);
