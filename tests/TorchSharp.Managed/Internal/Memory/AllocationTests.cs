using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>
/// Data lives in native memory that is used again: what an operation allocates on the managed heap are the tensor objects of its result
/// (with their shape, where that is a new one), whatever the number of elements.
/// </summary>
public sealed class AllocationTests
{
    private static readonly Scalar Half = 0.5;
    private static readonly long[] Flat = [-1], Second = [1];
    private static readonly Tensor Rows = rand(10, 64), Bias = rand(10), Kernels = rand(8, 4, 3, 3), Biases = rand(8);

    /// <summary>An operation on x [n, 64], and the rank of the new shape that its result has: 0 when the shape is one that was there.</summary>
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Run, int NewRank)> ExactCases = new()
    {
        ["alias"] = (x => x.alias(), 0),
        ["clone"] = (x => x.clone(), 0),
        ["to"] = (x => x.to(float64), 0),
        ["add"] = (x => x.add(x), 0),
        ["add_"] = (x => x.add_(x), 0),
        ["mul number"] = (x => x.mul(Half), 0),
        ["mul_ number"] = (x => x.mul_(Half), 0),
        ["gt number"] = (x => x.gt(Half), 0),
        ["gt"] = (x => x.gt(x), 0),
        ["maximum"] = (x => x.maximum(x), 0),
        ["neg"] = (x => x.neg(), 0),
        ["relu"] = (x => x.relu(), 0),
        ["exp"] = (x => x.exp(), 0),
        ["sqrt"] = (x => x.sqrt(), 0),
        ["sigmoid"] = (x => x.sigmoid(), 0),
        ["gelu"] = (x => x.gelu(), 0),
        ["square"] = (x => x.square(), 0),
        ["softmax"] = (x => x.softmax(1), 0),
        ["log_softmax"] = (x => x.log_softmax(1), 0),
        ["cumsum"] = (x => x.cumsum(1), 0),
        ["sum"] = (x => x.sum(), 0),
        ["transpose"] = (x => x.transpose(0, 1), 2),
        ["view"] = (x => x.view(Flat), 1),
        ["narrow"] = (x => x.narrow(0, 0, 40), 2),
        ["select"] = (x => x[0], 1),
        ["sum of rows"] = (x => x.sum(1), 1),
        ["amax of rows"] = (x => x.amax(Second), 1),
        ["linear"] = (x => functional.linear(x, Rows, Bias), 2),
        ["conv2d"] = (x => functional.conv2d(Images(x), Kernels, Biases), 4),
        ["max_pool2d"] = (x => functional.max_pool2d(Images(x), 2), 4),
        ["avg_pool2d"] = (x => functional.avg_pool2d(Images(x), 2), 4),
    };

    /// <summary>Put together from others, or with statistics besides their result: a handful of tensors.</summary>
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Run, int Tensors)> ComposedCases = new()
    {
        ["pow"] = (x => x.pow(3), 2),
        ["mean"] = (x => x.mean(), 2),
        ["broadcast"] = (x => x.add(x[0]), 3),
        ["transposed copy"] = (x => x.t().contiguous(), 3),
        ["matmul"] = (x => x.matmul(Rows.t()), 3),
        ["layer_norm"] = (x => functional.layer_norm(x, [64]), 10),
        ["batch_norm"] = (x => functional.batch_norm(x, zeros(64), ones(64)), 12),
        ["max with positions"] = (x => x.max(1).values, 5),
        ["std"] = (x => x.std(), 6),
    };

    public static TheoryData<string> Exact() => new(ExactCases.Keys);

    public static TheoryData<string> Composed() => new(ComposedCases.Keys);

    private static Tensor _images = zeros(0);

    /// <summary>The elements of x as images of 4 channels, 16×16: made once, outside what is measured.</summary>
    private static Tensor Images(Tensor x) => _images.numel() == x.numel() ? _images : _images = x.view(-1, 4, 16, 16).DetachFromDisposeScope();

    [Theory, MemberData(nameof(Exact))]
    public void Operation_Repeated_AllocatesTheObjectsOfItsResultOnly(string name)
    {
        var (run, rank) = ExactCases[name];
        double allowed = OneTensor + (rank == 0 ? 0 : NewShape(rank));
        Check(name, run, allowed);
    }

    [Theory, MemberData(nameof(Composed))]
    public void ComposedOperation_Repeated_AllocatesAHandfulOfTensors(string name)
    {
        var (run, tensors) = ComposedCases[name];
        Check(name, run, tensors * (OneTensor + NewShape(2)));
    }

    private static void Check(string name, Func<Tensor, Tensor> run, double allowed)
    {
        // What other tests left may fill the pool, and a full pool takes nothing back.
        NativePool.Trim();
        using var frozen = no_grad();
        using Tensor small = rand(80, 64).view(-1, 64), large = rand(800, 64);
        double few = BytesOf(run, small[TensorIndex.Slice(0, 64)].contiguous()), many = BytesOf(run, large[TensorIndex.Slice(0, 640)].contiguous());
        Assert.True(few <= allowed, $"{name} allocates {few} bytes, its result takes {allowed}");
        Assert.True(many <= few + 16, $"{name} allocates {few} bytes for 4,096 elements and {many} for 40,960");
    }

    /// <summary>A tensor that shares memory and shape, with its place in a scope.</summary>
    private static double OneTensor
    {
        get
        {
            using var x = rand(2, 2);
            return BytesOf(static x => x.alias(), x);
        }
    }

    /// <summary>A layout with its sizes and strides.</summary>
    private static double NewShape(int rank) => Bytes(() => GC.KeepAlive(new Layout(new long[rank])));

    private static double BytesOf(Func<Tensor, Tensor> operation, Tensor x) => Bytes(() => Scoped(operation, x)) - Bytes(() => Scoped(static x => x, x));

    private static void Scoped(Func<Tensor, Tensor> operation, Tensor x)
    {
        using var scope = NewDisposeScope();
        operation(x);
    }

    /// <summary>The least of some rounds: what the runtime allocates besides (a buffer renewed, a method compiled) is in one of them only.</summary>
    private static double Bytes(Action action)
    {
        const int rounds = 5, times = 100;
        for (int i = 0; i < 2 * times; i++)
            action();
        double least = double.PositiveInfinity;
        for (int round = 0; round < rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++)
                action();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)times);
        }
        return least;
    }
}
