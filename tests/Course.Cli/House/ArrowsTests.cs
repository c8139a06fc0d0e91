using System.Text.RegularExpressions;
using System.Xml.Linq;
using Course.Base;

namespace Course.Cli.Tests.House;

/// <summary>Which library may refer to which, by projects and by the namespaces that its sources name: arrows point one way.</summary>
public partial class ArrowsTests
{
    /// <summary>Each library with all that it may name. What is missing here is a new library: say where it stands.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Course.Base"] = [],
        ["Course.Kernel.Cells"] = [],
        ["Course.Notebooks"] = ["Course.Base"],
        ["Course.Session"] = ["Course.Base", "Course.Kernel.Cells", "Course.Notebooks"],
        ["Course.Runner"] = ["Course.Base", "Course.Notebooks", "Course.Session"],
        ["Course.Jupyter"] = ["Course.Base", "Course.Session"],
        ["Course.Interactive"] = ["Course.Kernel.Cells", "Course.Session"],
        ["Course.Book"] = ["Course.Base", "Course.Kernel.Cells", "Course.Notebooks", "Course.Runner", "Course.Session"],
        ["Course.Classroom"] = ["Course.Base", "Course.Notebooks", "Course.Runner", "Course.Session"],
        // What cells load: it refers to nothing of what runs them.
        ["TorchSharp.Managed"] = [],
        ["Course"] = ["TorchSharp.Managed"],
        ["Course.Serving"] = ["Course", "TorchSharp.Managed"],
        ["Course.Serving.OnnxRuntime"] = ["Course", "Course.Serving", "TorchSharp.Managed"],
    };

    /// <summary>Parts of a session: what host and child say to each other knows neither; the child knows no host, the host no child.</summary>
    private static readonly Dictionary<string, string[]> Parts = new()
    {
        ["Contract"] = [],
        ["Packages"] = [],
        ["Host"] = ["Contract"],
        ["Child"] = ["Contract", "Packages"],
    };

    private static readonly string Lib = Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "lib");

    public static TheoryData<string> Libraries => [.. Directory.EnumerateFiles(Lib, "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "Course.Cli").Order()];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_RefersOnlyToThoseBelowIt(string name)
    {
        Assert.True(Allowed.ContainsKey(name), $"{name} is new: say in ArrowsTests what it may refer to");
        Assert.Empty(Included(name, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Except(Allowed[name]));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Sources_NameOnlyLibrariesBelowThem(string name)
    {
        // The longest name that fits: Course.Serving.OnnxRuntime is not Course.Serving. Types of Course lie in Course itself.
        string[] known = [.. Allowed.Keys.Append("Course.Cli").Where(other => other.StartsWith("Course.", StringComparison.Ordinal)).OrderByDescending(other => other.Length)];
        var wrong = Sources(Path.Combine(Lib, name)).SelectMany(file => CourseName().Matches(File.ReadAllText(file)).Select(match => (file, Target: known.FirstOrDefault(other => match.Value == other || match.Value.StartsWith(other + ".", StringComparison.Ordinal)))))
            .Where(use => use.Target is not null && use.Target != name && !Allowed[name].Contains(use.Target) && !(use.Target == "Course.Base" && CompilesInBase(name)));
        Assert.Empty(wrong.Select(use => $"{Path.GetRelativePath(Lib, use.file)} names {use.Target}").Distinct());
    }

    [Theory]
    [InlineData("Contract")]
    [InlineData("Packages")]
    [InlineData("Host")]
    [InlineData("Child")]
    public void PartOfSession_NamesOnlyThoseBelowIt(string part)
    {
        var wrong = Sources(Path.Combine(Lib, "Course.Session", part)).SelectMany(file => SessionPart().Matches(File.ReadAllText(file)).Select(match => (file, Target: match.Groups["part"].Value)))
            .Where(use => use.Target != part && !Parts[part].Contains(use.Target));
        Assert.Empty(wrong.Select(use => $"{Path.GetRelativePath(Lib, use.file)} names Course.Session.{use.Target}").Distinct());
    }

    /// <summary>What cells load compiles single sources of Course.Base instead of referring to it.</summary>
    private static bool CompilesInBase(string name) => Included(name, "Compile").Any(path => path.StartsWith("../Course.Base/", StringComparison.Ordinal));

    private static IEnumerable<string> Included(string name, string item) => XDocument.Load(Path.Combine(Lib, name, name + ".csproj")).Descendants(item).Select(found => found.Attribute("Include")?.Value.Replace('\\', '/')).OfType<string>();

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"(?<=^using (?:static )?)Course\.[\w.]+(?=;)", RegexOptions.Multiline)]
    private static partial Regex CourseName();

    [GeneratedRegex(@"^using Course\.Session\.(?<part>\w+)", RegexOptions.Multiline)]
    private static partial Regex SessionPart();
}
