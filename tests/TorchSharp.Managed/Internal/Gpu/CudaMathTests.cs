using TorchSharp.Gpu;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>CUDA's functions are plain C#, so they are compared here, where there is no GPU.</summary>
public sealed class CudaMathTests
{
    private static readonly Dictionary<string, (Func<double, double> Ours, Func<double, double> Theirs)> Functions = new()
    {
        ["exp"] = (CudaMath.Exp, Math.Exp),
        ["log"] = (CudaMath.Log, Math.Log),
        ["log2"] = (CudaMath.Log2, Math.Log2),
        ["log10"] = (CudaMath.Log10, Math.Log10),
        ["sin"] = (CudaMath.Sin, Math.Sin),
        ["cos"] = (CudaMath.Cos, Math.Cos),
        ["tan"] = (CudaMath.Tan, Math.Tan),
        ["asin"] = (CudaMath.Asin, Math.Asin),
        ["acos"] = (CudaMath.Acos, Math.Acos),
        ["atan"] = (CudaMath.Atan, Math.Atan),
        ["sinh"] = (CudaMath.Sinh, Math.Sinh),
        ["cosh"] = (CudaMath.Cosh, Math.Cosh),
        ["tanh"] = (CudaMath.Tanh, Math.Tanh),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    private static readonly double[] Special = [0, -0.0, 1, -1, 0.5, 2, 8, 1e-300, 4e-320, 1e-9, 700, -700, 720, -740, -760, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    [Theory, MemberData(nameof(Names))]
    public void EachFunction_AgreesWithMath(string name)
    {
        var (ours, theirs) = Functions[name];
        var random = new System.Random(1);
        var arguments = Special.Concat(Enumerable.Range(0, 20_000).Select(i => (random.NextDouble() * 2 - 1) * Math.Pow(10, i % 7 - 4)));
        foreach (double x in arguments)
            Agree($"{name}({x:R})", theirs(x), ours(x), name is "sin" or "cos" or "tan" ? 3e-14 : 4e-15);
    }

    [Fact]
    public void PowAndAtan2_AgreeWithMath()
    {
        var random = new System.Random(2);
        double[] numbers = [.. Special.Where(x => Math.Abs(x) is < 100 or double.PositiveInfinity), -3, 3, 0.25, .. Enumerable.Range(0, 60).Select(_ => random.NextDouble() * 20 - 10)];
        foreach (double a in numbers)
            foreach (double b in numbers)
            {
                Agree($"{a:R}^{b:R}", Math.Pow(a, b), CudaMath.Pow(a, b), 1e-12);
                Agree($"atan2({a:R}, {b:R})", Math.Atan2(a, b), CudaMath.Atan2(a, b), 4e-15);
            }
    }

    private static void Agree(string what, double expected, double actual, double tolerance) => Assert.True(
        double.IsNaN(expected) ? double.IsNaN(actual) : expected == actual || Math.Abs(expected - actual) <= tolerance * Math.Abs(expected) + 1e-300 || (Math.Abs(expected) < 1e-9 && Math.Abs(expected - actual) < 1e-21),
        $"{what} is {actual:R}, expected {expected:R}");
}
