using Course.Book.Mathematics;

namespace Course.Book.Tests;

public sealed class NodeToolsTests
{
    /// <summary>Builds share the folder of the packages, and with it the script that each of them puts there while another may be starting it.</summary>
    [Fact]
    public async Task Typeset_AgainAndAgain_LeavesItsScriptWholeAtAnyMoment()
    {
        Assert.SkipUnless(Npm.IsHere, "npm is not on the PATH: it brings KaTeX");
        var packages = await NpmPackages.GetAsync(SmallRun.Cache, TestContext.Current.CancellationToken);
        var tools = new NodeTools(packages);
        var formula = new Formula("x", Display: false);
        await tools.TypesetAsync([formula], TestContext.Current.CancellationToken);
        string script = Path.Combine(packages.Folder, "typeset.cjs");

        var typesetting = Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => tools.TypesetAsync([formula], TestContext.Current.CancellationToken))));
        var seen = new HashSet<string>();
        while (!typesetting.IsCompleted)
            seen.Add(await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken));

        Assert.Equal([Assets.Text("typeset.cjs")], seen);
        Assert.All(await typesetting, typeset => Assert.Null(typeset[formula].Error));
    }
}
