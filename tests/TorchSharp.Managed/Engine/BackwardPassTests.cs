using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Engine;

public class BackwardPassTests
{
    [Fact]
    public void Threads_with_graphs_of_their_own_may_share_a_leaf()
    {
        const int rounds = 200, threads = 4;
        for (int round = 0; round < rounds; round++)
        {
            var leaf = ones(8).requires_grad_();
            using var start = new Barrier(threads);
            var all = Enumerable.Range(1, threads).Select(k => new Thread(() =>
            {
                var y = (leaf * k).sum();
                start.SignalAndWait();
                y.backward();
            })).ToList();
            all.ForEach(thread => thread.Start());
            all.ForEach(thread => thread.Join());
            Assert.Equal([.. Enumerable.Repeat(10f, 8)], leaf.grad!.data<float>().ToArray());
        }
    }

    private sealed class Counting : autograd.SingleTensorFunction<Counting>
    {
        internal static int Calls;

        public override string Name => nameof(Counting);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).mul(2);

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            Calls++;
            return [grad_output.mul(2)];
        }
    }

    [Fact]
    public void Only_what_leads_to_the_asked_tensors_is_differentiated()
    {
        Tensor x = tensor([1f, 2f]).requires_grad_(), w = tensor([3f, 4f]).requires_grad_();
        var loss = (x * Counting.apply(w)).sum();
        int before = Counting.Calls;
        Assert.Equal([6f, 8f], autograd.grad([loss], [x], retain_graph: true)[0].data<float>().ToArray());
        Assert.Equal(before, Counting.Calls);
        Assert.Equal([2f, 4f], autograd.grad([loss], [w])[0].data<float>().ToArray());
        Assert.Equal(before + 1, Counting.Calls);
        Assert.Null(x.grad);
    }

    [Fact]
    public void What_a_pass_leaves_out_can_be_differentiated_afterwards()
    {
        Tensor x = tensor(2f).requires_grad_(), w = tensor(3f).requires_grad_();
        var y = x * x * w;
        var dx = autograd.grad([y], [x], create_graph: true)[0];
        // dx = 2xw: its derivative by w is 2x, though the first pass had nothing to do with w.
        Assert.Equal(4f, autograd.grad([dx], [w])[0].ToSingle());
    }
}
