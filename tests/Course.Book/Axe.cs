using System.Diagnostics;
using Microsoft.Playwright;

namespace Course.Book.Tests;

/// <summary>axe-core: what keeps readers with other senses and devices from a page.</summary>
internal static class Axe
{
    private const string Package = "axe-core@4.14.1";

    /// <summary>The script, fetched once into the cache beside the book's own packages.</summary>
    public static async Task<string> ScriptAsync()
    {
        Assert.SkipUnless(Npm.IsHere, "npm is not on the PATH: it brings axe-core");
        string folder = Path.Combine(SmallRun.Cache, "book", "axe"), script = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(script))
        {
            Directory.CreateDirectory(folder);
            using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", Package]) { RedirectStandardOutput = true })!;
            await npm.WaitForExitAsync();
        }
        return script;
    }

    /// <summary>Serious and critical violations of a page that has the script.</summary>
    public static Task<string[]> BarriersAsync(IPage page, bool onlyContrast, params string[] except) => page.EvaluateAsync<string[]>("""
        async ([except, onlyContrast]) => (await axe.run({ include: ["html"], exclude: except },
                onlyContrast ? { preload: false, resultTypes: ["violations"], runOnly: ["color-contrast"] } : { preload: false, resultTypes: ["violations"] })).violations
            .filter(v => v.impact === "serious" || v.impact === "critical")
            .map(v => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map(n => n.target + " " + n.html.slice(0, 160)).join(" | ")}`)
        """, new object[] { except, onlyContrast });
}
