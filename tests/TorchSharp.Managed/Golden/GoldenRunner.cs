using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Runs a case here, and compares values and gradients with PyTorch's.</summary>
internal static class GoldenRunner
{
    /// <summary>Null when all agrees, else what does not, with the numbers.</summary>
    internal static string? Check(GoldenCase item)
    {
        using DisposeScope scope = NewDisposeScope();
        try
        {
            return Compare(item);
        }
        catch (Exception failure)
        {
            return $"{item}\n    {failure.GetType().Name}: {failure.Message}";
        }
    }

    private static string? Compare(GoldenCase item)
    {
        if (item.ByName)
        {
            List<GoldenCall.Overload> overloads = GoldenCall.Overloads(item);
            return overloads.Count == 0 ? $"{item}\n    no overload takes these arguments"
                : overloads.Select(overload => Compare(item, x => (overload.Call(x), []), overload.InPlace) is { } text ? $"{text} ({overload})" : null).FirstOrDefault(text => text is not null);
        }
        return Compare(item, inputs => Run(item, inputs), false);
    }

    private static string? Compare(GoldenCase item, Func<Tensor[], (Tensor[] outputs, Tensor[] parameters)> run, bool inPlace)
    {
        Tensor[] inputs = item.Inputs();
        if (item.HasGradients)
            foreach (Tensor input in inputs.Where(input => input.is_floating_point())) input.requires_grad = true;
        var (outputs, parameters) = run(Prepared(item, inputs));
        Tensor[] expected = item.Outputs();
        if (outputs.Length != expected.Length) return $"{item}\n    {outputs.Length} outputs, expected {expected.Length}";
        // An in-place comparison writes zeros and ones into its tensor; the files hold no small integers.
        for (int i = 0; i < outputs.Length; i++)
            if (inPlace || outputs[i].dtype is ScalarType.Int8 or ScalarType.Int16) outputs[i] = outputs[i].to_type(expected[i].dtype);
        for (int i = 0; i < outputs.Length; i++)
            if (Difference(outputs[i], expected[i], item.Tolerance) is { } text) return $"{item}\n    output {i}: {text}";
        if (!item.HasGradients) return null;

        Tensor loss = zeros([], ScalarType.Float64);
        foreach (Tensor output in outputs.Where(output => output.is_floating_point() && output.requires_grad))
            loss += (output * Weights(output)).sum().to_type(ScalarType.Float64);
        loss.backward();
        Tensor?[] gradients = item.Gradients();
        Tensor[] leaves = [.. inputs.Where(input => input.is_floating_point()), .. parameters];
        if (leaves.Length != gradients.Length) return $"{item}\n    {leaves.Length} leaves, expected {gradients.Length}";
        for (int i = 0; i < leaves.Length; i++)
            if (gradients[i] is { } wanted && Difference(leaves[i].grad ?? zeros_like(wanted), wanted, item.Tolerance) is { } text)
                return $"{item}\n    gradient {i}: {text}";
        return null;
    }

    /// <summary>The inputs as the operation receives them: a transposed first one tries strides.</summary>
    internal static Tensor[] Prepared(GoldenCase item, Tensor[] inputs) => item.Arguments.Flag("transposed") ? [inputs[0].t(), .. inputs[1..]] : inputs;

    /// <summary>The case as a function of its inputs, through its first overload.</summary>
    internal static Func<Tensor[], Tensor[]> Function(GoldenCase item) =>
        item.ByName ? x => GoldenCall.Overloads(item)[0].Call(Prepared(item, x)) : x => Run(item, Prepared(item, x)).outputs;

    private static (Tensor[] outputs, Tensor[] parameters) Run(GoldenCase item, Tensor[] inputs)
    {
        if (item.Seed is not { } seed) return (GoldenOperations.Table[item.Op](inputs, item.Arguments), []);
        if (!GoldenModules.Table.TryGetValue(item.Op, out var make)) throw new NotSupportedException($"GoldenModules has no entry '{item.Op}'.");
        manual_seed(seed);
        var (module, call) = make(item.Arguments);
        if (inputs.FirstOrDefault(input => input.is_floating_point()) is { } first) module.to(first.dtype);
        else module.to(item.Outputs()[0].dtype);
        module.train(item.Arguments.Flag("training", true));
        return (call(inputs), [.. module.parameters()]);
    }

    private static Tensor Weights(Tensor output)
    {
        var values = new double[output.numel()];
        for (int k = 0; k < values.Length; k++) values[k] = Math.Cos(0.7 * k + 0.3);
        return tensor(values, output.shape, ScalarType.Float64).to_type(output.dtype);
    }

    /// <summary>|a − b| ≤ rtol·max|b| over the tensor, with rtol 1e-5 in float32 and 1e-10 in float64; integers must be equal.</summary>
    internal static string? Difference(Tensor actual, Tensor expected, double? relative = null)
    {
        if (actual.dtype != expected.dtype) return $"dtype {actual.dtype}, expected {expected.dtype}";
        if (!actual.shape.SequenceEqual(expected.shape)) return $"shape [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", expected.shape)}]";
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
            if (!same) return string.Create(CultureInfo.InvariantCulture, $"element {i} is {a[i]:R}, expected {b[i]:R} (allowed difference {limit:g3})");
        }
        return null;
    }

    internal static double[] Values(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
}
