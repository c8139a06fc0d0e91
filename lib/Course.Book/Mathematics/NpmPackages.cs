using System.ComponentModel;
using Course.Base;

namespace Course.Book.Mathematics;

/// <summary>The pinned npm packages of the book and of slides: fetched once into the cache, never committed.</summary>
internal sealed class NpmPackages
{
    public const string Katex = "katex@0.19.1", Mermaid = "mermaid@12.3.0", MiniSearch = "minisearch@7.2.0", Reveal = "reveal.js@6.0.2";

    private static readonly string[] Wanted = [Katex, Mermaid, MiniSearch, Reveal];

    private NpmPackages(string folder) => Folder = folder;

    /// <summary>The folder that holds <c>node_modules</c>.</summary>
    public string Folder { get; }

    public string PathOf(params string[] parts) => Path.Combine([Folder, "node_modules", .. parts]);

    /// <exception cref="BookException">npm is not there, or cannot fetch the packages.</exception>
    public static async Task<NpmPackages> GetAsync(string cache, CancellationToken cancel)
    {
        string folder = Path.Combine(cache, "book", string.Join('+', Wanted).Replace("@", "-"));
        if (Directory.Exists(Path.Combine(folder, "node_modules", "katex")))
            return new NpmPackages(folder);
        string fresh = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(fresh);
            await File.WriteAllTextAsync(Path.Combine(fresh, "package.json"), "{ \"private\": true }\n", cancel);
            await InstallAsync(fresh, cancel);
            Directory.Move(fresh, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another book was first.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BookException($"the npm packages of the book cannot be kept in {folder}: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(fresh))
                Directory.Delete(fresh, recursive: true);
        }
        return new NpmPackages(folder);
    }

    private static async Task InstallAsync(string folder, CancellationToken cancel)
    {
        try
        {
            // On Windows npm is a script.
            var npm = await ProcessRun.ToEndAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", .. Wanted], folder, cancel: cancel);
            if (npm.ExitCode != 0)
                throw new BookException($"npm cannot fetch {string.Join(", ", Wanted)}: {npm.Error.Trim()}");
        }
        catch (Win32Exception)
        {
            throw new BookException("npm is not on the PATH. The book needs Node.js with npm, to fetch KaTeX, Mermaid, MiniSearch and reveal.js once; install it (nodejs.org, or apt-get install npm) and try again.");
        }
    }
}
