using System.Security.Cryptography;
using System.Text;

namespace Course;

/// <summary>One picture of several, and where the slider stands when it is shown.</summary>
/// <param name="At">The value of what is varied, with its unit: <c>0.1</c>, <c>2.4 %</c>.</param>
/// <param name="Picture">What is seen there. Give all pictures of a figure the same axes.</param>
/// <param name="Says">What is to be seen there in words, with its number: a row of the table.</param>
public sealed record Frame(string At, Figure Picture, string Says);

/// <summary>
/// Pictures drawn beforehand, with a slider that picks one. The page holds all of them and needs no network; where scripts do not run
/// it shows the first picture and a table of all.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Html, Mime.Svg, Mime.Text])]
public sealed class Frames : IDisplayable
{
    // The slider stays hidden until the script is there that listens to it. A page may show the figure twice.
    private const string Script = """
        document.querySelectorAll('[data-frames="ID"]').forEach(function (figure) {
          var slider = figure.querySelector('input'), value = figure.querySelector('output');
          var frames = figure.querySelectorAll('[data-at]'), says = figure.querySelector('[data-says]');
          function show() {
            frames.forEach(function (frame, i) { frame.hidden = i != slider.value; });
            var rows = figure.querySelectorAll('tbody tr'), cells = rows[slider.value].children;
            rows.forEach(function (row, i) { row.style.fontWeight = i == slider.value ? '600' : ''; });
            value.textContent = cells[0].textContent;
            says.textContent = cells[1].textContent;
            slider.setAttribute('aria-valuetext', cells[0].textContent + ': ' + cells[1].textContent);
          }
          slider.addEventListener('input', show);
          figure.querySelector('[data-control]').hidden = false;
          figure.querySelector('details').open = false;
          show();
        });
        """;

    private readonly Frame[] _frames;
    private readonly string _control;

    internal Frames(Frame[] frames, string control, string title, string alt)
    {
        if (string.IsNullOrWhiteSpace(title) || string.IsNullOrWhiteSpace(alt))
            throw new ArgumentException("A figure needs a title that says what it shows, and an alt text.", nameof(title));
        if (frames.Length < 2)
            throw new ArgumentException($"The figure '{title}' has {frames.Length} frames; a slider needs at least two.", nameof(frames));
        if (string.IsNullOrWhiteSpace(control))
            throw new ArgumentException($"The figure '{title}' does not say what its slider changes.", nameof(control));
        (_frames, _control, Title, Alt) = (frames, control, title, alt);
    }

    public string Title { get; }

    public string Alt { get; }

    public IEnumerable<Representation> Representations() =>
    [
        new(Mime.Html, ToHtml()),
        new(Mime.Svg, _frames[0].Picture.ToSvg()),
        new(Mime.Text, ToString()),
    ];

    /// <summary>The figure in words: title, alt text and a line for each frame.</summary>
    public override string ToString() =>
        string.Join('\n', new[] { $"[Figure with frames] {Title}", Alt }.Concat(_frames.Select(frame => $"  {_control} {frame.At}: {frame.Says}")));

    private string ToHtml()
    {
        string[] pictures = [.. _frames.Select(frame => frame.Picture.ToSvg())];
        string id = "frames" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString() + string.Concat(pictures))))[..10];
        string control = Svg.Escape(_control);
        string shown = string.Join('\n', pictures.Select((picture, i) => $"<div data-at=\"{i}\"{(i == 0 ? "" : " hidden")}>{picture}</div>"));
        string rows = string.Join('\n', _frames.Select(frame => $"<tr><td>{Svg.Escape(frame.At)}</td><td>{Svg.Escape(frame.Says)}</td></tr>"));
        return $"""
            <div class="course-figure" data-frames="{id}" role="group" aria-label="{Svg.Escape(Title)}" aria-describedby="{id}-alt" style="margin:0.5em 0">
            <p style="font-weight:600;margin:0.3em 0">{Svg.Escape(Title)}</p>
            <p id="{id}-alt" hidden>{Svg.Escape(Alt)}</p>
            <div data-control hidden>
            <label for="{id}-at">{control}: <output>{Svg.Escape(_frames[0].At)}</output></label><br>
            <input id="{id}-at" type="range" min="0" max="{_frames.Length - 1}" step="1" value="0" style="width:min(100%,420px)">
            <span data-says aria-live="polite"></span>
            </div>
            {shown}
            <details open><summary>All pictures as a table</summary>
            <table><thead><tr><th scope="col">{control}</th><th scope="col">what is seen</th></tr></thead>
            <tbody>
            {rows}
            </tbody></table></details>
            <script>
            {Script.Replace("ID", id)}
            </script>
            </div>
            """;
    }
}

public static partial class Plot
{
    /// <summary>Pictures with a slider: what changes when one number does.</summary>
    /// <param name="frames">At least two, in the order of the slider; the first is what paper and pages without script show.</param>
    /// <param name="control">What the slider changes, such as <c>learning rate</c>.</param>
    /// <param name="title">The finding.</param>
    /// <param name="alt">In words, what changes along the slider.</param>
    /// <exception cref="ArgumentException">Fewer than two frames, or a text is missing.</exception>
    public static Frames Frames(IEnumerable<Frame> frames, string control, string title, string alt) => new([.. frames], control, title, alt);
}
