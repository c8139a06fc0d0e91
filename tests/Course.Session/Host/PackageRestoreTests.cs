using System.IO.Compression;
using Course.Session.Contract;
using Course.Session.Packages;

namespace Course.Session.Tests;

/// <summary>Packages come from a folder that the test fills, so that no registry is needed.</summary>
public sealed class PackageRestoreTests(SessionFixture session) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task PackageFromAFolder_IsRestored_ReferencedAndLoaded()
    {
        string id = $"Course.Test.{Guid.NewGuid():N}";
        Pack(id, "1.2.3");
        var ran = await session.RunAsync($"#i \"nuget: {session.Folder}\"\n#r \"nuget: {id}, 1.2.3\"\nMarkdig.Markdown.ToPlainText(\"*packed*\").Trim()");
        Assert.Equal("packed", ran.Value);

        // The same again is there already; another version of it cannot come beside it.
        Assert.Equal(CellStatus.Ok, (await session.RunAsync($"#r \"nuget: {id}, 1.2.3\"")).Status);
        Assert.Contains("restart", (await session.RunAsync($"#r \"nuget: {id}, 1.2.4\"")).Result.Error?.Message);
    }

    [Theory]
    [InlineData("", "1.3.0", "1.3.0 was taken; to have the same tomorrow, write #r")]
    [InlineData(", 1.2.*", "1.2.5", "1.2.5 was taken")]
    [InlineData(", *-*", "2.0.0-beta.1", "2.0.0-beta.1 was taken")]
    [InlineData(", [1.0,1.3)", "1.2.3", "1.2.3 was taken")]
    [InlineData(", 1.2.4", "1.2.5", "1.2.4 is in no source; 1.2.5 was taken")]
    public async Task VersionThatIsNotPinned_IsFound_AndNamed(string version, string taken, string note)
    {
        string id = $"Course.Test.{Guid.NewGuid():N}";
        foreach (string each in (string[])["1.2.3", "1.2.5", "1.3.0", "2.0.0-beta.1"])
            Pack(id, each);
        var ran = await session.RunAsync($"#i \"nuget: {session.Folder}\"\n#r \"nuget: {id}{version}\"");
        Assert.Equal(CellStatus.Ok, ran.Status);
        Assert.Contains(note, ran.Error);
        // Asked for again, with or without the version, it is there.
        Assert.Equal(CellStatus.Ok, (await session.RunAsync($"#r \"nuget: {id}\"\n#r \"nuget: {id}, {taken}\"\n#r \"nuget: {id}{version}\"")).Status);
    }

    [Fact]
    public async Task SourceThatDoesNotAnswer_IsAWarning_AndTheOthersAreAsked()
    {
        string id = $"Course.Test.{Guid.NewGuid():N}";
        Pack(id, "1.2.3");
        var ran = await session.RunAsync($"#i \"nuget: https://127.0.0.1:9/index.json\"\n#i \"nuget: {session.Folder}\"\n#r \"nuget: {id}\"");
        Assert.Equal(CellStatus.Ok, ran.Status);
        Assert.Contains("the source https://127.0.0.1:9/index.json does not answer", ran.Error);
    }

    [Fact]
    public async Task PackageThatDoesNotExist_IsNamedInOneLine()
    {
        var e = await Assert.ThrowsAsync<PackageRestoreException>(() =>
            PackageRestore.RestoreAsync([new PackageId("No.Such.Package.Of.The.Course", "9.9.9")], [session.Folder], CancellationToken.None));
        Assert.Contains("No.Such.Package.Of.The.Course", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task ObjectOfAPackage_IsShownByThePackagesExtension()
    {
        const string package = "Microsoft.Data.Analysis";
        var ran = await session.RunAsync($"#r \"nuget: {package}, 0.23.1\"\nnew {package}.DataFrame(new {package}.StringDataFrameColumn(\"town\", [\"Aachen\", \"Bonn\"]))");
        Assert.SkipWhen(ran.Result.Error?.Message.Contains("cannot be restored", StringComparison.Ordinal) == true, $"{package} cannot be restored here");
        string html = Assert.Single(ran.Outputs.OfType<ExecuteResult>()).Data["text/html"]!.ToString();
        Assert.Contains("<th scope=\"col\">town</th>", html);
        Assert.Contains("<td>Bonn</td>", html);
    }

    private void Pack(string id, string version)
    {
        using var package = ZipFile.Open(Path.Combine(session.Folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var manifest = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open()))
            manifest.Write($"<package><metadata><id>{id}</id><version>{version}</version><authors>test</authors><description>test</description></metadata></package>");
        string library = Path.Combine(Path.GetDirectoryName(typeof(PackageRestore).Assembly.Location)!, "Markdig.dll");
        package.CreateEntryFromFile(library, $"lib/net10.0/Markdig.dll");
    }
}
