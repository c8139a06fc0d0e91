using System.ComponentModel;
using System.Text;
using System.Text.RegularExpressions;
using Course.Base;

namespace Course.Book.Building;

/// <summary>The whole book on paper: all pages joined into one and printed by Chromium.</summary>
public static partial class BookPdf
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    /// <summary>Prints <c>book.pdf</c> beside the pages; its path.</summary>
    /// <exception cref="BookException">There is no Chromium, or it fails.</exception>
    public static async Task<string> PrintAsync(string folder, CancellationToken cancel)
    {
        string joined = Path.Combine(folder, "print.html"), pdf = Path.Combine(folder, "book.pdf"), temporary = pdf + ".tmp.pdf";
        AtomicFile.WriteAllText(joined, Join(folder));
        string profile = Directory.CreateTempSubdirectory("course-book-chromium-").FullName;
        try
        {
            // Diagrams are drawn by a script: the virtual time lets it finish, however long that takes.
            string[] arguments =
            [
                "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--generate-pdf-document-outline", $"--user-data-dir={profile}", "--virtual-time-budget=60000",
                .. Environment.UserName == "root" ? (string[])["--no-sandbox"] : [], $"--print-to-pdf={temporary}", new Uri(joined).AbsoluteUri,
            ];
            var browser = await RunAsync(arguments, cancel);
            if (browser.ExitCode != 0 || !File.Exists(temporary))
                throw new BookException($"Chromium could not print the book: {browser.Error.Trim()}");
            File.Move(temporary, pdf, overwrite: true);
            return pdf;
        }
        finally
        {
            File.Delete(joined);
            Directory.Delete(profile, recursive: true);
        }
    }

    private static async Task<ProcessRun.Result> RunAsync(string[] arguments, CancellationToken cancel)
    {
        foreach (string browser in Browsers)
            try
            {
                return await ProcessRun.ToEndAsync(browser, arguments, cancel: cancel);
            }
            catch (Win32Exception)
            {
                // Not this one.
            }
        throw new BookException($"--pdf needs Chromium or Chrome on the PATH (looked for {string.Join(", ", Browsers)}).");
    }

    /// <summary>The text of all pages in their order; anchors bear their page's name, and links between pages become links within.</summary>
    private static string Join(string folder)
    {
        string start = File.ReadAllText(Path.Combine(folder, "index.html"));
        var pages = Href().Matches(start[start.IndexOf("<nav id=\"chapters\"", StringComparison.Ordinal)..start.IndexOf("</nav>", StringComparison.Ordinal)])
            .Select(m => m.Groups["page"].Value).Distinct().ToList();
        var text = new StringBuilder();
        foreach (string page in pages.Prepend("index.html"))
        {
            string slug = Path.GetFileNameWithoutExtension(page), main = Main().Match(File.ReadAllText(Path.Combine(folder, page))).Groups["body"].Value;
            main = Id().Replace(main, m => $" id=\"{slug}--{m.Groups["id"].Value}\"");
            main = Href().Replace(main, m => m.Groups["page"].Value.Length == 0 && m.Groups["anchor"].Value.Length == 0 ? m.Value
                : $"href=\"#{(m.Groups["page"].Value.Length == 0 ? slug : Path.GetFileNameWithoutExtension(m.Groups["page"].Value))}--{(m.Groups["anchor"].Value is { Length: > 0 } anchor ? anchor : "top")}\"");
            text.Append($"<article id=\"{slug}--top\">{main.Replace("<details", "<details open")}</article>\n");
        }
        string head = start[..(start.IndexOf("</head>", StringComparison.Ordinal) + "</head>".Length)];
        return $"{head}<body><main>{text}</main><script src=\"assets/mermaid.min.js\"></script><script>mermaid.initialize({{ startOnLoad: true, theme: \"neutral\" }});</script></body></html>";
    }

    [GeneratedRegex("<main[^>]*>(?<body>.*)</main>", RegexOptions.Singleline)]
    private static partial Regex Main();

    // The ids of headings, equations and cells; those inside figures are unique in the whole book.
    [GeneratedRegex(@" id=""(?<id>(?!fig[0-9a-f]{10})[^""]+)""")]
    private static partial Regex Id();

    [GeneratedRegex(@"href=""(?<page>[\w-]*\.html|)(?:#(?<anchor>[^""]*))?""")]
    private static partial Regex Href();
}
