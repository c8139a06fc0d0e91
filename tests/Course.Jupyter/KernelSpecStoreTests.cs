using System.Text.Json.Nodes;
using Course.Jupyter.Install;

namespace Course.Jupyter.Tests;

public sealed class KernelSpecStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kernels-").FullName;
    private readonly KernelSpecStore _store;

    public KernelSpecStoreTests() =>
        _store = new(new(name => name switch
        {
            "JUPYTER_DATA_DIR" => User,
            "JUPYTER_PATH" => Other,
            _ => null,
        }));

    /// <summary>A program that exists: no test starts it.</summary>
    private static string DotNet => Environment.ProcessPath!;

    private string User => Path.Combine(_folder, "user");
    private string Other => Path.Combine(_folder, "other");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static KernelSpec Install(string data, string name, bool replace = false) =>
        KernelSpecStore.Install(data, name, replace, DotNet, folder =>
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "Course.Jupyter.dll"), "program");
        });

    private void InstallForeign(string data, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(data, "kernels", name)).FullName;
        File.WriteAllText(Path.Combine(folder, "kernel.json"), """{"argv": ["dotnet-interactive"], "display_name": "another", "language": "C#"}""");
    }

    [Fact]
    public void Install_WritesASpecificationThatStartsTheProgram()
    {
        var spec = Install(User, ".net-csharp");

        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(spec.Folder, "kernel.json")))!;
        string[] argv = json["argv"]!.AsArray().Select(argument => argument!.ToString()).ToArray();
        Assert.Equal(DotNet, argv[0]);
        Assert.True(File.Exists(argv[1]));
        Assert.Equal(["--connection-file", "{connection_file}"], argv[2..]);
        Assert.Equal("message", json["interrupt_mode"]!.ToString());
        Assert.Equal("C#", json["language"]!.ToString());
        Assert.All(["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"], logo => Assert.True(new FileInfo(Path.Combine(spec.Folder, logo)).Length > 100));
        Assert.Equal([".net-csharp"], Directory.GetDirectories(Path.Combine(User, "kernels")).Select(Path.GetFileName));
    }

    [Fact]
    public void Install_OverAnInstalledOne_NeedsReplace()
    {
        Install(User, ".net-csharp");
        var error = Assert.Throws<KernelSpecException>(() => Install(User, ".net-csharp"));
        Assert.Contains("--replace", error.Message, StringComparison.Ordinal);
        Install(User, ".net-csharp", replace: true);
        Assert.Equal([".net-csharp"], Directory.GetDirectories(Path.Combine(User, "kernels")).Select(Path.GetFileName));
    }

    [Fact]
    public void Install_ThatFails_LeavesWhatWasThereAndNothingElse()
    {
        Install(User, ".net-csharp");
        Assert.Throws<OperationCanceledException>(() => KernelSpecStore.Install(User, ".net-csharp", replace: true, DotNet, folder =>
        {
            Directory.CreateDirectory(folder);
            throw new OperationCanceledException();
        }));
        Assert.Equal([".net-csharp"], Directory.GetDirectories(Path.Combine(User, "kernels")).Select(Path.GetFileName));
        Assert.Null(Assert.Single(KernelSpecStore.In(User)).Problem);
    }

    [Fact]
    public void Install_WhereNothingCanBeWritten_SaysWhatToDo()
    {
        File.WriteAllText(User, "a file where the folder would be");
        Assert.Contains("--prefix", Assert.Throws<KernelSpecException>(() => Install(User, ".net-csharp")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_OfAKernelWhoseProgramIsGone_SaysSo()
    {
        string program = Path.Combine(Install(User, ".net-csharp").Folder, "program", "Course.Jupyter.dll");
        File.Delete(program);
        Assert.Equal($"{program} is gone; install again with --replace", Assert.Single(KernelSpecStore.In(User)).Problem);
    }

    [Fact]
    public void FreeName_WhereAnotherProgramHasIt_IsOurOwn()
    {
        Assert.Equal(".net-csharp", _store.FreeName(User));
        Install(User, ".net-csharp");
        Assert.Equal(".net-csharp", _store.FreeName(User));
        InstallForeign(Other, ".net-csharp");
        Assert.Equal("course-csharp", _store.FreeName(User));
    }

    [Fact]
    public void List_ShowsOfEqualNamesTheFirst()
    {
        Install(User, ".net-csharp");
        InstallForeign(Other, ".net-csharp");
        InstallForeign(Other, "python9");
        Directory.CreateDirectory(Path.Combine(Other, "kernels", "broken"));
        var ours = _store.List().Where(spec => spec.Folder.StartsWith(_folder, StringComparison.Ordinal)).ToArray();
        Assert.Equal([(".net-csharp", false), ("python9", false)], ours.Select(spec => (spec.Name, spec.IsOurs)));
    }

    [Fact]
    public void Uninstall_RemovesOursOnly()
    {
        Install(User, ".net-csharp");
        InstallForeign(User, "foreign");
        _store.Uninstall(".net-csharp", User);
        Assert.Equal(["foreign"], Directory.GetDirectories(Path.Combine(User, "kernels")).Select(Path.GetFileName));
        Assert.Contains("not installed by this command", Assert.Throws<KernelSpecException>(() => _store.Uninstall("foreign", User)).Message, StringComparison.Ordinal);
        Assert.Contains("kernel list", Assert.Throws<KernelSpecException>(() => _store.Uninstall("absent", User)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("ends-in-a-line\n")]
    public void Install_UnderANameThatIsNoName_SaysWhatIsAllowed(string name) =>
        Assert.Contains("letters, digits", Assert.Throws<KernelSpecException>(() => Install(User, name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Install_WhosePublishingFails_LeavesNothing()
    {
        Assert.Throws<InvalidOperationException>(() => KernelSpecStore.Install(User, "x", false, "dotnet", _ => throw new InvalidOperationException()));
        Assert.Empty(Directory.GetDirectories(Path.Combine(User, "kernels")));
    }
}
