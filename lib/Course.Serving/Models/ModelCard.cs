using System.Globalization;
using System.Net;
using System.Text;

namespace Course.Serving;

/// <summary>What may be known of a model before it is trusted: what it is for, what it eats, from which data it comes and how good it was.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The model's version.</param>
/// <param name="Architecture">Which network it is.</param>
/// <param name="Labels">What it can answer, in the order of its outputs.</param>
/// <param name="InputShape">Shape of one input.</param>
/// <param name="Minimum">Smallest raw value of an input.</param>
/// <param name="Maximum">Largest raw value of an input.</param>
/// <param name="Pictures">How PNG and JPEG become inputs; null when the model takes no pictures.</param>
/// <param name="Data">The training data, in words.</param>
/// <param name="DataHash">Their SHA-256.</param>
/// <param name="TestDataHash">SHA-256 of the test data that are kept under seal; null when there are none.</param>
/// <param name="Engine">Which library computed the weights.</param>
/// <param name="Created">When.</param>
/// <param name="Metrics">Measured before the model was saved.</param>
public sealed record ModelCard(
    string Name, string Version, string Architecture, IReadOnlyList<string> Labels, IReadOnlyList<long> InputShape, double Minimum, double Maximum, string? Pictures,
    string Data, string DataHash, string? TestDataHash, string Engine, DateTimeOffset Created, IReadOnlyDictionary<string, double> Metrics)
{
    internal static ModelCard Of(ServedModel model)
    {
        var (info, preprocessing) = (model.Info, model.Info.Preprocessing);
        return new(info.Name, info.Version, info.Architecture, info.Labels, preprocessing.InputShape, preprocessing.Minimum, preprocessing.Maximum, model.Pictures?.Text,
            info.Data, info.DataHash, info.Seal?.DataHash, info.Engine, info.Created, info.Metrics);
    }

    /// <summary>The card as a page. Whatever the artefact says is text in it, never markup.</summary>
    internal string ToHtml()
    {
        var rows = new StringBuilder();
        void Row(string what, string text) => rows.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{WebUtility.HtmlEncode(what)}</th><td>{WebUtility.HtmlEncode(text)}</td></tr>\n");
        Row("Version", Version);
        Row("Architecture", Architecture);
        Row("Answers", string.Join(", ", Labels));
        Row("Input", string.Create(CultureInfo.InvariantCulture, $"{string.Join('×', InputShape)} numbers from {Minimum} to {Maximum}"));
        Row("Pictures", Pictures ?? "none");
        Row("Training data", $"{Data} (SHA-256 {DataHash})");
        Row("Test data under seal", TestDataHash ?? "none");
        Row("Computed with", Engine);
        Row("Made", Created.ToString("u", CultureInfo.InvariantCulture));
        foreach (var (metric, value) in Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
            Row(metric, value.ToString("0.####", CultureInfo.InvariantCulture));
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Model card: {WebUtility.HtmlEncode(Name)} {WebUtility.HtmlEncode(Version)}</title>
            <link rel="stylesheet" href="page.css">
            </head>
            <body>
            <main>
            <h1>{WebUtility.HtmlEncode(Name)}</h1>
            <p>What this model is, in its own artefact's words. The numbers were measured before it was saved, on the data named here; other data, other numbers.</p>
            <table>
            {rows}</table>
            </main>
            </body>
            </html>

            """;
    }
}
