using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp.Managed.Tests.Golden;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Devices;

/// <summary>Tensors carry their device: on one that has memory only, everything that the engine can do goes through it and comes out right.</summary>
public sealed class DeviceTests : IDisposable
{
    private static readonly MemoryOnlyDevice[] Devices = [new(0), new(1)];
    private readonly DisposeScope _scope = NewDisposeScope();

    public DeviceTests() => DevicePlaces.Install(DeviceType.CUDA, Devices);

    public void Dispose()
    {
        set_default_device(CPU);
        _scope.Dispose();
        DevicePlaces.Install(DeviceType.CUDA, null);
    }

    public static TheoryData<string> Groups => GoldenTests.Groups;

    /// <summary>Every seventh case of the golden suite, its tensors made on the device.</summary>
    [Theory, MemberData(nameof(Groups))]
    public void Results_OfGoldenCases_AreTheSameOnADevice(string group)
    {
        set_default_device(CUDA);
        var failures = GoldenCase.Load(group).Where(item => !GoldenRunner.Draws(item)).Where((_, i) => i % 7 == 0).Select(GoldenRunner.Check).OfType<string>().ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} cases differ:\n" + string.Join('\n', failures.Take(20)));
    }

    [Fact]
    public void Device_OfATensor_IsWhereItWasMade()
    {
        var x = ones(2, 3, device: new Device("cuda:1"));
        Assert.Equal((DeviceType.CUDA, 1, "cuda:1", true, false), (x.device_type, x.device_index, x.device.ToString(), x.is_cuda, x.is_cpu()));
        Assert.Equal("cuda:1", (x * 2 + x.t().contiguous().t()).device.ToString());
        Assert.Equal((true, 2), (cuda.is_available(), cuda.device_count()));
        Assert.Equal("cpu", x.cpu().device.ToString());
    }

    /// <summary>What is counted or chosen on the CPU lies where the numbers came from.</summary>
    [Fact]
    public void Results_ThatAreCounted_LieWhereTheirInputDoes()
    {
        Tensor whole = tensor([3L, 1, 2, 1], device: CUDA), real = whole.to(ScalarType.Float32), limits = tensor([1f, 2f], device: CUDA);
        var (output, inverse, counts) = whole.unique(return_inverse: true, return_counts: true);
        var results = new Dictionary<string, Tensor>
        {
            ["bincount"] = whole.bincount(null),
            ["bincount with weights"] = whole.bincount(real),
            ["bincount of nothing"] = whole[..0].bincount(real[..0]),
            ["histc"] = real.histc(4),
            ["bucketize"] = real.bucketize(limits),
            ["isin"] = whole.isin(whole[..2]),
            ["unique"] = output,
            ["inverse"] = inverse!,
            ["counts"] = counts!,
            ["gcd"] = whole.gcd(whole + 1),
            ["combinations"] = combinations(whole),
            ["fold"] = functional.fold(ones(1, 4, 4, device: CUDA), 3, 2),
            ["repeat_interleave"] = whole.repeat_interleave(whole),
            ["take_along_dim"] = whole.take_along_dim([2L, 0], 0),
        };
        Assert.Equal([], results.Where(result => result.Value.device_type != DeviceType.CUDA).Select(result => result.Key));
    }

    [Fact]
    public void Elements_ThereAndBack_AreTheSame()
    {
        Tensor x = arange(24, ScalarType.Float32).reshape(2, 3, 4), there = x.transpose(0, 2).cuda();
        Assert.Equal(x.transpose(0, 2), there.cpu());
        Assert.Equal(x.transpose(0, 2), there.to(new Device("cuda:1")).cpu());
        Assert.Equal(7, there[3, 1, 0].item<float>());
        var half = x.to(ScalarType.Float16, CUDA);
        Assert.Equal((ScalarType.Float16, DeviceType.CUDA), (half.dtype, half.device_type));
        var target = zeros(3, 2, 4);
        target.transpose(0, 1).copy_(there.transpose(0, 2));
        Assert.Equal(x.transpose(0, 1), target);
    }

    [Fact]
    public void Data_OfATensorElsewhere_HasToBeMovedFirst()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => ones(3, device: CUDA).data<float>());
        Assert.Contains("Move or copy the tensor to the cpu", refused.Message);
    }

    [Fact]
    public void Operations_OverTwoDevices_AreRefusedAsLibtorchDoes()
    {
        Tensor here = ones(2, 2), there = ones(2, 2, device: CUDA), other = ones(2, 2, device: new Device("cuda:1"));
        Action[] mixed =
        [
            () => (here + there).Dispose(), () => there.add_(here), () => here.mul_(there), () => there.matmul(here).Dispose(), () => there.eq(here).Dispose(),
            () => functional.linear(there, here).Dispose(), () => cat([there, here]).Dispose(), () => functional.conv1d(ones(1, 2, 5, device: CUDA), ones(2, 2, 3)).Dispose(),
            () => where(there > 0, there, here).Dispose(), () => there.gather(1, zeros(2, 2, ScalarType.Int64)).Dispose(),
        ];
        Assert.All(mixed, action => Assert.StartsWith("Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!", Assert.Throws<ExternalException>(action).Message));
        Assert.Contains("cuda:0 and cuda:1!", Assert.Throws<ExternalException>(() => there + other).Message);
        // A number may stand beside tensors of any device, a tensor without dimensions too.
        Assert.Equal(full(2, 2, 3f), (there + tensor(2f)).cpu());
        Assert.Equal(full(2, 2, 3f), (tensor(2f) + there).cpu());
    }

    [Fact]
    public void Device_ThatIsNotThere_IsNamed()
    {
        Assert.Contains("cuda:2", Assert.Throws<InvalidOperationException>(() => ones(1, device: new Device("cuda:2"))).Message);
        DevicePlaces.Install(DeviceType.CUDA, []);
        Assert.False(cuda.is_available());
        string refusal = Assert.Throws<InvalidOperationException>(() => ones(1).cuda()).Message;
        Assert.Contains(DevicePlaces.WhyNone(CUDA), refusal);
        Assert.Contains("Compute on the CPU", refusal);
    }

    /// <summary>By this name the course's preflight asks for it.</summary>
    [Fact]
    public void Description_NamesDeviceAndMemory()
    {
        object? Described(Device device) => typeof(torch).Assembly.GetType("TorchSharp.DevicePlaces")!.GetMethod("Describe", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, [device]);
        Assert.Equal("cpu", Described(CPU));
        Assert.Equal("cuda:1 (memory without kernels, driver of the test, 1 GiB)", Described(new Device("cuda:1")));
    }

    [Fact]
    public void Gradients_GoBackToTheDeviceTheyCameFrom()
    {
        var x = arange(4, ScalarType.Float32).requires_grad_();
        (x.cuda() * 3).cpu().sum().backward();
        Assert.Equal(full(4, 3f), x.grad!);
        Assert.Equal(DeviceType.CPU, x.grad!.device_type);
    }

    [Theory, InlineData("Adam"), InlineData("SGD"), InlineData("RMSProp")]
    public void Training_OnADevice_IsTrainingOnTheCpu(string name)
    {
        Tensor onCpu = Train(CPU), onDevice = Train(CUDA);
        Assert.Equal(DeviceType.CUDA, onDevice.device_type);
        Assert.Equal(onCpu, onDevice.cpu());

        Tensor Train(Device device)
        {
            manual_seed(1);
            var net = Sequential(Conv2d(1, 4, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(36, 3));
            optim.Optimizer optimizer = name switch
            {
                "Adam" => optim.Adam(net.parameters(), 0.01, amsgrad: true),
                "SGD" => optim.SGD(net.parameters(), 0.01, momentum: 0.9),
                _ => optim.RMSProp(net.parameters(), 0.01, momentum: 0.9, centered: true),
            };
            Tensor x = randn(8, 1, 8, 8), y = randint(0, 3, 8);
            net.to(device);
            for (int step = 0; step < 3; step++)
            {
                optimizer.zero_grad();
                functional.cross_entropy(net.call(x.to(device)), y.to(device)).backward();
                optimizer.step();
            }
            return net.parameters().First().detach();
        }
    }

    [Fact]
    public void Memory_OfADevice_GoesBackWithItsTensors()
    {
        long before = Devices[1].Blocks;
        using (NewDisposeScope())
        {
            var x = ones(100, 100, device: new Device("cuda:1"));
            x.matmul(x).relu_();
        }
        Assert.Equal(before, Devices[1].Blocks);
    }

    [Fact]
    public void FallBacks_AreCountedByName()
    {
        Fallbacks.Clear();
        var x = ones(3, device: CUDA);
        _ = (x * x).sort();
        Assert.Equal(1, Fallbacks.Counts["Binary(Mul) of Float32"]);
        Assert.Equal(1, Fallbacks.Counts["Order of Float32"]);
    }

    [Fact]
    public void TwoThreads_OnTwoDevices_DoNotDisturbOneAnother()
    {
        float[] sums = new float[2];
        Parallel.For(0, 2, i =>
        {
            using var own = NewDisposeScope();
            var x = full(64, 64, (float)(i + 1), device: new Device(DeviceType.CUDA, i));
            for (int k = 0; k < 20; k++)
                x = x.matmul(eye(64, device: x.device));
            sums[i] = x.sum().item<float>();
        });
        Assert.Equal([4096f, 8192f], sums);
    }
}
