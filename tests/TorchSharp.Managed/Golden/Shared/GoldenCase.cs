using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>The arguments of a case, with the defaults that PyTorch has.</summary>
public sealed class Arguments(JsonElement json)
{
    public bool Has(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public long Long(string name, long otherwise = 0) => Has(name) ? json.GetProperty(name).GetInt64() : otherwise;

    public double Double(string name, double otherwise = 0) => !Has(name) ? otherwise
        : json.GetProperty(name).ValueKind == JsonValueKind.String ? double.PositiveInfinity : json.GetProperty(name).GetDouble();

    public bool Flag(string name, bool otherwise = false) => Has(name) ? json.GetProperty(name).GetBoolean() : otherwise;

    public string Text(string name, string otherwise = "") => Has(name) ? json.GetProperty(name).GetString()! : otherwise;

    public long[] Longs(string name) => [.. json.GetProperty(name).EnumerateArray().Select(item => item.GetInt64())];

    public nn.Reduction Reduction => Text("reduction", "mean") switch
    {
        "none" => nn.Reduction.None,
        "sum" => nn.Reduction.Sum,
        _ => nn.Reduction.Mean,
    };

    /// <summary>The type of a module's weights, where no input tells it.</summary>
    public ScalarType Type => Enum.Parse<ScalarType>(Text("type"));

    public override string ToString() => json.GetRawText();
}

/// <summary>One case of tests/golden/data: tests/golden/README.md has the format.</summary>
public sealed class GoldenCase(JsonElement json, int number)
{
    public string Op { get; } = json.GetProperty("op").GetString()!;

    public Arguments Arguments { get; } = new(json.GetProperty("args"));

    public int? Seed { get; } = json.TryGetProperty("seed", out var seed) ? seed.GetInt32() : null;

    public double? Tolerance { get; } = json.TryGetProperty("rtol", out var tolerance) ? tolerance.GetDouble() : null;

    /// <summary>The arguments by position, "$i" for input i and "$*" for all; without any, all inputs in their order.</summary>
    public IReadOnlyList<JsonElement> Call { get; } = json.TryGetProperty("call", out var call) ? [.. call.EnumerateArray()]
        : [.. Enumerable.Range(0, json.GetProperty("inputs").GetArrayLength()).Select(i => JsonSerializer.SerializeToElement("$" + i))];

    /// <summary>Called by the name of its operation, not through an entry of the tables.</summary>
    public bool ByName => json.TryGetProperty("call", out _) || (Seed is null && !GoldenOperations.Table.ContainsKey(Op));

    public bool HasGradients { get; } = json.TryGetProperty("grads", out _);

    public Tensor[] Inputs() => [.. Tensors("inputs")!];

    public Tensor[] Outputs() => [.. Tensors("outputs")!];

    /// <summary>Of the floating inputs, null for a constant, and of a module's parameters; none where there are no gradients.</summary>
    public Tensor?[] Gradients() => !HasGradients ? [] : [.. json.GetProperty("grads").EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Null ? null : Decode(item))];

    /// <summary>The floating inputs that have a gradient.</summary>
    public IEnumerable<int> Variables(Tensor[] inputs)
    {
        if (!HasGradients)
            return [];
        bool[] wanted = [.. json.GetProperty("grads").EnumerateArray().Select(item => item.ValueKind != JsonValueKind.Null)];
        return Enumerable.Range(0, inputs.Length).Where(i => inputs[i].is_floating_point()).Where((_, k) => wanted[k]);
    }

    private IEnumerable<Tensor> Tensors(string name) => json.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(Decode) : [];

    private static Tensor Decode(JsonElement item)
    {
        var type = item.GetProperty("d").GetString() switch
        {
            "f4" => ScalarType.Float32,
            "f8" => ScalarType.Float64,
            "i8" => ScalarType.Int64,
            "i4" => ScalarType.Int32,
            "u1" => ScalarType.Byte,
            _ => ScalarType.Bool,
        };
        var tensor = empty([.. item.GetProperty("s").EnumerateArray().Select(size => size.GetInt64())], type);
        if (tensor.numel() > 0)
            tensor.bytes = item.GetProperty("b").GetBytesFromBase64();
        return tensor;
    }

    public override string ToString() => $"case {number}: {Op} {Arguments} on {string.Join(", ", Inputs().Select(input => $"{input.dtype}[{string.Join(",", input.shape)}]"))}";

    public static IReadOnlyList<GoldenCase> Load(string group)
    {
        string path = Path.Combine(Repository.Root, "tests", "golden", "data", group + ".json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select((item, i) => new GoldenCase(item.Clone(), i))];
    }
}
