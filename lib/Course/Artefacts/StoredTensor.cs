namespace Course;

/// <summary>One named tensor as it lies in an artefact: plain little-endian numbers, never code.</summary>
/// <param name="Name">Its name in the module's state dictionary, for example <c>conv1.weight</c>.</param>
/// <param name="Type">float32, float64 or int64.</param>
/// <param name="Shape">Sizes of all dimensions; empty for a single number.</param>
public sealed partial record StoredTensor(string Name, string Type, IReadOnlyList<long> Shape)
{
    /// <summary>The numbers, row by row.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>"[20, 10, 5, 5] float32", for messages.</summary>
    public string Describe() => $"[{string.Join(", ", Shape)}] {Type}";

    internal long ExpectedBytes() => Shape.Aggregate((long)SizeOf(Type), (product, size) => checked(product * size));

    internal static int SizeOf(string type) => type switch
    {
        "float32" => 4,
        "float64" or "int64" => 8,
        _ => throw new NotSupportedException($"tensor type '{type}' is none of float32, float64, int64"),
    };
}
