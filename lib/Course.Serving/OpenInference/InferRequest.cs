using System.Text.Json;

namespace Course.Serving;

/// <summary>An inference request of the Open Inference Protocol, version 2: one input tensor, its first dimension being the batch.</summary>
internal static class InferRequest
{
    /// <summary>Names of the only input and output.</summary>
    public const string InputName = "input", OutputName = "probabilities";

    /// <summary>Types of numbers that are read.</summary>
    public static IReadOnlyList<string> Datatypes { get; } = ["FP32", "FP64", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"];

    /// <summary>Reads and checks a request.</summary>
    /// <param name="inputs">Receives the inputs.</param>
    /// <returns>The id that the client gave, which goes back with the answer, and null when all is well.</returns>
    public static (string? Id, Refusal? Refusal) Read(ReadOnlyMemory<byte> body, InputRules rules, IReadOnlyList<long> shape, List<float[]> inputs)
    {
        string? id = null;
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return (id, Refusal.Unreadable("The body must be an object."));
            if (root.TryGetProperty("id", out var given))
                id = given.ValueKind == JsonValueKind.String ? given.GetString() : null;
            if (!root.TryGetProperty("inputs", out var tensors) || tensors.ValueKind != JsonValueKind.Array || tensors.GetArrayLength() != 1)
                return (id, Bad($"'inputs' must hold one tensor, '{InputName}'."));
            if (root.TryGetProperty("outputs", out var outputs) && (outputs.ValueKind != JsonValueKind.Array || outputs.EnumerateArray().Any(output => Text(output, "name") != OutputName)))
                return (id, Bad($"The only output is '{OutputName}'."));
            return (id, ReadTensor(tensors[0], rules, shape, inputs));
        }
        catch (JsonException fault)
        {
            // The framework does not say where a name occurs for the second time.
            string what = fault.LineNumber is { } line ? $"line {line + 1}, byte {fault.BytePositionInLine + 1}" : "a name occurs twice";
            return (id, Refusal.Unreadable($"The body is no JSON that this service reads: {what}."));
        }
        catch (InvalidOperationException)
        {
            // Texts that are no valid Unicode.
            return (id, Refusal.Unreadable("The body holds text that is no valid UTF-8."));
        }
    }

    private static Refusal? ReadTensor(JsonElement tensor, InputRules rules, IReadOnlyList<long> shape, List<float[]> inputs)
    {
        if (Text(tensor, "name") != InputName)
            return Bad($"The input tensor must be named '{InputName}'.");
        if (Text(tensor, "datatype") is not { } type || !Datatypes.Contains(type))
            return Bad($"'datatype' must be one of {string.Join(", ", Datatypes)}.");
        string wanted = $"[n, {string.Join(", ", shape)}], n from 1 to {rules.MostInputs}";
        if (!tensor.TryGetProperty("shape", out var sizes) || sizes.ValueKind != JsonValueKind.Array)
            return Bad($"'shape' must be {wanted}.");
        var given = new List<long>();
        foreach (var size in sizes.EnumerateArray())
        {
            if (size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out long number))
                return Bad($"'shape' must be {wanted}.");
            given.Add(number);
        }
        if (given.Count != shape.Count + 1 || !given.Skip(1).SequenceEqual(shape) || given[0] < 1 || given[0] > rules.MostInputs)
            return Bad($"'shape' is [{string.Join(", ", given.Take(10))}]; it must be {wanted}.");
        if (!tensor.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            return Bad("'data' must be an array of numbers, flat or nested.");
        float[] flat = new float[given[0] * rules.Size];
        int at = 0;
        if (Flatten(data, flat, ref at, rules) is { } refusal)
            return refusal;
        if (at != flat.Length)
            return Bad($"'data' has {at} numbers; the shape needs {flat.Length}.");
        for (int i = 0; i < given[0]; i++)
            inputs.Add(flat[(i * rules.Size)..((i + 1) * rules.Size)]);
        return null;
    }

    private static Refusal? Flatten(JsonElement data, float[] flat, ref int at, InputRules rules)
    {
        foreach (var element in data.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                if (Flatten(element, flat, ref at, rules) is { } refusal)
                    return refusal;
                continue;
            }
            if (element.ValueKind != JsonValueKind.Number)
                return Bad("'data' must hold numbers only.");
            if (at == flat.Length)
                return Bad($"'data' has more than {flat.Length} numbers, which the shape needs.");
            float value = element.TryGetSingle(out float single) ? single : float.NaN;
            if (!(value >= rules.Minimum && value <= rules.Maximum))
                return Bad(FormattableString.Invariant($"data[{at}] is {value}; values lie between {rules.Minimum} and {rules.Maximum}."));
            flat[at++] = value;
        }
        return null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Refusal Bad(string detail) => new(400, "Bad inference request", detail);
}
