namespace Course;

/// <summary>One side of a comparison: something that can be run with a seed and gives one number.</summary>
/// <param name="Name">What stands in the table and under the points.</param>
/// <param name="Measure">Trains and measures with the seed that it is given; every random choice follows from it.</param>
/// <param name="Tried">The tuning budget: how many settings were tried before this one was chosen; 1 is no tuning.</param>
/// <param name="Setting">The setting that was chosen, for the table.</param>
public sealed record Plan(string Name, Func<int, double> Measure, int Tried = 1, string Setting = "")
{
    /// <summary>A plan whose setting is chosen among several before it is measured, so that no plan wins for being the only tuned one.</summary>
    /// <param name="name">What stands in the table.</param>
    /// <param name="settings">All that may be tried; their number is the tuning budget.</param>
    /// <param name="choose">The value by which a setting is chosen: on validation data, never on what <paramref name="measure"/> uses.</param>
    /// <param name="measure">Trains with the chosen setting and a seed, and gives the number to compare.</param>
    /// <param name="higherIsBetter">Whether the largest or the smallest value of <paramref name="choose"/> is taken.</param>
    /// <exception cref="ArgumentException">There is no setting, or every choice gives NaN.</exception>
    public static Plan Tuned<T>(string name, IEnumerable<T> settings, Func<T, double> choose, Func<T, int, double> measure, bool higherIsBetter = true)
    {
        var all = settings.Select(setting => (Setting: setting, Value: choose(setting))).ToArray();
        var usable = all.Where(s => !double.IsNaN(s.Value)).ToArray();
        if (usable.Length == 0)
            throw new ArgumentException($"The plan '{name}' has no setting to choose: {all.Length} tried, none gave a number.", nameof(settings));
        var best = higherIsBetter ? usable.MaxBy(s => s.Value) : usable.MinBy(s => s.Value);
        return new(name, seed => measure(best.Setting, seed), all.Length, Numbers.Text(best.Setting));
    }
}
