using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Collects the cases of a group, has the engine compute their results, and writes them to data/GROUP.json.</summary>
internal sealed class CaseWriter(string group)
{
    /// <summary>libtorch computes their gradients in Float64 with constants of Float32, or by a short series.</summary>
    private static readonly string[] Imprecise = ["digamma", "psi", "hardsigmoid", "F.hardsigmoid", "Hardsigmoid", "F.celu", "distribution_Beta"];

    /// <summary>The + of base64 stays as it is.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _cases = [], _failures = [];

    internal Draws Draws { get; } = new(group);

    /// <param name="inputs">Its tensors.</param>
    /// <param name="arguments">What an entry of <see cref="GoldenOperations"/> or <see cref="GoldenModules"/> reads, as an anonymous object.</param>
    /// <param name="gradients">Whether the gradients of its floating inputs belong to the case.</param>
    /// <param name="constants">The indices of floating inputs that have none.</param>
    /// <param name="call">The arguments by position, for operations that are called by their name.</param>
    /// <param name="seed">For modules: the seed under which it is made.</param>
    internal void Add(string op, Tensor[] inputs, object? arguments = null, bool gradients = true, int[]? constants = null, object?[]? call = null, int? seed = null)
    {
        JsonObject item = new() { ["op"] = op, ["args"] = Node(arguments) ?? new JsonObject(), ["inputs"] = Tensors(inputs) };
        if (call is not null)
            item["call"] = Node(call);
        if (seed is not null)
            item["seed"] = seed;
        if (Imprecise.Contains(op) && inputs.Any(input => input.dtype == ScalarType.Float64))
            item["rtol"] = 1e-7;
        // Until they are known, an empty object stands for a gradient, and null says that there is none.
        if (gradients)
            item["grads"] = new JsonArray([.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].is_floating_point()).Select(i => constants?.Contains(i) == true ? null : (JsonNode)new JsonObject())]);
        try
        {
            var asked = Read(item);
            var (outputs, found) = Formulas.Has(op) ? Formulas.Evaluate(asked) : GoldenRunner.Evaluate(asked);
            item["outputs"] = Tensors(outputs);
            if (gradients)
                item["grads"] = Tensors(found);
            if (GoldenRunner.Check(Read(item)) is { } disagreement)
                _failures.Add(disagreement);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _failures.Add($"{Read(item)}: {failure.GetType().Name}: {failure.Message.Split('\n')[0]}");
        }
        _cases.Add(JsonSerializer.Serialize(item, Plain));
    }

    private GoldenCase Read(JsonObject item) => new(JsonSerializer.SerializeToElement(item), _cases.Count);

    /// <summary>Writes the file, or says what could not be computed or what the engine's own overloads disagree about.</summary>
    internal void Write()
    {
        if (_failures.Count > 0)
            throw new InvalidOperationException($"{_failures.Count} of the cases of {group}:\n" + string.Join('\n', _failures));
        string path = Path.Combine(Repository.Root, "tests", "golden", "data", group + ".json");
        File.WriteAllText(path, $"{{\"libtorch\":\"{Program.Version}\",\"cases\":[\n{string.Join(",\n", _cases)}\n]}}\n");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group,-20} {_cases.Count,5} cases {new FileInfo(path).Length / 1024,6} KiB"));
    }

    private static JsonArray Tensors(IEnumerable<Tensor?> tensors) => [.. tensors.Select(tensor => tensor is null ? null : Encode(tensor))];

    /// <summary>Type, shape and little-endian elements in base64.</summary>
    private static JsonObject Encode(Tensor tensor)
    {
        using var whole = tensor.detach().to_type(tensor.dtype is ScalarType.Int8 or ScalarType.Int16 ? ScalarType.Int64 : tensor.dtype).contiguous();
        string type = whole.dtype switch
        {
            ScalarType.Float32 => "f4",
            ScalarType.Float64 => "f8",
            ScalarType.Int64 => "i8",
            ScalarType.Int32 => "i4",
            ScalarType.Byte => "u1",
            ScalarType.Bool => "b1",
            _ => throw new NotSupportedException($"The files hold no {whole.dtype}."),
        };
        return new() { ["d"] = type, ["s"] = new JsonArray([.. whole.shape.Select(size => (JsonNode)size)]), ["b"] = whole.numel() == 0 ? "" : Convert.ToBase64String(whole.bytes) };
    }

    /// <summary>As JSON in which 3.0 stays a real number, for it chooses other overloads than 3.</summary>
    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        double.PositiveInfinity => "inf",
        double real when real == Math.Floor(real) => JsonNode.Parse(real.ToString("0.0", CultureInfo.InvariantCulture)),
        Array items => new JsonArray([.. items.Cast<object?>().Select(Node)]),
        string or bool or int or long or double => JsonValue.Create(value),
        _ => new JsonObject(value.GetType().GetProperties().Select(property => KeyValuePair.Create(property.Name, Node(property.GetValue(value))))),
    };
}
