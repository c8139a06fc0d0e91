using static TorchSharp.torch;

namespace Course;

/// <summary>
/// One part of a picture of shapes: a tensor as a grid of cells, or a sign such as <c>"+"</c> between two of them.
/// A text becomes a sign by itself; tensors become grids by <see cref="ShapeSketches.Sketch"/>.
/// </summary>
public sealed class ShapeSketch
{
    internal const int MostAxes = 3, MostValues = 12;

    private ShapeSketch(string name) => Name = name;

    /// <summary>The sign, or what stands above the grid.</summary>
    internal string Name { get; }

    internal bool IsSign { get; private init; }

    /// <summary>The shape of the tensor itself.</summary>
    internal long[] Shape { get; private init; } = [];

    /// <summary>The shape that is drawn: larger than the tensor's where broadcasting repeats it.</summary>
    internal long[] Drawn { get; private init; } = [];

    internal string Type { get; private init; } = "";

    /// <summary>A word for each axis of the tensor; none or all.</summary>
    internal string[] Axes { get; private init; } = [];

    /// <summary>What stands in each drawn cell, row by row; empty where the grid is too large to be read.</summary>
    internal string[] Values { get; private init; } = [];

    /// <summary>For each drawn cell: it repeats another one and takes no memory.</summary>
    internal bool[] Repeated { get; private init; } = [];

    /// <summary>For each drawn cell: it is picked out by colour.</summary>
    internal bool[] Marked { get; private init; } = [];

    public static implicit operator ShapeSketch(string sign) => new(sign) { IsSign = true };

    /// <summary>The tensor's shape as a reader writes it: <c>[3, 4]</c>.</summary>
    internal static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    internal static ShapeSketch Of(Tensor tensor, string name, string[] axes, long[]? stretchedTo, Tensor? marked)
    {
        long[] shape = tensor.shape, drawn = stretchedTo ?? shape;
        if (drawn.Length > MostAxes)
            throw new ArgumentException($"'{name}' has {drawn.Length} axes, and a sketch has at most {MostAxes}: draw a part of it, such as x[0].", nameof(tensor));
        if (axes.Length > 0 && axes.Length != shape.Length)
            throw new ArgumentException($"'{name}' has shape {Text(shape)} but {axes.Length} names of axes; expected {shape.Length}.", nameof(axes));
        if (drawn.Length < shape.Length || !Enumerable.Range(0, shape.Length).All(k => shape[^(k + 1)] == drawn[^(k + 1)] || shape[^(k + 1)] == 1))
            throw new ArgumentException($"'{name}' of shape {Text(shape)} cannot be stretched to {Text(drawn)}: from the right, each axis must be equal or 1.", nameof(stretchedTo));
        bool readable = drawn.All(length => length <= MostValues);
        using var wide = tensor.detach().expand(drawn);
        return new(name)
        {
            Shape = shape,
            Drawn = drawn,
            Axes = axes,
            Type = tensor.dtype.ToString().ToLowerInvariant(),
            Values = readable ? [.. wide.Doubles().Select(value => Value(tensor.dtype, value))] : [],
            Repeated = [.. Places(drawn).Select(place => IsRepeated(place, shape))],
            Marked = marked is null ? [] : [.. marked.expand(drawn).Doubles().Select(value => value != 0)],
        };
    }

    /// <summary>The indices of all cells, row by row; a tensor without axes has one cell without index.</summary>
    private static IEnumerable<long[]> Places(long[] shape)
    {
        for (long cell = 0, count = shape.Aggregate(1L, (product, length) => product * length); cell < count; cell++)
        {
            long[] place = new long[shape.Length];
            long rest = cell;
            for (int axis = shape.Length - 1; axis >= 0; rest /= shape[axis--])
                place[axis] = rest % shape[axis];
            yield return place;
        }
    }

    private static bool IsRepeated(long[] place, long[] shape)
    {
        for (int k = 1; k <= place.Length; k++)
            if (place[^k] > 0 && (k > shape.Length || shape[^k] == 1))
                return true;
        return false;
    }

    private static string Value(ScalarType type, double value) =>
        type == ScalarType.Bool ? (value != 0 ? "true" : "false") : Numbers.Text(Math.Round(value, 2));
}

/// <summary>Tensors as grids.</summary>
public static class ShapeSketches
{
    /// <summary>The tensor as a grid of cells for <see cref="Plot.Shapes"/>.</summary>
    /// <param name="tensor">At most three axes. Values are written into the cells up to 12 a side.</param>
    /// <param name="name">What stands above the grid.</param>
    /// <param name="axes">What each axis counts, such as <c>["runner", "lap"]</c>.</param>
    /// <param name="stretchedTo">The shape that broadcasting stretches it to; the repeated cells are dashed.</param>
    /// <param name="marked">Truth values, broadcast to the drawn shape: the cells to pick out.</param>
    /// <exception cref="ArgumentException">Too many axes, or names or a stretch that do not fit the shape.</exception>
    public static ShapeSketch Sketch(this Tensor tensor, string name, string[]? axes = null, long[]? stretchedTo = null, Tensor? marked = null) =>
        ShapeSketch.Of(tensor, name, axes ?? [], stretchedTo, marked);
}
