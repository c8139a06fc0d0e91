using TorchSharp;

namespace TorchSharp.Managed.Tests.Internal;

public class DependenciesTests
{
    /// <summary>
    /// .NET Interactive makes a second <c>Tensor</c> of an engine that refers to an assembly which a package in the notebook brings as well;
    /// no package of a notebook brings ILGPU.
    /// </summary>
    [Fact]
    public void TheEngine_RefersToNothingButTheFrameworkAndILGPU()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var others = typeof(torch).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(name => name != "ILGPU" && !File.Exists(Path.Combine(framework, name + ".dll")));
        Assert.Empty(others);
    }
}
