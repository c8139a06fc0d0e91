using TorchSharp.Gpu;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>Training on a device: a group of parameters is stepped by one kernel, and nobody waits for the device before a value is read.</summary>
public sealed unsafe class OptimiserTests : TensorsOnDevice
{
    private static readonly Dictionary<string, Func<Parameter[], optim.Optimizer>> Optimisers = new()
    {
        ["Adam"] = parameters => optim.Adam(parameters, 0.1, weight_decay: 0.01),
        ["Adam with the largest moment"] = parameters => optim.Adam(parameters, 0.1, amsgrad: true),
        ["AdamW"] = parameters => optim.AdamW(parameters, 0.1),
        ["AdamW, ascending"] = parameters => optim.AdamW(parameters, 0.1, maximize: true),
        ["SGD"] = parameters => optim.SGD(parameters, 0.1, weight_decay: 0.01),
        ["SGD with momentum"] = parameters => optim.SGD(parameters, 0.1, momentum: 0.9, dampening: 0.1),
        ["SGD with Nesterov's momentum"] = parameters => optim.SGD(parameters, 0.1, momentum: 0.9, nesterov: true),
        ["RMSProp"] = parameters => optim.RMSProp(parameters, 0.01, weight_decay: 0.01),
        ["RMSProp, ascending"] = parameters => optim.RMSProp(parameters, 0.01, maximize: true),
        ["RMSProp with momentum"] = parameters => optim.RMSProp(parameters, 0.01, momentum: 0.9),
        ["RMSProp, centred"] = parameters => optim.RMSProp(parameters, 0.01, centered: true),
        ["RMSProp, centred, with momentum"] = parameters => optim.RMSProp(parameters, 0.01, momentum: 0.9, centered: true),
    };

    public static TheoryData<string, ScalarType> Names => [.. Optimisers.Keys.SelectMany(name => new[] { (name, ScalarType.Float32), (name, ScalarType.Float64) })];

    [Theory, MemberData(nameof(Names))]
    public void Step_OfAGroup_IsOneKernel_AndTheCpus(string name, ScalarType type)
    {
        long[][] shapes = [[3, 4], [1], [5], [2, 3, 7]];
        Tensor[] values = [.. shapes.Select(shape => randn(shape, type))], factors = [.. shapes.Select(shape => randn(shape, type))];
        Parameter[] here = [.. values.Select(value => Parameter(value.clone()))], there = [.. values.Select(value => Parameter(There(value)))];
        optim.Optimizer onCpu = Optimisers[name](here), onDevice = Optimisers[name](there);
        long launches = 0;
        for (int step = 0; step < 3; step++)
        {
            // In the second step one parameter has no gradient: from then on it is a step behind.
            int skipped = step == 1 ? 2 : -1;
            Descend(here, factors, skipped);
            Descend(there, [.. factors.Select(There)], skipped);
            onCpu.step();
            long before = OnDevice.Device.Work.Launches;
            onDevice.step();
            launches = OnDevice.Device.Work.Launches - before;
            if (step == 1)
                Assert.Equal(1, launches);
        }
        double tolerance = type == ScalarType.Float64 ? 1e-10 : 1e-4;
        for (int i = 0; i < here.Length; i++)
            Assert.True(there[i].cpu().allclose(here[i], tolerance, tolerance), $"{name}, {type}, parameter {i}:\n{there[i].cpu().str()}\ninstead of\n{here[i].str()}");
    }

    /// <summary>0·∞ is no number: what is not asked for must not be multiplied.</summary>
    [Theory]
    [InlineData("SGD with momentum")]
    [InlineData("Adam with the largest moment")]
    [InlineData("RMSProp, ascending")]
    public void Step_WithoutDecay_LeavesAParameterThatIsInfiniteInfinite(string name)
    {
        Parameter[] parameters = [.. new[] { tensor([float.PositiveInfinity, 1]), ones(2) }.Select(value => Parameter(There(value)))];
        foreach (var parameter in parameters)
            parameter.grad = There(ones(2));
        Optimisers[name](parameters).step();
        float[] stepped = parameters[0].cpu().data<float>().ToArray();
        Assert.True(float.IsPositiveInfinity(stepped[0]), $"{stepped[0]}");
        Assert.True(float.IsFinite(stepped[1]) && stepped[1] != 1, $"{stepped[1]}");
    }

    /// <summary>d/dp of Σ sin(p·factor).</summary>
    private static void Descend(Parameter[] parameters, Tensor[] factors, int skipped)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i].grad = null;
            if (i != skipped)
                (parameters[i] * factors[i]).sin().sum().backward();
        }
    }

    /// <summary>Each large block has a segment of its own, and a kernel has room for eight: two parameters with their gradients and moments.</summary>
    [Fact]
    public void ATable_TakesAsManyParametersAsItsSegmentsHold()
    {
        const int large = 2 << 20, small = 4096;
        var memory = new GpuMemory(OnDevice.Device);
        StepOperands Operands(int bytes) => new((nint)memory.Allocate(bytes), (nint)memory.Allocate(bytes), (nint)memory.Allocate(bytes), (nint)memory.Allocate(bytes), 0, bytes / sizeof(float));
        StepOperands[] parameters = [Operands(large), Operands(large), Operands(large), Operands(small), Operands(small), Operands(small)];
        ReadOnlySpan<StepOperands> rest = parameters;
        var taken = new List<int>();
        while (!rest.IsEmpty)
            taken.Add(StepTable.Take(ref rest, sizeof(float)).Parameters);
        Assert.Equal([2, 4], taken);
        rest = parameters.AsSpan(3);
        var table = StepTable.Take(ref rest, sizeof(float));
        Assert.Equal(3 * small / sizeof(float), table.Count);
        Assert.Equal([small / 4, 2 * small / 4, 3 * small / 4], table.Rows.ToArray().Where((_, i) => i % 6 == 0));
        foreach (var one in parameters)
            foreach (nint address in new[] { one.Parameter, one.Gradient, one.First, one.Second })
                memory.Free((void*)address, one.Count * sizeof(float));
        memory.EmptyCache();
    }

    /// <summary>What waits is what reads a value: everything else enters the queue.</summary>
    [Fact]
    public void ATrainingStep_WaitsForNothing_UntilItsLossIsRead()
    {
        var network = Sequential(Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(), MaxPool2d(2), Dropout(0.2), Flatten(), Linear(36, 3)).to(Device);
        var optimizer = optim.AdamW(network.parameters(), 0.01);
        Tensor images = randn(8, 1, 8, 8, device: Device), classes = randint(0, 3, 8, device: Device), loss = null!;
        for (int step = 0; step < 3; step++)
        {
            long before = OnDevice.Device.Work.Waits;
            optimizer.zero_grad();
            loss = functional.cross_entropy(network.call(images), classes);
            loss.backward();
            optimizer.step();
            Assert.Equal(before, OnDevice.Device.Work.Waits);
        }
        long read = OnDevice.Device.Work.Waits;
        Assert.True(float.IsFinite(loss.item<float>()));
        Assert.InRange(OnDevice.Device.Work.Waits - read, 1, 2);
    }
}
