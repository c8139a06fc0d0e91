namespace Course;

/// <summary>A layer of a network as it ran, or the functions that ran between two layers.</summary>
/// <param name="Name">Its path in the module, such as <c>body.0</c>; for functions what the caller named them.</param>
/// <param name="Kind">The type of the module and the shape of its weights; empty for functions.</param>
/// <param name="Output">The shape that it puts out, without the axis of the batch.</param>
/// <param name="Parameters">Numbers that are learned.</param>
/// <param name="MultiplyAdds">Products that are summed for one example; those of convolutions, linear layers and normalisations, and what the caller counted.</param>
/// <param name="Calls">How often it ran: more than once in a recurrent network.</param>
public sealed record NetworkLayer(string Name, string Kind, IReadOnlyList<long> Output, long Parameters, long MultiplyAdds, int Calls = 1)
{
    public bool IsFunction => Kind == "";

    /// <summary>The output's shape as text, such as <c>10 × 24 × 24</c>.</summary>
    public string Shape => Output.Count == 0 ? "1" : string.Join(" × ", Output);
}

/// <summary>What a network does between two of its layers by functions, which only its author can name.</summary>
/// <param name="Name">For example <c>max-pool 2, ReLU</c>.</param>
/// <param name="MultiplyAdds">For one example; 0 where it is not worth counting.</param>
public readonly record struct NetworkFunction(string Name, long MultiplyAdds = 0)
{
    public static implicit operator NetworkFunction(string name) => new(name);
}
