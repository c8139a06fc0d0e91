using TorchSharp;

namespace Course.Tests;

public sealed class PublicTypesTests
{
    /// <summary>Chapters write <c>using static TorchSharp.torch</c> and <c>using Course</c> side by side.</summary>
    [Fact]
    public void PublicTypes_HaveNoNameThatTorchNests()
    {
        var nested = typeof(torch).GetNestedTypes().Concat(typeof(torch.nn).GetNestedTypes()).Select(type => type.Name).ToHashSet();
        Assert.Contains("Tensor", nested);
        Assert.Empty(typeof(Check).Assembly.GetExportedTypes().Where(type => !type.IsNested).Select(type => type.Name).Intersect(nested));
    }
}
