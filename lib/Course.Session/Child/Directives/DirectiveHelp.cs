using System.Net;
using System.Text.Json.Nodes;
using Course.Session.Child.Display;

namespace Course.Session.Child.Directives;

/// <summary>What a cell can begin a line with, and what it does.</summary>
internal static class DirectiveHelp
{
    public static readonly (string Name, string Signature, string Description)[] Known =
    [
        ("#r", "#r \"path.dll\" or #r \"nuget: Id, Version\"", "Adds a library or a package to this session."),
        ("#i", "#i \"nuget: source\"", "Looks for packages in this source too."),
        ("#load", "#load \"file.csx\"", "Runs a C# file here; its definitions stay."),
        ("#!import", "#!import file", "Runs a notebook or a C# file here; its definitions stay."),
        ("#!time", "#!time", "Shows how long the cell takes."),
        ("#!set", "#!set --name x --value v", "Sets a variable."),
        ("#!share", "#!share x --from kernel [--as y]", "Takes over a value, such as one of #!value."),
        ("#!value", "#!value --name x", "Keeps the text below under a name."),
        ("#!csharp", "#!csharp", "The lines below are C#."),
        ("#!markdown", "#!markdown", "The lines below are Markdown."),
        ("#!html", "#!html", "The lines below are HTML."),
        ("#!javascript", "#!javascript", "The lines below run in the front end."),
        ("#!svg", "#!svg", "The lines below are a picture."),
        ("#!who", "#!who", "Names the variables of this session."),
        ("#!whos", "#!whos", "Shows the variables of this session with their types and values."),
        ("#!about", "#!about", "Says which kernel this is, on which .NET."),
        ("#!lsmagic", "#!lsmagic", "Shows the directives."),
        ("#!mermaid", "#!mermaid", "The lines below are a Mermaid diagram."),
    ];

    public static string Names => string.Join(", ", Known.Select(d => d.Name));

    /// <summary>What <c>#!lsmagic</c> shows.</summary>
    public static JsonObject Table() => new()
    {
        [MimeBundle.Html] = "<table><thead><tr><th scope=\"col\">Directive</th><th scope=\"col\">What it does</th></tr></thead><tbody>"
            + string.Concat(Known.Select(d => $"<tr><td><code>{WebUtility.HtmlEncode(d.Signature)}</code></td><td>{WebUtility.HtmlEncode(d.Description)}</td></tr>")) + "</tbody></table>",
        [MimeBundle.Plain] = string.Join('\n', Known.Select(d => $"{d.Signature}\t{d.Description}")),
    };
}
