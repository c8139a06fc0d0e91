using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Course.Base;

namespace Course.Session.Packages;

/// <param name="Version">As NuGet writes versions: <c>1.2.3</c>, <c>1.*</c>, <c>*-*</c>, <c>[1.0,2.0)</c>; <c>*</c> is the newest stable one.</param>
public sealed record PackageId(string Name, string Version)
{
    public const string Newest = "*";
}

/// <summary>
/// What a set of packages brings: assemblies to reference, folders with native libraries, and extensions of .NET Interactive
/// by which their objects are shown.
/// </summary>
/// <param name="Versions">What was taken of the packages asked for, by name.</param>
/// <param name="Silent">Sources that did not answer and were left out.</param>
public sealed record RestoredPackages(
    IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeFolders, IReadOnlyList<string> Extensions,
    IReadOnlyDictionary<string, string> Versions, IReadOnlyList<string> Silent);

/// <summary>A package cannot be had; the message is one line for the reader.</summary>
public sealed class PackageRestoreException(string message) : Exception(message);

/// <summary>
/// Restores packages as the SDK does, through a project made for the purpose, and remembers the result by everything
/// that it depends on: names, versions, sources, framework, platform and SDK.
/// </summary>
public static partial class PackageRestore
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>How long the newest version of a package counts as such.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    /// <summary>What extensions are written against, in the version that the repository pins.</summary>
    private static readonly PackageId Interactive = new("Microsoft.DotNet.Interactive",
        typeof(PackageRestore).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Microsoft.DotNet.Interactive").Value!);

    /// <summary>Packages with an extension are restored together with what it is written against.</summary>
    /// <param name="sources">Where packages are looked for beside the configured sources; one that does not answer is left out.</param>
    /// <exception cref="PackageRestoreException">One of the packages cannot be restored.</exception>
    public static async Task<RestoredPackages> RestoreAsync(IReadOnlyList<PackageId> packages, IReadOnlyList<string> sources, CancellationToken cancel, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        foreach (var package in packages)
        {
            if (!Version().IsMatch(package.Version))
                throw new PackageRestoreException($"'{package.Version}' is no version; expected one such as 1.2.3, 1.*, *-* or [1.0,2.0)");
        }
        var restored = await RestoreSetAsync(packages, sources, clock, cancel);
        return restored.Extensions.Count == 0 || restored.Assemblies.Any(path => Path.GetFileNameWithoutExtension(path) == Interactive.Name)
            ? restored : await RestoreSetAsync([.. packages, Interactive], [.. sources.Except(restored.Silent)], clock, cancel) with { Silent = restored.Silent };
    }

    private static async Task<RestoredPackages> RestoreSetAsync(IReadOnlyList<PackageId> packages, IReadOnlyList<string> sources, TimeProvider clock, CancellationToken cancel)
    {
        string folder = Path.Combine(CacheFolder, Key(packages, sources));
        string result = Path.Combine(folder, "restored.json");
        bool floating = packages.Any(p => p.Version.Contains('*'));
        if (Read(result) is { } known && (!floating || File.GetLastWriteTimeUtc(result) > clock.GetUtcNow().UtcDateTime - Fresh))
            return known;

        // A folder of its own for each attempt: two sessions may restore the same packages at once.
        string work = Path.Combine(folder, Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(work);
        try
        {
            // The project stands alone, whatever lies in the folders above it.
            foreach (string file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
                await File.WriteAllTextAsync(Path.Combine(work, file), "<Project />", cancel);
            List<string> asked = [.. sources], silent = [];
            while (true)
            {
                await File.WriteAllTextAsync(Path.Combine(work, "Packages.csproj"), Project(packages, asked), cancel);
                if (await DotNet(work, clock, cancel) is not { } output)
                    break;
                if (asked.Find(source => Unreachable().Matches(output).Any(m => m.Groups["source"].Value.Contains(source.TrimEnd('/'), StringComparison.Ordinal))) is not { } unreachable)
                    throw new PackageRestoreException(Complaint(output, packages));
                asked.Remove(unreachable);
                silent.Add(unreachable);
            }
            var restored = Assets(Path.Combine(work, "obj", "project.assets.json"), packages) with { Silent = silent };
            if (silent.Count == 0)
                AtomicFile.WriteAllText(result, JsonSerializer.Serialize(restored, PackageJson.Default.RestoredPackages));
            return restored;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static string CacheFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create) is { Length: > 0 } local ? local : Path.GetTempPath(),
        "deep-learning-course", "packages");

    private static string Framework => $"net{Environment.Version.Major}.{Environment.Version.Minor}";

    private static string Key(IReadOnlyList<PackageId> packages, IReadOnlyList<string> sources)
    {
        string all = string.Join('\n', packages.Select(p => $"{p.Name.ToLowerInvariant()} {p.Version}").Order().Concat(sources.Order())
            .Append("with versions").Append(Framework).Append(AppContext.GetData("RUNTIME_IDENTIFIER") as string ?? "").Append(Environment.Version.ToString()));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..24];
    }

    private static RestoredPackages? Read(string path)
    {
        try
        {
            // Somebody may have emptied the package folder since.
            return File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllText(path), PackageJson.Default.RestoredPackages) is { } known && known.Assemblies.All(File.Exists)
                ? known : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Project(IReadOnlyList<PackageId> packages, IReadOnlyList<string> sources) => new XElement("Project",
        new XAttribute("Sdk", "Microsoft.NET.Sdk"),
        new XElement("PropertyGroup",
            new XElement("TargetFramework", Framework),
            new XElement("RuntimeIdentifier", AppContext.GetData("RUNTIME_IDENTIFIER") as string),
            new XElement("SelfContained", "false"),
            new XElement("NuGetAudit", "false"),
            // What a cell pins stays, also where another package asks for a newer one.
            new XElement("NoWarn", "NU1605"),
            new XElement("EnableDefaultItems", "false"),
            sources.Count == 0 ? null : new XElement("RestoreAdditionalProjectSources", string.Join(';', sources))),
        new XElement("ItemGroup", packages.Select(p => new XElement("PackageReference", new XAttribute("Include", p.Name), new XAttribute("Version", p.Version))))).ToString();

    private const string ExtensionFolder = "interactive-extensions/dotnet/";

    /// <summary>Runs the restore; null when it succeeded, else what it printed.</summary>
    private static async Task<string?> DotNet(string folder, TimeProvider clock, CancellationToken cancel)
    {
        var environment = new Dictionary<string, string?> { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1" };
        // A session's own limits and what `dotnet run` hands down are not meant for the SDK.
        foreach (string name in (string[])["DOTNET_GCHeapHardLimit", "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH"])
            environment[name] = null;
        using var late = new CancellationTokenSource(Limit, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            var restore = await ProcessRun.ToEndAsync(DotNetHost.Path, ["restore", "-v", "quiet", "--nologo", "--disable-build-servers"], folder, environment, cancel: limit.Token);
            return restore.ExitCode == 0 ? null : restore.Output + restore.Error;
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return $"error : no answer within {Limit.TotalMinutes:0} minutes";
        }
    }

    private static string Complaint(string output, IReadOnlyList<PackageId> packages)
    {
        var error = ErrorLine().Match(output);
        string text = error.Success ? $"{error.Groups["code"].Value} {error.Groups["text"].Value}".Trim() : "dotnet restore failed";
        return packages.Any(p => text.Contains(p.Name, StringComparison.OrdinalIgnoreCase)) ? text : $"{string.Join(", ", packages.Select(p => $"{p.Name} {p.Version}"))}: {text}";
    }

    private static RestoredPackages Assets(string path, IReadOnlyList<PackageId> packages)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(path));
        string[] folders = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToArray();
        var libraries = assets.RootElement.GetProperty("libraries");
        var target = assets.RootElement.GetProperty("targets").EnumerateObject().Last().Value;
        var assemblies = new List<string>();
        var natives = new List<string>();
        var extensions = new List<string>();
        foreach (var library in target.EnumerateObject())
        {
            if (!libraries.GetProperty(library.Name).TryGetProperty("path", out var relative))
                continue;
            foreach (string file in Files(library.Value, "runtime"))
                Add(assemblies, Locate(relative.GetString()!, file));
            foreach (string file in Files(library.Value, "native"))
                Add(natives, Path.GetDirectoryName(Locate(relative.GetString()!, file))!);
            if (libraries.GetProperty(library.Name).TryGetProperty("files", out var files))
                foreach (string file in files.EnumerateArray().Select(f => f.GetString()!).Where(f => f.StartsWith(ExtensionFolder, StringComparison.Ordinal) && f.EndsWith(".dll", StringComparison.Ordinal)))
                    Add(extensions, Locate(relative.GetString()!, file));
        }
        var versions = packages.ToDictionary(p => p.Name, p => target.EnumerateObject().Select(l => l.Name.Split('/')).First(l => l[0].Equals(p.Name, StringComparison.OrdinalIgnoreCase))[1]);
        // An extension that is also a library of the package is loaded once.
        return new RestoredPackages(assemblies, natives, [.. extensions.Select(e => assemblies.Find(a => Path.GetFileName(a) == Path.GetFileName(e)) ?? e)], versions, []);

        string Locate(string library, string file) =>
            folders.Select(f => Path.GetFullPath(Path.Combine(f, library, file))).FirstOrDefault(File.Exists)
            ?? throw new PackageRestoreException($"{string.Join(", ", packages.Select(p => p.Name))}: {library}/{file} was restored but is missing");

        static void Add(List<string> list, string item)
        {
            if (!list.Contains(item))
                list.Add(item);
        }
    }

    private static IEnumerable<string> Files(JsonElement library, string kind) =>
        library.TryGetProperty(kind, out var files) ? files.EnumerateObject().Select(f => f.Name).Where(f => !f.EndsWith("_._", StringComparison.Ordinal)) : [];

    [GeneratedRegex(@"^(\*|\*-\*|\d+(\.\d+){0,3}(\.\*)?(-[\w.-]*\*?)?|[\[(][\w.*, -]+[\])])$")]
    private static partial Regex Version();

    [GeneratedRegex(@"error NU1301\s*: (?<source>[^\r\n]+)")]
    private static partial Regex Unreachable();

    [GeneratedRegex(@"error (?<code>NU\d+)?\s*: (?<text>[^\r\n\[]+)")]
    private static partial Regex ErrorLine();
}

[JsonSerializable(typeof(RestoredPackages))]
internal sealed partial class PackageJson : JsonSerializerContext;
