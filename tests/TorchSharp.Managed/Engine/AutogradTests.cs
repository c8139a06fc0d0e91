using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

public class AutogradTests
{
    [Fact]
    public void Backward_OfASharedValue_AddsAllPaths()
    {
        var x = tensor(3.0, requires_grad: true);
        var y = x * x;
        (y * y + y).backward();
        Assert.Equal(4 * 27 + 6, x.grad!.ToDouble(), 12);
    }

    [Fact]
    public void Backward_Twice_AccumulatesIntoTheSameGradient()
    {
        var x = tensor(new[] { 1.0, 2 }, requires_grad: true);
        (x * 2).sum().backward();
        var handle = x.grad!;
        (x * 3).sum().backward();
        Assert.Equal([5.0, 5], handle.data<double>().ToArray());
    }

    [Fact]
    public void Backward_ThroughAFreedGraph_SaysSo()
    {
        var x = tensor(new[] { 1.0, 2 }, requires_grad: true);
        var y = (x * x).sum();
        y.backward();
        var error = Assert.Throws<ExternalException>(() => y.backward());
        Assert.Contains("Trying to backward through the graph a second time", error.Message);
    }

    [Fact]
    public void Backward_WithRetainGraph_CanRunAgain()
    {
        var x = tensor(new[] { 1.0, 2 }, requires_grad: true);
        var y = (x * x).sum();
        y.backward(retain_graph: true);
        y.backward();
        Assert.Equal([4.0, 8], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Backward_AfterAnInPlaceChangeOfASavedValue_IsRefused()
    {
        var x = tensor(new[] { 1.0, 2 }, requires_grad: true);
        var y = x.exp();
        var z = y.sum();
        y.add_(1);
        var error = Assert.Throws<ExternalException>(() => z.backward());
        Assert.Contains("modified by an inplace operation", error.Message);
        Assert.Contains("[2]", error.Message);
    }

    [Fact]
    public void InPlace_OnALeafThatRequiresGrad_IsRefused()
    {
        var x = ones(2, requires_grad: true);
        Assert.Contains("a leaf Variable that requires grad", Assert.Throws<ExternalException>(() => x.add_(1)).Message);
        Assert.Contains("a view of a leaf Variable", Assert.Throws<ExternalException>(() => x[0].add_(1)).Message);
        using (no_grad())
            x.add_(1);
        Assert.Equal(2f, x[1].ToSingle());
    }

    [Fact]
    public void Grad_WithCreateGraph_DifferentiatesAgain()
    {
        var x = tensor(2.0, requires_grad: true);
        var first = autograd.grad([x.pow(4)], [x], create_graph: true, retain_graph: true)[0];
        var second = autograd.grad([first], [x], create_graph: true, retain_graph: true)[0];
        var third = autograd.grad([second], [x])[0];
        Assert.Equal([32.0, 48, 48], new[] { first, second, third }.Select(t => t.ToDouble()));
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_OfAnUnusedInput_ThrowsUnlessAllowed()
    {
        Tensor x = tensor(2.0, requires_grad: true), other = tensor(1.0, requires_grad: true);
        Assert.Throws<ExternalException>(() => autograd.grad([x * 2], [other]));
        Assert.Null(autograd.grad([x * 2], [other], allow_unused: true)[0]);
    }

    [Fact]
    public void NoGrad_StopsRecording_AndNestsWithEnableGrad()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
        using (inference_mode())
            Assert.True(is_inference_mode_enabled());
    }

    [Fact]
    public void RetainGrad_KeepsTheGradientOfAResult()
    {
        var x = tensor(3.0, requires_grad: true);
        var y = x * x;
        y.retain_grad();
        (y * 2).backward();
        Assert.Equal(2, y.grad!.ToDouble());
    }

    [Fact]
    public void Backward_OfAVector_NeedsAGradient()
    {
        var y = ones(3, requires_grad: true) * 2;
        Assert.Contains("grad can be implicitly created only for scalar outputs", Assert.Throws<ExternalException>(() => y.backward()).Message);
        Assert.Contains("[3]", Assert.Throws<ExternalException>(() => y.backward([ones(2)])).Message);
    }

    [Fact]
    public void Backward_AfterDisposingIntermediates_StillWorks()
    {
        var x = tensor(new[] { 1.0, 2, 3 }, requires_grad: true);
        Tensor loss;
        using (var scope = NewDisposeScope())
        {
            var hidden = (x * 2).tanh();
            loss = scope.MoveToOuter((hidden * hidden).sum());
        }
        loss.backward();
        double[] expected = new[] { 1.0, 2, 3 }.Select(v => 4 * Math.Tanh(2 * v) * (1 - Math.Tanh(2 * v) * Math.Tanh(2 * v))).ToArray();
        Assert.Equal(expected, x.grad!.data<double>().ToArray().Select(v => v), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Backward_OfAChainOf100000Operations_DoesNotOverflowTheStack()
    {
        using var scope = NewDisposeScope();
        var x = tensor(1.0, requires_grad: true);
        var y = x;
        for (int i = 0; i < 100_000; i++)
            y = y + 1e-6;
        y.backward();
        Assert.Equal(1, x.grad!.ToDouble());
    }

    [Fact]
    public void TwoThreads_TrainingTwoModels_GetTheGradientsOfOne()
    {
        double[] Train(double seed)
        {
            var w = tensor(new[] { seed, -seed }, requires_grad: true);
            for (int step = 0; step < 200; step++)
            {
                using var scope = NewDisposeScope();
                (w * w * w).sum().backward();
                using (no_grad())
                    w.sub_(w.grad! * 0.01);
                w.grad!.zero_();
            }
            return w.data<double>().ToArray();
        }

        double[][] alone = Enumerable.Range(1, 2).Select(i => Train(i * 0.3)).ToArray();
        double[][] together = new double[2][];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() => together[i] = Train((i + 1) * 0.3))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(alone, together);
    }
}
