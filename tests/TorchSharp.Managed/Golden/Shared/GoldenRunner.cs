using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Runs a case here, and compares values and gradients with PyTorch's.</summary>
internal static class GoldenRunner
{
    /// <summary>Null when all agrees, else what does not, with the numbers.</summary>
    internal static string? Check(GoldenCase item)
    {
        using var scope = NewDisposeScope();
        try
        {
            return Compare(item);
        }
        catch (Exception failure)
        {
            return $"{item}\n    {failure.GetType().Name}: {failure.Message.Split('\n')[0]}";
        }
    }

    private static string? Compare(GoldenCase item)
    {
        if (!item.ByName)
            return Differs(item.Op, item) ? null : Compare(item, inputs => Run(item, inputs), false);
        if (GoldenCall.Overloads(item).Count == 0)
            return $"{item}\n    no overload takes these arguments";
        return Sound(item).Select(overload => Compare(item, overload)).FirstOrDefault(text => text is not null);
    }

    /// <summary>Whether the engine under test is known to differ.</summary>
    private static bool Differs(string member, GoldenCase item) => Differences.OnRealEngine && Listed(member, item) is not null;

    private static bool Differs(GoldenCall.Overload overload, GoldenCase item) => Differs(overload.Name, item) || Differs(overload.ToString(), item);

    /// <summary>The line of the list that concerns a member in this case: some have right values and no gradient.</summary>
    internal static string? Listed(string member, GoldenCase item) =>
        Differences.All.ContainsKey(member) ? member : item.HasGradients && Differences.All.ContainsKey(member + " (gradient)") ? member + " (gradient)" : null;

    /// <summary>The overloads of a case that is called by its name, but for those that this engine has wrong.</summary>
    private static IEnumerable<GoldenCall.Overload> Sound(GoldenCase item) => GoldenCall.Overloads(item).Where(overload => !Differs(overload, item));

    /// <summary>What the members that stand in the list give for a case, compared all the same: the line, and null where it agrees.</summary>
    internal static List<(string line, string? difference)> CheckListed(GoldenCase item)
    {
        using var scope = NewDisposeScope();
        if (item.ByName)
            return [.. GoldenCall.Overloads(item).Select(overload => (Listed(overload.Name, item) ?? Listed(overload.ToString(), item), overload)).Where(pair => pair.Item1 is not null).Select(pair => (pair.Item1!, Compare(item, pair.overload)))];
        if (Listed(item.Op, item) is not { } line)
            return [];
        try
        {
            return [(line, Compare(item, inputs => Run(item, inputs), false))];
        }
        catch (Exception failure)
        {
            return [(line, failure.Message)];
        }
    }

    private static string? Compare(GoldenCase item, GoldenCall.Overload overload)
    {
        try
        {
            return Compare(item, x => (overload.Call(x), []), overload.InPlace) is { } text ? $"{text} ({overload})" : null;
        }
        catch (Exception failure)
        {
            return $"{item}\n    {failure.GetType().Name}: {failure.Message.Split('\n')[0]} ({overload})";
        }
    }

    private static string? Compare(GoldenCase item, Func<Tensor[], (Tensor[] outputs, Tensor[] parameters)> run, bool inPlace)
    {
        var (outputs, gradients) = Evaluate(item, run);
        var expected = item.Outputs();
        if (outputs.Length != expected.Length)
            return $"{item}\n    {outputs.Length} outputs, expected {expected.Length}";
        // An in-place comparison writes zeros and ones into its tensor; the files hold no small integers.
        for (int i = 0; i < outputs.Length; i++)
            if (inPlace || outputs[i].dtype is ScalarType.Int8 or ScalarType.Int16)
                outputs[i] = outputs[i].to_type(expected[i].dtype);
        for (int i = 0; i < outputs.Length; i++)
            if (Difference(outputs[i], expected[i], item.Tolerance) is { } text)
                return $"{item}\n    output {i}: {text}";

        var wanted = item.Gradients();
        if (gradients.Length != wanted.Length)
            return $"{item}\n    {gradients.Length} leaves, expected {wanted.Length}";
        for (int i = 0; i < wanted.Length; i++)
            if (wanted[i] is { } one && Difference(gradients[i] ?? zeros_like(one), one, item.Tolerance) is { } text)
                return $"{item}\n    gradient {i}: {text}";
        return null;
    }

    /// <summary>Outputs, and gradients of Σ output·weights for floating inputs (null for those that are constants) and for parameters.</summary>
    internal static (Tensor[] outputs, Tensor?[] gradients) Evaluate(GoldenCase item, Func<Tensor[], (Tensor[] outputs, Tensor[] parameters)> run)
    {
        var inputs = item.Inputs();
        foreach (int i in item.Variables(inputs))
            inputs[i].requires_grad = true;
        var (outputs, parameters) = run(Prepared(item, inputs));
        if (!item.HasGradients)
            return (outputs, []);
        var loss = zeros([], ScalarType.Float64);
        foreach (var output in outputs.Where(output => output.is_floating_point() && output.requires_grad))
            loss += (output * Weights(output)).sum().to_type(ScalarType.Float64);
        loss.backward();
        return (outputs, [.. inputs.Where(input => input.is_floating_point()).Concat(parameters).Select(leaf => leaf.grad?.clone())]);
    }

    /// <summary>The case as the files' numbers are made: through its first overload that is sound.</summary>
    internal static (Tensor[] outputs, Tensor?[] gradients) Evaluate(GoldenCase item)
    {
        if (!item.ByName)
            return Evaluate(item, inputs => Run(item, inputs));
        var overload = Sound(item).FirstOrDefault() ?? throw new NotSupportedException($"{item}: no sound overload takes these arguments");
        return Evaluate(item, x => (overload.Call(x), []));
    }

    /// <summary>The inputs as the operation receives them: a transposed first one tries strides.</summary>
    internal static Tensor[] Prepared(GoldenCase item, Tensor[] inputs) => item.Arguments.Flag("transposed") ? [inputs[0].t(), .. inputs[1..]] : inputs;

    /// <summary>The case as a function of its inputs, through its first overload.</summary>
    internal static Func<Tensor[], Tensor[]> Function(GoldenCase item) =>
        item.ByName ? x => Sound(item).First().Call(Prepared(item, x)) : x => Run(item, Prepared(item, x)).outputs;

    /// <summary>Whether the numbers of the file come from the CPU's stream at the call, so that another device has others.</summary>
    internal static bool Draws(GoldenCase item) => GoldenModules.Drawing.Contains(item.Op) || item.Op.StartsWith("distribution_", StringComparison.Ordinal);

    internal static (Tensor[] outputs, Tensor[] parameters) Run(GoldenCase item, Tensor[] inputs)
    {
        if (item.Seed is not { } seed)
            return (GoldenOperations.Table[item.Op](inputs, item.Arguments), []);
        if (!GoldenModules.Table.TryGetValue(item.Op, out var make))
            throw new NotSupportedException($"GoldenModules has no entry '{item.Op}'.");
        manual_seed(seed);
        // Initial weights are the CPU's numbers, wherever the module then goes.
        var elsewhere = inputs.FirstOrDefault() is { } first && first.device_type != DeviceType.CPU ? first.device : null;
        var usual = get_default_device();
        if (elsewhere is not null)
            set_default_device(CPU);
        var (module, call) = make(item.Arguments);
        if (elsewhere is not null)
        {
            set_default_device(usual);
            module.to(elsewhere);
        }
        module.to(inputs.FirstOrDefault(input => input.is_floating_point())?.dtype ?? item.Arguments.Type);
        module.train(item.Arguments.Flag("training", true));
        return (call(inputs), [.. module.parameters()]);
    }

    private static Tensor Weights(Tensor output)
    {
        double[] values = new double[output.numel()];
        for (int k = 0; k < values.Length; k++)
            values[k] = Math.Cos(0.7 * k + 0.3);
        return tensor(values, output.shape, ScalarType.Float64).to_type(output.dtype);
    }

    /// <summary>|a − b| ≤ rtol·max|b| over the tensor, with rtol 1e-5 in float32 and 1e-10 in float64; integers must be equal.</summary>
    internal static string? Difference(Tensor actual, Tensor expected, double? relative = null)
    {
        if (actual.dtype != expected.dtype)
            return $"dtype {actual.dtype}, expected {expected.dtype}";
        if (!actual.shape.SequenceEqual(expected.shape))
            return $"shape [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", expected.shape)}]";
        double[] a = Values(actual), b = Values(expected);
        double tolerance = relative ?? expected.dtype switch
        {
            ScalarType.Float32 => 1e-5,
            ScalarType.Float64 => 1e-10,
            _ => 0,
        };
        double limit = tolerance * b.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < a.Length; i++)
        {
            bool same = double.IsFinite(b[i]) ? Math.Abs(a[i] - b[i]) <= limit : a[i].Equals(b[i]);
            if (!same)
                return string.Create(CultureInfo.InvariantCulture, $"element {i} is {a[i]:R}, expected {b[i]:R} (allowed difference {limit:g3})");
        }
        return null;
    }

    internal static double[] Values(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.detach().to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
}
