using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>What a custom function's forward may save and its backward may return.</summary>
public sealed class CustomFunctionTests
{
    /// <summary>Twice its first argument.</summary>
    private sealed class Twice : autograd.SingleTensorFunction<Twice>
    {
        /// <summary>What backward returns, from the gradient of the result.</summary>
        [ThreadStatic] internal static Func<Tensor, List<Tensor>>? Answer;
        [ThreadStatic] internal static List<Tensor>? Found;

        public override string Name => nameof(Twice);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0], null!, (Tensor)vars[0]]);
            return (Tensor)vars[0] * 2;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            Found = ctx.get_saved_variables();
            return Answer!(grad_output);
        }
    }

    private static Tensor? Gradient(Func<Tensor, List<Tensor>> answer, params object[] more)
    {
        Twice.Answer = answer;
        var x = ones(2, requires_grad: true);
        Twice.apply([x, .. more]).sum().backward();
        return x.grad;
    }

    [Fact]
    public void Saved_Null_ComesBackAsNull()
    {
        Gradient(dy => [dy * 2]);
        Assert.Equal([false, true, false], Twice.Found!.Select(tensor => tensor is null));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(5)]
    public void Backward_WithNullsBeyondTheArguments_IsAsWithout(int nulls)
    {
        Assert.True(Gradient(dy => [dy * 2, .. new Tensor[nulls]])!.Equals(full(2, 2f)));
        Assert.True(Gradient(dy => [dy * 2, null!, null!, .. new Tensor[nulls]], 3, "text")!.Equals(full(2, 2f)));
    }

    [Fact]
    public void Backward_OfNullsOnly_GivesNoGradient() => Assert.Null(Gradient(_ => [null!]));

    [Fact]
    public void Backward_OfAnotherNumberOfGradients_IsRefused()
    {
        Assert.Throws<ExternalException>(() => Gradient(dy => [dy], 3));
        Assert.Throws<ExternalException>(() => Gradient(dy => [dy, dy]));
        Assert.Throws<ExternalException>(() => Gradient(dy => [dy, dy], 3));
    }
}
