using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>
/// Every operation that has a golden case with gradients, also against central differences, and so are the gradients of its gradients.
/// <see cref="CoverageTests"/> finds differentiable operations without such a case, so that none escapes.
/// </summary>
public class GoldenGradientTests
{
    private const int MostElements = 5;

    /// <summary>They read one triangle of a symmetric matrix and give the gradient for both, as in PyTorch; group "matrix" has them behind a symmetric argument.</summary>
    private static readonly string[] Symmetric = ["cholesky", "cholesky_ex"];

    public static TheoryData<string> Groups => [.. GoldenTests.groups];

    [Theory, MemberData(nameof(Groups))]
    public void Gradients_OfEveryOperation_EqualCentralDifferences(string group) =>
        Check(Small(group), (f, inputs) => GradientCheck.First(MostElements, f, inputs));

    [Theory, MemberData(nameof(Groups))]
    public void GradientsOfGradients_OfEveryOperation_EqualCentralDifferences(string group) =>
        Check(Small(group), (f, inputs) => GradientCheck.Second(MostElements, f, inputs));

    /// <param name="device">Where the operations compute; the inputs and their gradients stay on the CPU.</param>
    internal static void Check(IEnumerable<GoldenCase> cases, Action<Func<Tensor[], Tensor>, Tensor[]> check, Device? device = null)
    {
        var failures = new List<string>();
        foreach (var item in cases.Where(item => !(item.ByName && Symmetric.Contains(item.Op))))
        {
            using var scope = NewDisposeScope();
            var inputs = item.Inputs();
            int[] variables = [.. Variables(item, inputs)];
            var operation = GoldenRunner.Function(item);
            Tensor Flat(Tensor[] values)
            {
                Tensor[] all = [.. inputs];
                for (int i = 0; i < variables.Length; i++)
                    all[variables[i]] = values[i];
                if (device is not null)
                    all = [.. all.Select(input => input.to(device))];
                var flat = cat([.. operation(all).Where(output => output.is_floating_point()).Select(output => output.reshape(-1))], 0);
                return device is null ? flat : flat.cpu();
            }
            try
            {
                check(Flat, [.. variables.Select(i => inputs[i])]);
            }
            catch (Exception failure)
            {
                failures.Add($"{item}\n    {failure.GetType().Name}: {failure.Message}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} operations:\n" + string.Join('\n', failures));
    }

    /// <summary>The smallest cases in double precision of each operation, with different arguments.</summary>
    internal static IEnumerable<GoldenCase> Small(string group) => GoldenCase.Load(group)
        .Where(item => item.HasGradients && Variables(item, item.Inputs()).Any() && item.Inputs().All(input => input.dtype != ScalarType.Float32))
        .OrderBy(item => item.Inputs().Sum(input => input.numel()))
        .GroupBy(item => item.Op).SelectMany(cases => cases.DistinctBy(item => $"{item.Arguments} {string.Join(' ', item.Call)}").Take(6));

    private static IEnumerable<int> Variables(GoldenCase item, Tensor[] inputs) => item.Variables(inputs).Where(i => inputs[i].numel() > 0);
}
