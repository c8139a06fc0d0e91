namespace Course.Tests.Tensors;

/// <summary>Chapters write <c>using static</c> of torch and torch.nn beside <c>using Course</c>: a shared name would not compile.</summary>
public class NamesTests
{
    [Fact]
    public void PublicTypes_OfCourse_ShareNoNameWithTypesInTorchOrTorchNn()
    {
        string list = Path.Combine(Repository(), "tests", "reference", "torchsharp-0.106-members.txt");
        HashSet<string> taken = [.. File.ReadLines(list).Where(line => line.StartsWith("TYPE ", StringComparison.Ordinal))
            .Select(line => line[5..].Split(" :")[0].Split(' ')[^1].Split('<')[0].Split('.'))
            .Where(path => path is ["torch", _] or ["torch", "nn", _]).Select(path => path[^1])];
        Assert.Contains("Tensor", taken);
        Assert.Contains("Module", taken);
        var clashes = typeof(Run).Assembly.GetExportedTypes().Where(type => !type.IsNested && taken.Contains(type.Name.Split('`')[0])).Select(type => type.FullName);
        Assert.Empty(clashes);
    }

    private static string Repository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Course.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Course.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
