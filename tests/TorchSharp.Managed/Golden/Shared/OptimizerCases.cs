using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Parameters after 20 steps of each optimiser, and learning rates of 13 epochs of each scheduler: tests/golden/data/optimizers.json.</summary>
internal static class OptimizerCases
{
    internal static readonly Dictionary<string, Func<IEnumerable<Parameter>, OptimizerHelper>> Optimizers = new()
    {
        ["SGD"] = p => SGD(p, 0.05, 0.9, weight_decay: 0.01),
        ["Nesterov"] = p => SGD(p, 0.05, 0.9, nesterov: true),
        ["Adam"] = p => Adam(p, 0.05, weight_decay: 0.01, amsgrad: true),
        ["AdamW"] = p => AdamW(p, 0.05, weight_decay: 0.1),
        ["RMSProp"] = p => RMSProp(p, 0.02, momentum: 0.5, centered: true),
        ["Adagrad"] = p => Adagrad(p, 0.1, lr_decay: 0.01, initial_accumulator_value: 0.1),
        ["Adadelta"] = p => Adadelta(p, 1.0, weight_decay: 0.01),
        ["Adamax"] = p => Adamax(p, 0.05),
        ["NAdam"] = p => NAdam(p, 0.05),
        ["RAdam"] = p => RAdam(p, 0.05),
        ["ASGD"] = p => ASGD(p, 0.05, t0: 3),
        ["Rprop"] = p => Rprop(p, 0.02),
    };

    internal static readonly Dictionary<string, Func<Optimizer, LRScheduler>> Schedulers = new()
    {
        ["LambdaLR"] = o => LambdaLR(o, epoch => Math.Pow(0.95, epoch)),
        ["MultiplicativeLR"] = o => MultiplicativeLR(o, _ => 0.9),
        ["StepLR"] = o => StepLR(o, 3, 0.5),
        ["MultiStepLR"] = o => MultiStepLR(o, [2, 5, 5], 0.5),
        ["ExponentialLR"] = o => ExponentialLR(o, 0.9),
        ["ConstantLR"] = o => ConstantLR(o, 0.5, 4),
        ["LinearLR"] = o => LinearLR(o, 0.25, 1.0, 4),
        ["PolynomialLR"] = o => PolynomialLR(o, 8, 2.0),
        ["CosineAnnealingLR"] = o => CosineAnnealingLR(o, 6, 0.01),
        ["CyclicLR"] = o => CyclicLR(o, 0.01, 0.1, 3, 2, cycle_momentum: true),
        ["CyclicLR2"] = o => CyclicLR(o, 0.01, 0.1, 2, mode: impl.CyclicLR.Mode.Triangular2, cycle_momentum: false),
        ["CyclicLRExp"] = o => CyclicLR(o, 0.01, 0.1, 2, mode: impl.CyclicLR.Mode.ExpRange, gamma: 0.9, cycle_momentum: false),
        ["OneCycleLR"] = o => OneCycleLR(o, 0.2, total_steps: 14),
        ["OneCycleLRLinear3"] = o => OneCycleLR(o, 0.2, total_steps: 14, anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear, three_phase: true),
        ["SequentialLR"] = o => SequentialLR(o, [ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9)], [3]),
        ["ChainedLR"] = o => ChainedLR([ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9)]),
    };

    internal static (Parameter a, Parameter b) Start() =>
        (new Parameter(tensor(new[] { 1.0, -2.0, 0.5, 3.0 })), new Parameter(tensor(new[] { 0.3, -0.7 })));

    /// <summary>A loss with a curved valley.</summary>
    internal static Tensor Loss(Parameter a, Parameter b) => (a.square() * tensor(new[] { 1.0, 0.5, 2.0, 0.1 })).sum() + (b - a.narrow(0, 0, 2)).pow(4).sum() + a.sin().sum();

    internal static double[] Run(OptimizerHelper optimizer, Parameter a, Parameter b, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Loss(a, b).backward();
            optimizer.step();
        }
        return [.. a.data<double>().ToArray(), .. b.data<double>().ToArray()];
    }

    internal static SGD NewOptimizer() => SGD([new Parameter(ones(1))], 0.1, 0.9);

    private static double Rate(Optimizer optimizer) => optimizer.ParamGroups.First().LearningRate;

    internal static double[] Rates(Func<Optimizer, LRScheduler> make)
    {
        using var optimizer = NewOptimizer();
        var scheduler = make(optimizer);
        List<double> rates = [Rate(optimizer)];
        while (rates.Count < 13)
        {
            scheduler.step();
            rates.Add(Rate(optimizer));
        }
        return [.. rates];
    }

    /// <summary>The rate after each of some losses that stop falling.</summary>
    internal static double[] PlateauRates()
    {
        using var optimizer = NewOptimizer();
        var scheduler = ReduceLROnPlateau(optimizer, factor: 0.5, patience: 2, cooldown: 1);
        List<double> rates = [];
        foreach (double value in new[] { 1, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.5, 0.6, 0.6, 0.6, 0.6 })
        {
            scheduler.step(value);
            rates.Add(Rate(optimizer));
        }
        return [.. rates];
    }

    private static readonly Lazy<JsonElement> DataFile = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "data", "optimizers.json"))).RootElement);

    internal static double[] Recorded(string kind, string name) => [.. DataFile.Value.GetProperty(kind).GetProperty(name).EnumerateArray().Select(item => item.GetDouble())];
}
