using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Course.Jupyter.Install;

/// <summary>An installed kernel, ours or another's.</summary>
/// <param name="Problem">Why one of ours cannot start, and what to do; null when it can, and for those of others.</param>
public sealed record KernelSpec(string Name, string DisplayName, string Folder, bool IsOurs, string? Problem);

/// <summary>A kernel cannot be installed or removed; the message says what to do.</summary>
public sealed class KernelSpecException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Jupyter's folders of kernel specifications.</summary>
public sealed partial class KernelSpecStore(JupyterPaths paths)
{
    public const string InteractiveName = ".net-csharp";
    public const string OwnName = "course-csharp";
    private const string Mark = "course";
    private static readonly string[] Logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

    /// <summary>All kernels that Jupyter would find; of equal names only the first counts.</summary>
    public IReadOnlyList<KernelSpec> List() => [.. paths.All().SelectMany(In).DistinctBy(spec => spec.Name)];

    /// <summary>The kernels of one data folder.</summary>
    public static IEnumerable<KernelSpec> In(string data)
    {
        string kernels = Path.Combine(data, "kernels");
        if (!Directory.Exists(kernels))
            return [];
        return Directory.GetDirectories(kernels).Order(StringComparer.Ordinal).Select(Read).OfType<KernelSpec>();
    }

    private static KernelSpec? Read(string folder)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!.AsObject();
            bool isOurs = json["metadata"]?[Mark] is not null;
            return new(Path.GetFileName(folder).ToLowerInvariant(), json["display_name"]?.ToString() ?? "", folder, isOurs, isOurs ? Problem(json) : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>.NET may have been moved or updated since, and folders are copied without what lies in them.</summary>
    private static string? Problem(JsonObject specification)
    {
        string? missing = (specification["argv"] as JsonArray)?.Take(2).Select(argument => argument!.ToString()).FirstOrDefault(path => Path.IsPathRooted(path) && !File.Exists(path));
        return missing is null ? null : $"{missing} is gone; install again with --replace";
    }

    public static bool IsName(string name) => ValidName().IsMatch(name);

    /// <summary>What is wrong with a name that <see cref="IsName"/> refuses.</summary>
    public static string NoName(string name) => $"'{name}' is no name for a kernel: use letters, digits, '.', '_' and '-', with a letter or digit among them.";

    /// <summary>
    /// The name to install under when none is asked for: the one that notebooks written for .NET Interactive ask for, unless
    /// another program's kernel answers to it.
    /// </summary>
    public string FreeName(string data) =>
        In(data).Concat(List()).Any(spec => spec.Name == InteractiveName && !spec.IsOurs) ? OwnName : InteractiveName;

    /// <summary>Installs the kernel with a program that <paramref name="publish"/> puts into the folder it is given.</summary>
    /// <exception cref="KernelSpecException">The name is taken or not allowed, or the folder cannot be written.</exception>
    public static KernelSpec Install(string data, string name, bool replace, string dotnet, Action<string> publish)
    {
        if (!IsName(name))
            throw new KernelSpecException(NoName(name));
        string folder = Path.Combine(data, "kernels", name.ToLowerInvariant());
        if (Directory.Exists(folder) && !replace)
        {
            string whose = Read(folder) is { IsOurs: true } ? "This kernel" : "Another program's kernel";
            throw new KernelSpecException($"{whose} is already installed in {folder}; pass --replace to install over it, or --name for another name.");
        }
        string temporary = $"{folder}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(temporary);
            publish(Path.Combine(temporary, "program"));
            foreach (string logo in Logos)
            {
                using var from = typeof(KernelSpecStore).Assembly.GetManifestResourceStream(logo)!;
                using var to = File.Create(Path.Combine(temporary, logo));
                from.CopyTo(to);
            }
            var json = Specification(dotnet, Path.Combine(folder, "program", "Course.Jupyter.dll"));
            File.WriteAllText(Path.Combine(temporary, "kernel.json"), json.ToJsonString(new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
            if (Directory.Exists(folder))
                Remove(folder);
            Directory.Move(temporary, folder);
            return Read(folder)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelSpecException($"Cannot install into {folder}: {e.Message} Choose a folder that you may write to: --user, or --prefix.", e);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    private static JsonObject Specification(string dotnet, string program) => new()
    {
        ["argv"] = new JsonArray(dotnet, program, "--connection-file", "{connection_file}"),
        ["display_name"] = ".NET (C#)",
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { ["debugger"] = false, [Mark] = new JsonObject { ["program"] = "Course.Jupyter" } },
    };

    /// <summary>Removes a kernel of ours wherever Jupyter finds it.</summary>
    /// <exception cref="KernelSpecException">There is none of that name, or it is not ours.</exception>
    public KernelSpec Uninstall(string name, string? data)
    {
        var found = (data is null ? List() : In(data)).FirstOrDefault(spec => spec.Name == name.ToLowerInvariant())
            ?? throw new KernelSpecException($"No kernel is called '{name}'; `course kernel list` shows those that are there.");
        if (!found.IsOurs)
            throw new KernelSpecException($"The kernel in {found.Folder} was not installed by this command; remove it with the program that did.");
        try
        {
            Remove(found.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelSpecException($"Cannot remove {found.Folder}: {e.Message}", e);
        }
        return found;
    }

    /// <summary>Renamed first, so that no front end ever meets half a kernel.</summary>
    private static void Remove(string folder)
    {
        string leaving = $"{folder}.{Guid.NewGuid():N}.tmp";
        Directory.Move(folder, leaving);
        Directory.Delete(leaving, recursive: true);
    }

    [GeneratedRegex(@"\A(?=.*[A-Za-z0-9])[A-Za-z0-9._-]+\z")]
    private static partial Regex ValidName();
}
