using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course;

/// <summary>A network from its input down: for each layer a sketch of what flows out, its name, shape, parameters and cost.</summary>
internal sealed class NetworkPicture : Figure
{
    private const double LayerHeight = 46, FunctionHeight = 28, SketchWidth = 100, MostSide = 34;

    private readonly NetworkLayer[] _rows;
    private readonly NetworkLayer _input;

    internal NetworkPicture(IReadOnlyList<NetworkLayer> layers, long[] input, string title, string alt)
        : base(title, alt)
    {
        if (layers.Count == 0)
            throw new ArgumentException($"The figure '{title}' has no layers: nothing of the network ran by call.", nameof(layers));
        _input = new("input", "", input, 0, 0);
        _rows = [.. layers];
    }

    private long Parameters => _rows.Sum(row => row.Parameters);

    private long MultiplyAdds => _rows.Sum(row => row.MultiplyAdds);

    private protected override IEnumerable<string> Summary() =>
        _rows.Prepend(_input).Select(row => $"  {Label(row)}{(row.IsFunction ? "" : $" ({row.Kind})")}: {row.Shape}{Cost(row)}")
            .Append($"  together: {Count(Parameters)} parameters, {Count(MultiplyAdds)} multiply-adds an example");

    private static string Cost(NetworkLayer row) =>
        (row.Parameters > 0 ? $", {Count(row.Parameters)} parameters" : "") + (row.MultiplyAdds > 0 ? $", {Count(row.MultiplyAdds)} multiply-adds" : "");

    private static string Label(NetworkLayer row) => row.Calls > 1 ? $"{row.Name}, {row.Calls} times" : row.Name;

    private static string Count(long number) => number.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture);

    internal override Drawing Draw(double width)
    {
        var svg = new Svg();
        double y = 10;
        foreach (string line in TextSize.Wrap(Title, width - 28, 15 * TextSize.Bold))
            svg.Text(14, y += 16, line, "start", 15, "font-weight=\"600\"");
        double[] ends = [width - 240, width - 160, width - 14];
        y += 24;
        foreach (var (heading, end) in new[] { "output", "parameters", "multiply-adds" }.Zip(ends))
            svg.Text(end, y, heading, "end", 12, $"fill=\"{Palette.Faint}\"");
        y += 6;
        foreach (var row in _rows.Prepend(_input))
            y = DrawRow(svg, row, y, ends);
        svg.Line(14, y + 4, width - 14, y + 4, Palette.Grid);
        svg.Text(SketchWidth + 24, y += 22, "together, for one example", "start", 13, "font-weight=\"600\"");
        svg.Text(ends[1], y, Count(Parameters), "end", 13, "font-weight=\"600\"");
        svg.Text(ends[2], y, Count(MultiplyAdds), "end", 13, "font-weight=\"600\"");
        return new(svg.ToString(), width, y + 16);
    }

    private double DrawRow(Svg svg, NetworkLayer row, double y, double[] ends)
    {
        bool small = row.IsFunction && row != _input;
        double height = small ? FunctionHeight : LayerHeight, middle = y + height / 2;
        if (row != _input)
            svg.Path($"M{Svg.Number(14 + SketchWidth / 2)} {Svg.Number(y - 4)}v6", Palette.Faint, 1);
        if (!small)
            DrawSketch(svg, row, 14 + SketchWidth / 2, middle);
        svg.Text(SketchWidth + 24, small || row == _input ? middle + 4 : middle - 2, Label(row), "start", small ? 12 : 13, small ? "font-style=\"italic\"" : "font-weight=\"600\"");
        if (!row.IsFunction)
            svg.Text(SketchWidth + 24, middle + 13, row.Kind, "start", 12, $"fill=\"{Palette.Faint}\"");
        if (row.Output.Count > 0)
            svg.Text(ends[0], middle + 4, row.Shape, "end", 12);
        if (row.Parameters > 0)
            svg.Text(ends[1], middle + 4, Count(row.Parameters), "end", 12);
        if (row.MultiplyAdds > 0)
            DrawCost(svg, row, middle, ends[1] + 16, ends[2]);
        return y + height;
    }

    /// <summary>A bar whose length is the layer's share of all multiply-adds, and the number.</summary>
    private void DrawCost(Svg svg, NetworkLayer row, double middle, double left, double right)
    {
        double room = right - left - 72;
        svg.Rectangle(left, middle - 6, Math.Max(1, room * row.MultiplyAdds / MultiplyAdds), 12, Palette.Colour(0));
        svg.Text(right, middle + 4, Count(row.MultiplyAdds), "end", 12);
    }

    /// <summary>What flows: maps as sheets behind one another, anything else as a bar; larger where there is more.</summary>
    private static void DrawSketch(Svg svg, NetworkLayer row, double x, double y)
    {
        string style = $"stroke=\"{Palette.Faint}\" stroke-width=\"0.8\"", fill = Palette.Hex(Palette.Tint(5, 0.35));
        if (row.Output.Count == 3)
        {
            int sheets = (int)Math.Clamp(1 + Math.Log2(row.Output[0]), 1, 8);
            double side = Math.Clamp(6 + 6 * Math.Log2(row.Output[1] + 1), 8, MostSide), step = 6;
            for (int sheet = sheets - 1; sheet >= 0; sheet--)
                svg.Rectangle(x - (side + step * (sheets - 1)) / 2 + step * sheet, y - side / 2 - sheet * 0.7, side, side, fill, style);
        }
        else
        {
            long numbers = row.Output.Aggregate(1L, (product, length) => product * length);
            double length = Math.Clamp(12 * Math.Log2(numbers + 1), 12, SketchWidth);
            svg.Rectangle(x - length / 2, y - 6, length, 12, fill, style);
        }
    }
}

public static partial class Plot
{
    /// <summary>A network drawn layer by layer, with shapes, parameters and multiply-adds counted while it runs once.</summary>
    /// <param name="network">Its layers run by <c>call</c>; it is left as it was.</param>
    /// <param name="input">At least one example; its first axis is the batch.</param>
    /// <param name="title">The finding.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="between">Names for what runs between layers by functions, in that order; all or none.</param>
    /// <exception cref="ArgumentException">Another number of names than of places between layers; no layer ran by <c>call</c>.</exception>
    public static Figure Network(Module<Tensor, Tensor> network, Tensor input, string title, string alt, params NetworkFunction[] between) =>
        new NetworkPicture(NetworkTrace.Of(network, input, between), input.shape[1..], title, alt);

    /// <inheritdoc cref="Network(Module{Tensor, Tensor}, Tensor, string, string, NetworkFunction[])"/>
    /// <param name="network">A network of two inputs, such as a recommender of users and items.</param>
    /// <param name="first">The first input; its first axis is the batch.</param>
    /// <param name="second">The second input.</param>
    /// <param name="title">The finding.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="between">Names for what runs between layers by functions, in that order; all or none.</param>
    public static Figure Network(Module<Tensor, Tensor, Tensor> network, Tensor first, Tensor second, string title, string alt, params NetworkFunction[] between) =>
        new NetworkPicture(NetworkTrace.Of(network, first, second, between), first.shape[1..], title, alt);
}
