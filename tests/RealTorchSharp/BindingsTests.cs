using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RealTorchSharp.Tests;

public class BindingsTests
{
    [Fact]
    public void Unknown_WhenTheRealPackageHasABetterOverload_NamesTheCall()
    {
        MetadataReference small = Engine("public static long sum(long dim) => 0;"), large = Engine("public static long sum(long dim) => 0; public static int sum(int dim) => 0;");
        var use = CSharpSyntaxTree.ParseText("class Use { object x = TorchSharp.torch.sum(0), y = TorchSharp.torch.sum(0L); }", path: "use.cs");
        var code = CSharpCompilation.Create("use", [use], [.. References.NetCore, large], new(OutputKind.DynamicallyLinkedLibrary));

        string difference = Assert.Single(Bindings.Unknown(use, code, Bindings.MembersOf(small)));

        Assert.Contains("use.cs(1,41): sum means int TorchSharp.torch.sum(int dim)", difference, StringComparison.Ordinal);
        Assert.Empty(Bindings.Unknown(use, code, Bindings.MembersOf(large)));
    }

    private static MetadataReference Engine(string members)
    {
        var image = new MemoryStream();
        var source = CSharpSyntaxTree.ParseText($"namespace TorchSharp; public static class torch {{ {members} }}");
        Assert.True(CSharpCompilation.Create("TorchSharp", [source], References.NetCore, new(OutputKind.DynamicallyLinkedLibrary)).Emit(image).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
