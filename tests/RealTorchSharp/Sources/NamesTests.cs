using Course;
using Microsoft.CodeAnalysis;

namespace RealTorchSharp.Tests.Sources;

/// <summary>Chapters write <c>using static</c> of torch and torch.nn beside <c>using Course</c>: a shared name would not compile.</summary>
public class NamesTests
{
    [Fact]
    public void PublicTypes_OfCourse_ShareNoNameWithTypesInTorchOrTorchNn()
    {
        var real = Engines.AssemblyOf(Engines.Real);
        string[] taken = [.. ((string[])["TorchSharp.torch", "TorchSharp.torch+nn"]).SelectMany(name => real.GetTypeByMetadataName(name)!.GetTypeMembers()).Select(type => type.Name)];
        Assert.Contains("Tensor", taken);
        Assert.Contains("Module", taken);
        Assert.Empty(typeof(Run).Assembly.GetExportedTypes().Where(type => !type.IsNested && taken.Contains(type.Name.Split('`')[0])).Select(type => type.FullName));
    }
}
