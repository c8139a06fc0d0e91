namespace RealTorchSharp.Tests;

public class EnginesTests
{
    [Fact]
    public void Real_IsThePackage_AndNotOurEngine()
    {
        string[] real = [.. Engines.AssemblyOf(Engines.Real).Modules.Single().ReferencedAssemblies.Select(name => name.Name)], ours = [.. Engines.AssemblyOf(Engines.Managed).Modules.Single().ReferencedAssemblies.Select(name => name.Name)];
        Assert.Contains("SkiaSharp", real);
        Assert.DoesNotContain("SkiaSharp", ours);
    }
}
