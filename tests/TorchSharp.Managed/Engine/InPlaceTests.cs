using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>Operations in place: the tensor itself changes, and the gradient goes through.</summary>
public class InPlaceTests
{
    /// <summary>Operation, its form without the underscore, and the gradient of the sum at 0.3 and 0.6.</summary>
    private static readonly Dictionary<string, (Func<Tensor, Tensor> inPlace, Func<Tensor, Tensor> plain, double[] gradient)> OperationCases = new()
    {
        ["nan_to_num_"] = (x => x.nan_to_num_(), x => x.nan_to_num(), [1, 1]),
        ["logit_"] = (x => x.logit_(), x => x.logit(), [1 / 0.21, 1 / 0.24]),
        ["exp2_"] = (x => x.exp2_(), x => x.exp2(), [0.8533642789721566, 1.0506146646046832]),
        ["deg2rad_"] = (x => x.deg2rad_(), x => x.deg2rad(), [Math.PI / 180, Math.PI / 180]),
        ["rad2deg_"] = (x => x.rad2deg_(), x => x.rad2deg(), [180 / Math.PI, 180 / Math.PI]),
        ["copysign_"] = (x => x.copysign_(tensor(-1.0)), x => x.copysign(tensor(-1.0)), [-1, -1]),
        ["float_power_"] = (x => x.float_power_(tensor(2.0)), x => x.float_power(tensor(2.0)), [0.6, 1.2]),
        ["i0_"] = (x => x.i0_(), x => x.i0(), [0.15169384000359282, 0.313704025604922]),
    };

    public static TheoryData<string> Operations => [.. OperationCases.Keys];

    [Theory, MemberData(nameof(Operations))]
    public void InPlace_ChangesTheTensor_AndItsGradientIsTheOperations(string name)
    {
        var (inPlace, plain, gradient) = OperationCases[name];
        using var x = tensor(new[] { 0.3, 0.6 }, requires_grad: true);
        using var y = x * 1;
        using var result = inPlace(y);
        using var expected = plain(x);
        Assert.True(y.allclose(expected) && result.allclose(expected));
        y.sum().backward();
        Assert.Equal(gradient, x.grad!.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6 * Math.Abs(a));
    }

    [Fact]
    public void InPlace_OfAView_ChangesWhatItLooksInto()
    {
        using var x = tensor(new[,] { { 1.0, 2 }, { 3, 4 } });
        x.t()[0].exp2_();
        Assert.Equal([2, 2, 8, 4], x.data<double>().ToArray());
    }

    [Fact]
    public void Heaviside_AndNextafter_TakeNeighboursOfZeroAndOfEachNumber()
    {
        Assert.Equal([0f, 0.5f, 1f], tensor(new[] { -1f, 0, 2 }).heaviside_(tensor(0.5f)).data<float>().ToArray());
        Assert.Equal([0f, 0.5f, 1f], torch.heaviside(tensor(new[] { -1f, 0, 2 }), tensor(0.5f)).data<float>().ToArray());
        Assert.Equal([1.9999999999999998, 2.9999999999999996], tensor(new[] { 2.0, 3 }).nextafter_(tensor(0.0)).data<double>().ToArray());
    }

    [Fact]
    public void NanToNum_InPlace_TakesItsReplacements() =>
        Assert.Equal([0.5f, 1, 2, 3], tensor(new[] { 0.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity }).nan_to_num_(1, 2, 3).data<float>().ToArray());

    [Fact]
    public void Logit_WithEps_CutsToTheInterval() =>
        Assert.Equal([-1.38629436f, 0f, -6.90675497f], tensor(new[] { 0.2f, 0.5f, 0f }).logit_(1e-3).data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);

    [Fact]
    public void InPlace_WithAResultThatTheTensorCannotHold_IsRefused()
    {
        foreach (var f in new Func<Tensor, Tensor>[] { x => x.logit_(), x => x.exp2_(), x => x.deg2rad_(), x => x.i0_(), x => x.copysign_(x) })
            Assert.Throws<ExternalException>(() => f(tensor(new[] { 1, 2 })));
        Assert.Throws<ExternalException>(() => tensor(new[] { 2f, 3 }).float_power_(tensor(2f)));
        Assert.Throws<ExternalException>(() => tensor(new[] { 2f, 3 }).heaviside_(tensor(2.0)));
        Assert.Throws<ExternalException>(() => (tensor(new[] { 0.5 }, requires_grad: true) * 1).heaviside_(tensor(2.0)).sum().backward());
    }
}
