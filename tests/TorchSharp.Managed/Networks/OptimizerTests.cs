using TorchSharp.Managed.Tests.Golden;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.optim;

namespace TorchSharp.Managed.Tests.Nn;

public class OptimizerTests
{
    public static TheoryData<string> Names => [.. OptimizerCases.Optimizers.Keys];

    private static (Parameter a, Parameter b) Start() => OptimizerCases.Start();

    private static Tensor Loss(Parameter a, Parameter b) => OptimizerCases.Loss(a, b);

    private static double[] Run(OptimizerHelper optimizer, Parameter a, Parameter b, int steps) => OptimizerCases.Run(optimizer, a, b, steps);

    [Theory, MemberData(nameof(Names))]
    public void Step_TwentyTimes_GivesLibtorchsParameters(string name)
    {
        double[] expected = OptimizerCases.Recorded("optimizers", name);
        var (a, b) = Start();
        double[] actual = Run(OptimizerCases.Optimizers[name]([a, b]), a, b, 20);
        const double tolerance = 1e-10;
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), FormattableString.Invariant($"{name}[{i}] = {actual[i]:R}, expected {expected[i]:R}"));
    }

    /// <summary>Hyperparameters in the order of TorchSharp's files, behind the optimiser's name, two counts and the two learning rates.</summary>
    public static TheoryData<string, double[]> StoredOptions => new()
    {
        { "SGD", [0.9, 0, 0.01, No, No] },                        // momentum, dampening, weight_decay, nesterov, maximize
        { "Adam", [0.9, 0.999, 1e-8, 0.01, Yes, No] },            // beta1, beta2, eps, weight_decay, amsgrad, maximize
        { "RMSProp", [No, 0.5, 0.99, 1e-8, 0, Yes] },             // maximize, momentum, alpha, eps, weight_decay, centered
        { "Adagrad", [0.01, 0.1, 1e-10, 0] },                     // lr_decay, initial_accumulator_value, eps, weight_decay
        { "Adadelta", [0.9, 1e-6, 0.01, No] },                    // rho, eps, weight_decay, maximize
        { "Adamax", [0.9, 0.999, 1e-8, 0] },                      // beta1, beta2, eps, weight_decay
        { "NAdam", [0.9, 0.999, 1e-8, 0, 0.004] },                // beta1, beta2, eps, weight_decay, momentum_decay
        { "RAdam", [0.9, 0.999, 1e-8, 0] },                       // beta1, beta2, eps, weight_decay
        { "ASGD", [No, 1e-4, 0.75, 0, 3] },                       // maximize, lambd, alpha, weight_decay, t0
        { "Rprop", [No, 0.5, 1.2, 1e-6, 50] },                    // maximize, etaminus, etaplus, min_step, max_step
    };

    private const double No = double.NegativeZero, Yes = double.PositiveInfinity;

    [Theory, MemberData(nameof(StoredOptions))]
    public void SaveStateDict_OfOptions_HasTorchSharpsOrder(string name, double[] expected)
    {
        var (a, b) = Start();
        using var optimizer = OptimizerCases.Optimizers[name]([a, b]);
        using var stream = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        Assert.Equal(name, reader.ReadString());
        Assert.Equal([1, 2], reader.ReadBytes(2));
        Assert.Equal(reader.ReadDouble(), reader.ReadDouble());
        foreach (double value in expected)
        {
            if (BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(No) || value == Yes)
                Assert.Equal(value == Yes, reader.ReadBoolean());
            else
                Assert.Equal(value, reader.ReadDouble());
        }
    }

    /// <summary>What a file holds of a parameter: n an integer, d a number, T a tensor, + one that is marked as there, - one that is marked as absent.</summary>
    public static TheoryData<string, string> StoredStates => new()
    {
        { "SGD", "-" },           // momentum_buffer, before the first step
        { "Adam", "nTT+" },       // step, exp_avg, exp_avg_sq, max_exp_avg_sq
        { "AdamW", "nTT-" },
        { "RMSProp", "nT++" },    // step, square_avg, momentum_buffer, grad_avg
        { "Adagrad", "nT" },      // step, sum
        { "Adadelta", "nTT" },    // step, square_avg, acc_delta
        { "Adamax", "nTT" },      // step, exp_avg, exp_inf
        { "NAdam", "ndTT" },      // step, mu_product, exp_avg, exp_avg_sq
        { "RAdam", "nTT" },       // step, exp_avg, exp_avg_sq
        { "ASGD", "nddT" },       // step, eta, mu, ax
        { "Rprop", "nTT" },       // step, prev, step_size
    };

    [Theory, MemberData(nameof(StoredStates))]
    public void SaveStateDict_OfAParameter_HasTorchSharpsOrder(string name, string expected)
    {
        var (a, b) = Start();
        using var optimizer = OptimizerCases.Optimizers[name]([a, b]);
        AssertStored(optimizer, expected);
    }

    [Fact]
    public void SaveStateDict_OfRMSPropWithoutMomentum_HoldsItsBuffersAllTheSame()
    {
        var (a, b) = Start();
        using var optimizer = RMSProp([a, b]);
        AssertStored(optimizer, "nT++");
    }

    private static void AssertStored(OptimizerHelper optimizer, string expected)
    {
        using var stream = new MemoryStream();
        optimizer.state_dict().State[1].SaveStateDict(new BinaryWriter(stream));
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        foreach (char part in expected)
        {
            if (part == 'n')
                Assert.Equal(0, reader.ReadInt64());
            if (part == 'd')
                Assert.InRange(reader.ReadDouble(), 0, 1);
            if (part is '+' or '-')
                Assert.Equal(part == '+', reader.ReadBoolean());
            if (part is 'T' or '+')
                Assert.Equal([(byte)ScalarType.Float64, 1, 2], reader.ReadBytes(3 + 16)[..3]);
        }
        Assert.Equal(stream.Length, stream.Position);
    }

    [Theory, MemberData(nameof(Names))]
    public void LoadStateDict_FromAFile_ContinuesAsIfNeverStopped(string name)
    {
        var (a, b) = Start();
        using var first = OptimizerCases.Optimizers[name]([a, b]);
        Run(first, a, b, 5);
        Parameter c = new(a.detach().clone()), d = new(b.detach().clone());
        using var second = OptimizerCases.Optimizers[name]([c, d]);
        using var stream = new MemoryStream();
        first.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        second.load_state_dict(new BinaryReader(stream));
        Assert.Equal(Run(first, a, b, 5), Run(second, c, d, 5));
    }

    [Fact]
    public void LoadStateDict_OfADamagedFile_LeavesTheOptimizerAsItWas()
    {
        var (a, b) = Start();
        using var optimizer = OptimizerCases.Optimizers["Adam"]([a, b]);
        Run(optimizer, a, b, 3);
        using var whole = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(whole));
        byte[] bytes = whole.ToArray();
        for (int length = 0; length < bytes.Length; length += 7)
            Assert.ThrowsAny<IOException>(() =>
            {
                try
                {
                    optimizer.load_state_dict(new BinaryReader(new MemoryStream(bytes[..length])));
                }
                catch (InvalidDataException damage)
                {
                    throw new IOException("damaged", damage);
                }
            });
        using var after = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(after));
        Assert.Equal(bytes, after.ToArray());
    }

    [Fact]
    public void LoadStateDict_OfAnotherOptimizer_NamesBoth()
    {
        var (a, b) = Start();
        using var stream = new MemoryStream();
        SGD([a, b], 0.1).save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        var failure = Assert.Throws<InvalidDataException>(() => Adam([a, b]).load_state_dict(new BinaryReader(stream)));
        Assert.Contains("Adam", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SGD", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParameterGroups_WithTheirOwnRates_MoveAtThem()
    {
        Parameter a = new(ones([1L], ScalarType.Float64)), b = new(ones([1L], ScalarType.Float64));
        using var optimizer = SGD([new SGD.ParamGroup([a], 0.1), new SGD.ParamGroup([b], 0.01)], 1.0);
        (a.sum() + b.sum()).backward();
        optimizer.step();
        Assert.Equal(0.9, a.item<double>(), 12);
        Assert.Equal(0.99, b.item<double>(), 12);
        Assert.Equal([0.1, 0.01], optimizer.ParamGroups.Select(group => group.LearningRate));
    }

    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16, ScalarType.Float16];

    /// <summary>By tensor operations, for a parameter whose elements lie one after the other and one whose do not.</summary>
    [Theory, MemberData(nameof(Types))]
    public void RmsProp_InEveryVariant_IsItsFormula(ScalarType type)
    {
        const double alpha = 0.9, lr = 0.05, eps = 1e-3, mu = 0.8;
        var wide = type == ScalarType.Float64 ? type : ScalarType.Float32;
        double tolerance = type switch { ScalarType.Float64 => 1e-12, ScalarType.Float32 => 1e-5, ScalarType.Float16 => 5e-3, _ => 4e-2 };
        for (int variant = 0; variant < 16; variant++)
        {
            double decay = (variant & 1) != 0 ? 0.1 : 0;
            bool maximize = (variant & 2) != 0, centered = (variant & 4) != 0, momentum = (variant & 8) != 0;
            Parameter[] parameters = [new(randn([37L], type)), new(randn([5L, 9L], type).t())];
            Assert.False(parameters[1].is_contiguous());
            using var optimizer = RMSProp(parameters, lr, alpha, eps, decay, momentum ? mu : 0, centered, maximize);
            Tensor[] expected = [.. parameters.Select(p => p.detach().to(wide))], squares = [.. expected.Select(p => zeros_like(p))], means = [.. expected.Select(p => zeros_like(p))], buffers = [.. expected.Select(p => zeros_like(p))];
            for (int step = 0; step < 3; step++)
            {
                for (int i = 0; i < parameters.Length; i++)
                {
                    parameters[i].grad = randn(parameters[i].shape, type).sign() * (rand(parameters[i].shape, type) + 0.5);
                    var g = parameters[i].grad!.to(wide) * (maximize ? -1 : 1) + expected[i] * decay;
                    squares[i] = squares[i] * alpha + g * g * (1 - alpha);
                    means[i] = means[i] * alpha + g * (1 - alpha);
                    g /= (squares[i] - (centered ? means[i] * means[i] : 0)).sqrt() + eps;
                    buffers[i] = buffers[i] * mu + g;
                    expected[i] -= (momentum ? buffers[i] : g) * lr;
                }
                optimizer.step();
            }
            for (int i = 0; i < parameters.Length; i++)
            {
                var actual = parameters[i].detach().to(wide);
                Assert.True(actual.allclose(expected[i], tolerance, tolerance), $"{type}, variant {variant}, parameter {i}:\n{actual.str()}\ninstead of\n{expected[i].str()}");
            }
        }
    }

    [Fact]
    public void Step_WithAClosure_ReturnsItsLoss()
    {
        var (a, b) = Start();
        using var optimizer = SGD([a, b], 0.01);
        using var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var value = Loss(a, b);
            value.backward();
            return value;
        });
        Assert.True(loss!.item<double>() > Loss(a, b).item<double>());
    }

    [Fact]
    public void Lbfgs_OnRosenbrock_FindsTheMinimum()
    {
        Parameter x = new(tensor(new[] { -1.2, 1.0 }));
        using var optimizer = LBFGS([x], 0.2, max_iter: 200);
        for (int i = 0; i < 20; i++)
            optimizer.step(() =>
            {
                optimizer.zero_grad();
                var loss = (x[1] - x[0].square()).square() * 100 + (x[0] - 1).square();
                loss.backward();
                return loss;
            });
        Assert.Equal(1, x[0].item<double>(), 4);
        Assert.Equal(1, x[1].item<double>(), 4);
    }

    [Fact]
    public void ClipGradNorm_AboveTheLimit_ScalesAllGradientsTogether()
    {
        var (a, b) = Start();
        Loss(a, b).backward();
        double before = Math.Sqrt(a.grad!.square().sum().item<double>() + b.grad!.square().sum().item<double>());
        Assert.Equal(before, nn.utils.clip_grad_norm_([a, b], 1.0), 10);
        Assert.Equal(1, Math.Sqrt(a.grad!.square().sum().item<double>() + b.grad!.square().sum().item<double>()), 5);
        nn.utils.clip_grad_value_([a, b], 0.1);
        Assert.True(a.grad!.abs().max().item<double>() <= 0.1);
    }

    [Fact]
    public void ParametersToVector_AndBack_IsTheIdentity()
    {
        var (a, b) = Start();
        using var vector = nn.utils.parameters_to_vector([a, b]);
        Assert.Equal(6, vector.numel());
        nn.utils.vector_to_parameters(vector.detach() * 2, [a, b]);
        Assert.Equal(2, a[0].item<double>());
        Assert.Throws<ArgumentException>(() => nn.utils.vector_to_parameters(zeros(3), [a, b]));
    }
}
