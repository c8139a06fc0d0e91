using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Fuzz;

/// <summary>What the parameters get that are not the tensors of <see cref="Operations"/>.</summary>
internal static class Arguments
{
    /// <summary>Operations, parameters, and the choices; the first line whose names and type fit holds.</summary>
    private static readonly (string Operations, string Parameters, object[] Choices)[] AllChoices =
    [
        // Shapes.
        ("reshape|view", "shape", [L(12), L(4, 3), L(-1, 2), L(2, 2, 3)]), ("expand|broadcast_to", "sizes|shape", [L(2, 3, 4), L(3, 4), L(-1, 4)]), ("repeat|tile", "sizes|dims", [L(2, 1), L(1, 2, 3), L(0, 1)]),
        ("unflatten", "dim", [-1L]), ("unflatten", "sizes", [L(2, 2), L(-1, 2)]), ("permute", "permutation", [L(1, 0), L(0, 1)]), ("split|tensor_split", "sizes|split_size_or_sections|indices_or_sections", [L(1, 3), L(2, 2)]), ("new_.*", "size", [L(2, 3), 3L]),
        ("layer_norm", "normalized_shape", [L(4)]), ("movedim|moveaxis", "source", [L(0), 0L]), ("movedim|moveaxis", "destination", [L(-1), -1L]), (".*", "shifts", [1L, -2L, L(1), L(1, 2), (1L, 2L)]), ("roll", "dims", [0L, L(0), L(0, 1), (0L, 1L)]), ("rot90", "dims", [(0L, 1L)]),
        ("narrow", "start|length", [1L, 2L]), ("slice", "start", [0L, 1L]), ("slice", "finish", [2L, 3L]), ("slice", "step", [1L, 2L]), ("select.*", "index", [0L, 1L, -1L]), ("tensordot", "dims", [1L]), ("tensordot", "dims1|dims2", [L(0), L(1)]),
        ("pad", "pad", [1L, (1L, 2L), (1L, 0L, 2L, 1L), L(1, 1), L(1, 0, 2, 1)]), ("unfold", "dimension", [0L, 1L]), (".*", "diagonal|offset", [0L, 1L, -1L, 0, 1]), ("diag.*|linalg", "dim1", [0L, 0]), ("diag.*", "dim2", [1L, 1]),
        // Kernels.
        (".*1d.*", "kernel_size|stride|strides|dilation", [2L, 1L]), (".*1d.*", "padding|output_padding", [0L]), (".*2d.*|unfold", "kernel_size", [2L, (2L, 2L), L(2, 2)]), (".*2d.*", "stride|strides", [1L, (2L, 1L), L(2, 1)]), (".*2d.*", "padding", [1L, (1L, 0L), L(1, 0)]),
        (".*3d.*", "kernel_size|stride|strides", [2L, (2L, 2L, 2L), L(2, 2, 2)]), (".*3d.*", "padding", [0L, (0L, 0L, 0L), L(0, 0, 0)]), ("adaptive_.*1d.*", "output_size", [3L]), ("adaptive_.*2d.*", "output_size", [2L, (2L, 3L), L(2, 3)]), ("adaptive_.*3d.*", "output_size", [2L, (2L, 2L, 2L), L(2, 2, 2)]),
        ("upsample_nearest3d", ".*[sS]izes?", [L(3, 3, 3)]), ("upsample.*|interpolate", ".*[sS]izes?", [L(3, 5), 3L]), (".*", "groups|divisor_override", [1L]), (".*", "num_groups|downscale_factor|upscale_factor", [2L]), (".*", "normType|norm_type", [1.0, 2.0]),
        // Numbers. Dropout of attention is random.
        ("scaled_dot_product_attention", "p", [0.0]),
        ("polygamma_?|mvlgamma_?|multigammaln", "p|n", [1L, 2L]), ("matrix_power", "n", [0, 2, 3]), ("renorm", "p|maxnorm", [1f, 2f]), ("matrix_norm", "ord", ["fro", "nuc", 1.0, double.PositiveInfinity]), (".*", "ord", ["fro", 1, 2, 0.0, 2.0, double.PositiveInfinity, double.NegativeInfinity]),
        (".*", "dims|dimensions|dim", [0L, 1L, -1L, 0, 1, -1, L(0), L(1), L(0, 1), (0L, 1L)]), (".*", "dim[0-9]|axis[0-9]?|axis|dim", [0L, 1L, -1L, 0, 1, -1]), (".*", "k|chunks|size|repeats|n|num_.*|sections|.*sections|N|bins|r", [1L, 2L, 1, 2, L(1), L(1, 2)]),
        ("histc", "min|max", [0L]), ("clamp.*|clip.*", "min", [S(-1.5), S(0)]), ("clamp.*|clip.*", "max", [S(1.5), S(2)]), (".*", "lambda|lower|upper|eps|threshold|delta|margin|min_val|max_val|negative_slope", [0.5, 1.0, S(0.5)]), (".*", "decimals", [0L, 1L, -1L]),
        (".*", ".*", [S(2), S(-1.5), S(0), S(3), 0.5, 2.0, 1f, 2f, 1L, 2L, 1, 2]),
    ];

    private static long[] L(params long[] numbers) => numbers;

    private static Func<Scalar> S(double number) => () => number == Math.Floor(number) ? (Scalar)(long)number : number;

    /// <summary>Whether the method can be called by these rules.</summary>
    internal static bool Fit(MethodInfo method) => method.GetParameters().All(parameter => IsTensor(parameter.ParameterType) || parameter.HasDefaultValue || parameter.IsDefined(typeof(ParamArrayAttribute)) || Choices(method, parameter).Count > 0);

    private static bool IsTensor(Type type) => type == typeof(Tensor) || (type.IsAssignableFrom(typeof(Tensor[])) && type != typeof(object));

    /// <summary>What a parameter may get, of its type.</summary>
    private static List<object?> Choices(MethodInfo method, ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type == typeof(bool))
            return [true, false];
        if (type == typeof(ScalarType))
            return [ScalarType.Float32, ScalarType.Float64, ScalarType.Int64];
        if (type.IsEnum)
            return [.. Enum.GetValues(type)];
        return [.. AllChoices.Where(line => Operations.Whole(line.Operations, method.Name) && Operations.Whole(line.Parameters, parameter.Name!))
            .Select(line => line.Choices.Where(choice => type == typeof(Scalar) ? choice is Func<Scalar> : type.IsInstanceOfType(choice) && type != typeof(object)).ToList<object?>()).FirstOrDefault(found => found.Count > 0) ?? []];
    }

    /// <summary>The arguments of a case, the tensor itself first where the method belongs to one.</summary>
    internal static object?[] Draw(MethodInfo method, Draws draws, ScalarType type, string layout, string values)
    {
        string[]? shapes = Operations.Shapes(method);
        int tensors = 0;
        object? Next()
        {
            string spec = shapes is null ? "3 4" : shapes[Math.Min(tensors, shapes.Length - 1)];
            bool first = tensors++ == 0;
            // A second tensor has another type or layout now and then, and the shape that the first one got when there is no table.
            string its = first || (shapes is null && layout is "empty" or "scalar") ? layout : draws.Of(["contiguous", "contiguous", layout is "empty" or "scalar" ? "contiguous" : layout]);
            var other = first || draws.Below(4) > 0 ? type : draws.Of(Inputs.Types);
            long[] shape = [.. spec.Split(':')[^1].Split(' ').Select(long.Parse)];
            if (spec.StartsWith("b:", StringComparison.Ordinal))
                return Inputs.Make(draws, @bool, its, values, shape);
            if (spec.StartsWith("i:", StringComparison.Ordinal))
                return Inputs.Make(draws, first ? type : int64, its, "ties", shape);
            return Inputs.Make(draws, other, its, values, shape);
        }
        List<object?> arguments = method.IsStatic ? [] : [Next()];
        foreach (var parameter in method.GetParameters())
        {
            var wanted = parameter.ParameterType;
            var possible = IsTensor(wanted) ? [] : Choices(method, parameter);
            if (wanted == typeof(Tensor))
                arguments.Add(parameter.HasDefaultValue && (shapes is null || tensors >= shapes.Length) ? null : Next());
            else if (IsTensor(wanted))
                arguments.Add(new[] { (Tensor)Next()!, (Tensor)Next()! });
            else if (possible.Count == 0)
                arguments.Add(parameter.HasDefaultValue ? parameter.DefaultValue : Array.CreateInstance(wanted.GetElementType()!, 0));
            else if (parameter.HasDefaultValue && draws.Below(2) == 0)
                arguments.Add(parameter.DefaultValue);
            else
                arguments.Add(draws.Of(possible) is var chosen && chosen is Func<Scalar> scalar ? scalar() : chosen);
        }
        return [.. arguments];
    }

    /// <summary>How arguments are written in a report.</summary>
    internal static string Text(object? argument) => argument switch
    {
        null => "null",
        Tensor tensor => Results.Text(tensor),
        Scalar scalar => scalar.Type + ":" + scalar.ToDouble(),
        IEnumerable<Tensor> many => "{" + string.Join(" ", many.Select(Results.Text)) + "}",
        long[] numbers => "[" + string.Join(" ", numbers) + "]",
        ITuple or IFormattable or bool or string => argument.ToString()!,
        _ => argument.GetType().Name,
    };
}
