using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Devices;

/// <summary>Operations over random shapes and strides on the emulated device, against the CPU.</summary>
public sealed class RandomShapeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public RandomShapeTests() => DevicePlaces.Install(DeviceType.CUDA, DevicePlaces.Devices(GpuKind.Emulated, DeviceType.CUDA));

    public void Dispose()
    {
        _scope.Dispose();
        DevicePlaces.Install(DeviceType.CUDA, null);
    }

    private static readonly (string Name, Func<Tensor, Tensor, System.Random, Tensor> Run)[] Operations =
    [
        ("add", (x, y, _) => x + y),
        ("compare", (x, y, _) => x.le(y)),
        ("where", (x, y, _) => where(x > 0, x, y)),
        ("sum", (x, _, random) => x.sum(random.Next((int)x.dim()))),
        ("max", (x, _, random) => x.amax(new long[] { random.Next((int)x.dim()) })),
        ("softmax", (x, _, random) => x.softmax(random.Next((int)x.dim()))),
        ("sort", (x, _, random) => x.sort(random.Next((int)x.dim()), random.Next(2) == 0).Indices),
        ("topk", (x, _, random) => x.topk(1, random.Next((int)x.dim())).indexes),
        ("cumsum", (x, _, random) => x.cumsum(random.Next((int)x.dim()))),
        ("flip", (x, _, random) => x.flip(random.Next((int)x.dim()))),
        ("mask", (x, _, _) => x[x > 0]),
        ("index", (x, _, random) => x[tensor(new long[] { 0, -1, random.Next((int)x.shape[0]) }, device: x.device)]),
        ("index put", (x, _, random) => x.clone().index_put_(tensor(2f, device: x.device), tensor(new long[] { random.Next((int)x.shape[0]) }, device: x.device))),
        ("nonzero", (x, _, _) => (x > 1).nonzero()),
        ("select", (x, _, random) => x.index_select(x.dim() - 1, tensor(new long[] { random.Next((int)x.shape[^1]), 0 }, device: x.device))),
        ("gather", (x, _, random) => x.gather(0, zeros_like(x).to(ScalarType.Int64) + random.Next((int)x.shape[0]))),
    ];

    public static TheoryData<string> Names => [.. Operations.Select(operation => operation.Name)];

    [Theory, MemberData(nameof(Names))]
    public void OperationOverRandomShapes_IsTheCpus(string name)
    {
        var run = Operations.Single(operation => operation.Name == name).Run;
        for (int round = 0; round < 25; round++)
        {
            var random = new System.Random(round);
            long[] shape = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (long)random.Next(1, 6))];
            Tensor x = Numbers(random, shape), y = Numbers(random, [.. shape.Select(size => random.Next(3) == 0 ? 1 : size)]);
            Tensor here = run(x, y, new System.Random(round)), there = run(x.cuda(), y.cuda(), new System.Random(round)).cpu();
            Assert.True(here.shape.SequenceEqual(there.shape) && here.to(ScalarType.Float32).allclose(there.to(ScalarType.Float32), 1e-5, 1e-6),
                $"{name} over {x.shape.Length} dimensions [{string.Join(", ", shape)}] at strides [{string.Join(", ", x.stride())}], round {round}: {there.str()} instead of {here.str()}");
        }
    }

    /// <summary>Dimensions in a random order in memory, and in one round of three every second element of a longer one.</summary>
    private static Tensor Numbers(System.Random random, long[] shape)
    {
        long[] order = [.. Enumerable.Range(0, shape.Length).Select(d => (long)d).OrderBy(_ => random.Next())];
        long[] stored = [.. order.Select(d => shape[d])];
        bool apart = random.Next(3) == 0;
        if (apart)
            stored[^1] *= 2;
        float[] values = [.. Enumerable.Range(0, (int)stored.Aggregate(1L, (product, size) => product * size)).Select(_ => MathF.Round((float)(random.NextDouble() * 8 - 4), 1))];
        var x = tensor(values, stored);
        if (apart)
            x = x.slice(stored.Length - 1, 0, stored[^1], 2);
        return x.permute([.. Enumerable.Range(0, shape.Length).Select(d => (long)Array.IndexOf(order, d))]);
    }
}
