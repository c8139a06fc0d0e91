using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>Data lives in native memory that is used again: what an operation allocates on the managed heap are the objects of its result, whatever their size.</summary>
public sealed class AllocationTests
{
    public static TheoryData<string> Names() => new(operations.Keys);

    private static readonly Dictionary<string, Func<Tensor, Tensor>> operations = new()
    {
        ["add"] = x => x.add(x),
        ["mul scalar"] = x => x.mul(0.5),
        ["relu"] = x => x.relu(),
        ["exp"] = x => x.exp(),
        ["gelu"] = x => x.gelu(),
        ["pow"] = x => x.pow(2),
        ["gt"] = x => x.gt(0.5),
        ["softmax"] = x => x.softmax(1),
        ["log_softmax"] = x => x.log_softmax(1),
        ["broadcast"] = x => x.add(x[0]),
        ["transpose"] = x => x.t().contiguous(),
        ["matmul"] = x => x.matmul(x.t()),
        ["layer_norm"] = x => functional.layer_norm(x, [64]),
        ["max_pool2d"] = x => functional.max_pool2d(x.view(1, 1, -1, 64), 2),
        ["sum"] = x => x.sum(),
    };

    [Theory, MemberData(nameof(Names))]
    public void Operation_Repeated_AllocatesObjectsOfItsTensorsOnly(string name)
    {
        Func<Tensor, Tensor> operation = operations[name];
        using var frozen = no_grad();
        using Tensor small = rand(80, 64), large = rand(800, 64);
        double few = BytesOf(operation, small), many = BytesOf(operation, large);

        // A tensor is about 80 bytes, a new shape 150; the largest of these operations makes a handful of either.
        Assert.True(few <= 2500, $"{name} allocates {few} bytes");
        Assert.True(many <= few + 64, $"{name} allocates {few} bytes for 5,120 elements and {many} for 51,200");
    }

    private static double BytesOf(Func<Tensor, Tensor> operation, Tensor x)
    {
        const int times = 200;
        for (int i = 0; i < times; i++) Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++) Once();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)times;

        void Once()
        {
            using var scope = NewDisposeScope();
            operation(x);
        }
    }
}
