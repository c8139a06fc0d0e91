using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

public class PrintingTests
{
    private static readonly string N = Environment.NewLine;

    private static Tensor Sample() => tensor(new[] { 0.0f, 3.141f, 6.2834f, 3.14152f, 6.28e-06f, -13.141529f, 0.01f, 4713.14f }, [2, 4]);

    [Fact]
    public void ToString_WithoutStyle_GivesShapeTypeAndDevice() => Assert.Equal("[2x4], type = Float32, device = cpu", Sample().ToString());

    [Fact]
    public void Julia_AlignsColumns() => Assert.Equal(
        $"[2x4], type = Float32, device = cpu{N}        0   3.141 6.2834 3.1415{N} 6.28e-06 -13.142   0.01 4713.1{N}", Sample().jlstr(cultureInfo: CultureInfo.InvariantCulture));

    [Fact]
    public void Julia_OfThreeDimensions_NamesEachMatrix() => Assert.Equal(
        $"[2x1x2], type = Int64, device = cpu{N}[0,..,..] ={N} 0 1{N}{N}[1,..,..] ={N} 2 3{N}", arange(4).reshape(2, 1, 2).jlstr());

    [Fact]
    public void Numpy_NestsBracketsAndLeavesOutTheMiddle()
    {
        Assert.Equal($"[[0, 3.141, 6.2834, 3.1415]{N} [6.28e-06, -13.142, 0.01, 4713.1]]", Sample().npstr(cultureInfo: CultureInfo.InvariantCulture));
        Assert.Equal($"[[[0, 1]]{N}{N} [[2, 3]]]", arange(4).reshape(2, 1, 2).npstr());
        Assert.Equal("[0, 1, 2, ... 97, 98, 99]", arange(100).npstr());
        Assert.Equal("[]", zeros(0).npstr());
    }

    [Fact]
    public void CSharp_IsAnArrayExpression()
    {
        Assert.Equal("[4], type = Float32, device = cpu, value = float [] {0f, 0f, 0f, 0f}", zeros(4).cstr());
        Assert.Equal($"[2x2], type = Int64, device = cpu, value = {N}long [,] {{{N} {{0L, 1L}},{N} {{2L, 3L}}{N}}}", arange(4).reshape(2, 2).cstr());
        Assert.Equal($"[2x1x2], type = Int64, device = cpu, value = {N}long [,,] {{{N} {{{{0L, 1L}}}},{N} {{{{2L, 3L}}}}{N}}}", arange(4).reshape(2, 1, 2).cstr());
    }

    [Fact]
    public void Scalars_ShowTheirValue()
    {
        Assert.Equal("[], type = Float32, device = cpu, value = 3.14", tensor(3.14f).jlstr(cultureInfo: CultureInfo.InvariantCulture));
        Assert.Equal("True", tensor(true).npstr());
    }
}
