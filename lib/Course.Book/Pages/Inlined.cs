using System.Text.RegularExpressions;
using Course.Book.Mathematics;

namespace Course.Book.Pages;

/// <summary>What lies beside a book's pages, written into a page that has nothing beside it.</summary>
internal static partial class Inlined
{
    /// <summary>KaTeX's style sheet with its fonts inside.</summary>
    public static string Katex(NpmPackages packages) =>
        Font().Replace(File.ReadAllText(packages.PathOf("katex", "dist", "katex.min.css")), match =>
            $"src:url(data:font/woff2;base64,{Convert.ToBase64String(File.ReadAllBytes(packages.PathOf("katex", "dist", "fonts", match.Groups["file"].Value)))}) format(\"woff2\")");

    /// <summary>A script inside an element: no text of it can end the element.</summary>
    public static string Script(string script) => $"<script>{script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>";

    public static string Mermaid(NpmPackages packages) => Script(File.ReadAllText(packages.PathOf("mermaid", "dist", "mermaid.min.js")));

    [GeneratedRegex(@"src:url\(fonts/(?<file>[\w-]+\.woff2)\)[^;}]*")]
    private static partial Regex Font();
}
