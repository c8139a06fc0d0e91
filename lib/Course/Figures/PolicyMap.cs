namespace Course;

/// <summary>A grid world with an arrow on every cell that a policy has an action for; the way from the start is drawn strong.</summary>
internal sealed class PolicyMap : Figure
{
    private readonly GridWorld _world;
    private readonly Func<int, int> _policy;
    private readonly double[]? _values;
    private readonly HashSet<int> _way;
    private readonly ColourBar? _bar;
    private readonly Axis _axis;

    internal PolicyMap(GridWorld world, Func<int, int> policy, string title, string alt, double[]? values, string value)
        : base(title, alt)
    {
        if (values is not null && values.Length != world.States)
            throw new ArgumentException($"The figure '{title}' has {values.Length} values for {world.States} states.", nameof(values));
        (_world, _policy, _values) = (world, policy, values);
        _way = [.. world.Walk(policy).Path];
        double[] known = [.. Enumerable.Range(0, world.States).Where(IsFree).Select(ValueOf).Where(double.IsFinite)];
        var (low, high) = known.Length == 0 ? (0, 1) : (known.Min(), known.Max());
        _axis = new Axis(low, high > low ? high : low + 1, Scale.Linear, 0, 1);
        _bar = values is null ? null : new(low, high > low ? high : low + 1, ColourMap.Pale, value);
    }

    private bool IsFree(int state) => _world.Cell(state) is '.' or 'S';

    private double ValueOf(int state) => _values?[state] ?? double.NaN;

    /// <summary>With values, a state without one has no arrow: the policy knows nothing about it.</summary>
    private bool HasArrow(int state) => IsFree(state) && (_values is null || double.IsFinite(ValueOf(state)));

    private protected override IEnumerable<string> Summary() => _world.Draw(_policy).Split('\n').Select(line => "  " + line);

    internal override Drawing Draw(double width)
    {
        var svg = new Svg();
        double top = 10;
        foreach (string line in TextSize.Wrap(Title, width - 28, 15 * TextSize.Bold))
            svg.Text(14, top += 16, line, "start", 15, "font-weight=\"600\"");
        top += 14;
        double size = Math.Min(72, (width - 40 - (_bar?.Width ?? 0)) / _world.Columns);
        for (int state = 0; state < _world.States; state++)
            DrawCell(svg, state, 20 + state % _world.Columns * size, top + state / _world.Columns * size, size);
        double bottom = top + _world.Rows * size;
        _bar?.Draw(svg, 20 + _world.Columns * size + 16, top, bottom - top);
        return new(svg.ToString(), width, bottom + 14);
    }

    private void DrawCell(Svg svg, int state, double x, double y, double size)
    {
        char cell = _world.Cell(state);
        string fill = cell switch
        {
            '#' => Palette.Ink,
            'G' => Palette.Hex(Palette.Tint(2, 0.45)),
            'X' => Palette.Hex(Palette.Tint(1, 0.45)),
            _ => double.IsFinite(ValueOf(state)) ? Palette.Hex(Palette.Map(ColourMap.Pale, _axis.Pixel(ValueOf(state)))) : Palette.Paper,
        };
        svg.Rectangle(x, y, size, size, fill, $"stroke=\"{Palette.Faint}\" stroke-width=\"0.7\"");
        double cx = x + size / 2, cy = y + size / 2;
        if (cell is 'G' or 'X')
            svg.Text(cx, cy + 5, cell == 'G' ? "G +10" : "X −10", "middle", 15, "font-weight=\"600\"");
        if (cell == 'S')
            svg.Text(x + 6, y + 17, "S", "start", 15, "font-weight=\"600\"");
        if (HasArrow(state))
            DrawArrow(svg, cx, cy, 0.27 * size, GridWorld.Moves[_policy(state)], _way.Contains(state));
    }

    private static void DrawArrow(Svg svg, double x, double y, double reach, (int Row, int Column) move, bool strong)
    {
        string colour = strong ? Palette.Ink : Palette.Faint;
        double dx = move.Column * reach, dy = move.Row * reach, head = 0.42;
        svg.Line(x - dx, y - dy, x + dx * (1 - head), y + dy * (1 - head), colour, strong ? 3.6 : 1.6);
        double baseX = x + dx * (1 - 1.2 * head), baseY = y + dy * (1 - 1.2 * head), wide = strong ? 0.45 : 0.3;
        svg.Path($"M{Svg.Number(x + dx)} {Svg.Number(y + dy)}L{Svg.Number(baseX + dy * wide)} {Svg.Number(baseY + dx * wide)}L{Svg.Number(baseX - dy * wide)} {Svg.Number(baseY - dx * wide)}z", "none", 0, "", colour);
    }
}

public static partial class Plot
{
    /// <summary>A grid world and what a policy does in each of its cells; the cells on the way from the start have a strong arrow.</summary>
    /// <param name="world">Walls are dark, the goal green, pits orange, the start is marked S.</param>
    /// <param name="policy">The action for a state.</param>
    /// <param name="title">The finding.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="values">A number for each state, shown as colour; NaN where the policy knows nothing: such a cell stays empty.</param>
    /// <param name="value">Label of the colour scale.</param>
    public static Figure Policy(GridWorld world, Func<int, int> policy, string title, string alt, double[]? values = null, string value = "") =>
        new PolicyMap(world, policy, title, alt, values, value);
}
