using Course.Runner.Tests;
using Course.Session.Packages;

namespace Course.Session.Tests;

public sealed class EngineLibrariesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _asked;

    public EngineLibrariesTests()
    {
        foreach (string place in (string[])["lib", "lib-managed", "lib-torchsharp-cpu"])
            _folder.Write($"artifacts/{place}/TorchSharp.dll", "");
        Build("managed");
        _asked = Path.Combine(_folder.Path, "artifacts", "lib", "TorchSharp.dll");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Answer_OfARun_IsItsEngineWhateverWasBuiltLast() =>
        Assert.Equal(In("lib-torchsharp-cpu"), new EngineLibraries("torchsharp-cpu").Answer(_asked));

    [Fact]
    public void Answer_WithoutARun_IsTheEngineBuiltLast()
    {
        Build("torchsharp-cpu");
        Assert.Equal(In("lib-torchsharp-cpu"), new EngineLibraries(null).Answer(_asked));
    }

    [Fact]
    public void Answer_OfARun_InAFolderThatHoldsOnlyThatEngine_IsThePath()
    {
        foreach (string place in (string[])["lib-managed", "lib-torchsharp-cpu"])
            Directory.Delete(Path.Combine(_folder.Path, "artifacts", place), recursive: true);
        Assert.Equal(_asked, new EngineLibraries("managed").Answer(_asked));
        Assert.Equal(In("lib-torchsharp-cpu"), new EngineLibraries("torchsharp-cpu").Answer(_asked));
    }

    [Fact]
    public void Answer_OfOtherPaths_IsThePath()
    {
        string other = Path.Combine(_folder.Path, "elsewhere", "lib", "TorchSharp.dll");
        Assert.Equal(other, new EngineLibraries("torchsharp-cpu").Answer(other));
    }

    [Fact]
    public void Answer_WhereNoEngineIsNoted_IsThePath()
    {
        File.Delete(Path.Combine(_folder.Path, "artifacts", "lib", "engine.txt"));
        Assert.Equal(_asked, new EngineLibraries(null).Answer(_asked));
    }

    [Fact]
    public void Switched_AfterABuildWithAnotherEngine_SaysSoOnce_AndTheSessionKeepsItsOwn()
    {
        var open = new EngineLibraries(null);
        Assert.Equal(In("lib-managed"), open.Answer(_asked));
        Assert.Null(open.Switched());
        Build("torchsharp-cpu");
        Assert.Contains("goes on with managed", open.Switched());
        Assert.Null(open.Switched());
        Assert.Equal(In("lib-managed"), open.Answer(_asked));
    }

    [Fact]
    public void AnswerIn_ACell_ChangesOnlyItsReferences()
    {
        string code = $"#r \"{_asked}\"\nvar text = \"artifacts/lib/TorchSharp.dll\";";
        Assert.Equal($"#r \"{In("lib-torchsharp-cpu")}\"\nvar text = \"artifacts/lib/TorchSharp.dll\";", new EngineLibraries("torchsharp-cpu").AnswerIn(code));
    }

    private string In(string place) => Path.Combine(_folder.Path, "artifacts", place, "TorchSharp.dll");

    private void Build(string engine) => _folder.Write("artifacts/lib/engine.txt", engine + Environment.NewLine);
}
