using Course.Base;
using Course.Book.Mathematics;

namespace Course.Book.Building;

/// <summary>Style sheet, scripts and fonts that lie beside the pages.</summary>
internal static class BookAssets
{
    private static readonly string[] Ours = ["book.css", "book.js", "theme.js", "plotly-here.js"];

    public static void Write(string folder, NpmPackages packages)
    {
        string assets = Path.Combine(folder, "assets");
        Directory.CreateDirectory(Path.Combine(assets, "katex", "fonts"));
        foreach (string name in Ours)
            AtomicFile.WriteAllText(Path.Combine(assets, name), Book.Assets.Text(name));
        Copy(packages.PathOf("katex", "dist", "katex.min.css"), Path.Combine(assets, "katex", "katex.min.css"));
        foreach (string font in Directory.GetFiles(packages.PathOf("katex", "dist", "fonts"), "*.woff2"))
            Copy(font, Path.Combine(assets, "katex", "fonts", Path.GetFileName(font)));
        Copy(packages.PathOf("mermaid", "dist", "mermaid.min.js"), Path.Combine(assets, "mermaid.min.js"));
        Copy(packages.PathOf("minisearch", "dist", "umd", "index.js"), Path.Combine(assets, "minisearch.js"));
        if (PlotlyScript.Find() is { } plotly)
            AtomicFile.WriteAllText(Path.Combine(assets, "plotly.min.js"), plotly);
    }

    private static void Copy(string from, string to)
    {
        if (!File.Exists(to) || new FileInfo(to).Length != new FileInfo(from).Length)
            File.Copy(from, to, overwrite: true);
    }
}
