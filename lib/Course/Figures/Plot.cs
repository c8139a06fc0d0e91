namespace Course;

/// <summary>Figures for notebooks. Every figure needs a title, axis labels and an alt text; all share colours that any eye can tell apart.</summary>
public static partial class Plot
{
    /// <summary>One line at x = 0, 1, 2, …</summary>
    public static Chart Lines(double[] ys, string title, string x, string y, string alt,
        Scale xScale = Scale.Linear, Scale yScale = Scale.Linear, bool markers = false) =>
        Lines([new Series("", ys)], title, x, y, alt, xScale, yScale, markers);

    /// <summary>One line through the points (xs, ys).</summary>
    public static Chart Lines(double[] xs, double[] ys, string title, string x, string y, string alt,
        Scale xScale = Scale.Linear, Scale yScale = Scale.Linear, bool markers = false) =>
        Lines([new Series("", xs, ys)], title, x, y, alt, xScale, yScale, markers);

    /// <summary>Several lines over the same positions.</summary>
    /// <param name="ys">One sequence for each line.</param>
    /// <param name="title">The finding.</param>
    /// <param name="x">Label of the x axis, with unit.</param>
    /// <param name="y">Label of the y axis, with unit.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="labels">A name for each line.</param>
    /// <param name="at">The shared positions; 0, 1, 2, … if left out.</param>
    /// <param name="xScale">Linear or logarithmic.</param>
    /// <param name="yScale">Linear or logarithmic.</param>
    /// <param name="markers">A marker at each point.</param>
    public static Chart Lines(IEnumerable<double[]> ys, string title, string x, string y, string alt, string[]? labels = null,
        double[]? at = null, Scale xScale = Scale.Linear, Scale yScale = Scale.Linear, bool markers = false)
    {
        double[][] all = ys.ToArray();
        if (labels is not null && labels.Length != all.Length)
            throw new ArgumentException($"The figure '{title}' has {all.Length} lines but {labels.Length} labels.", nameof(labels));
        return Lines(all.Select((line, i) => at is null ? new Series(labels?[i] ?? "", line) : new Series(labels?[i] ?? "", at, line)),
            title, x, y, alt, xScale, yScale, markers);
    }

    /// <summary>Several named lines, each with its own positions.</summary>
    public static Chart Lines(IEnumerable<Series> series, string title, string x, string y, string alt,
        Scale xScale = Scale.Linear, Scale yScale = Scale.Linear, bool markers = false)
    {
        var chart = new Chart(title, x, y, alt, xScale, yScale);
        foreach (var line in series)
            chart.Add(new LineLayer(line, markers) { Label = line.Label, Style = chart.NextStyle() });
        return chart;
    }

    /// <summary>Points, optionally coloured and shaped by class.</summary>
    /// <param name="xs">Positions along x.</param>
    /// <param name="ys">Positions along y.</param>
    /// <param name="title">The finding.</param>
    /// <param name="x">Label of the x axis, with unit.</param>
    /// <param name="y">Label of the y axis, with unit.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="classes">A class 0, 1, … for each point.</param>
    /// <param name="labels">A name for each class (or, without classes, one for all points).</param>
    /// <param name="xScale">Linear or logarithmic.</param>
    /// <param name="yScale">Linear or logarithmic.</param>
    public static Chart Scatter(double[] xs, double[] ys, string title, string x, string y, string alt,
        int[]? classes = null, string[]? labels = null, Scale xScale = Scale.Linear, Scale yScale = Scale.Linear)
    {
        var chart = new Chart(title, x, y, alt, xScale, yScale);
        AddPoints(chart, xs, ys, classes, labels);
        return chart;
    }

    private static void AddPoints(Chart chart, double[] xs, double[] ys, int[]? classes, string[]? labels)
    {
        double radius = xs.Length > 400 ? 2.6 : xs.Length > 100 ? 3.4 : 4.2;
        if (classes is null)
        {
            string label = labels?.FirstOrDefault() ?? "";
            chart.Add(new PointLayer(new(label, xs, ys), radius) { Label = label, Style = chart.NextStyle() });
            return;
        }
        if (classes.Length != xs.Length || xs.Length != ys.Length)
            throw new ArgumentException($"The figure '{chart.Title}' has {xs.Length} x values, {ys.Length} y values and {classes.Length} classes; these must be equally many.", nameof(classes));
        foreach (var group in Enumerable.Range(0, xs.Length).GroupBy(i => classes[i]).OrderBy(group => group.Key))
        {
            string label = labels is null ? $"class {group.Key}" : group.Key >= 0 && group.Key < labels.Length ? labels[group.Key]
                : throw new ArgumentException($"The figure '{chart.Title}' has a point of class {group.Key}, but labels for {labels.Length} classes only.", nameof(labels));
            chart.Add(new PointLayer(new(label, [.. group.Select(i => xs[i])], [.. group.Select(i => ys[i])]), radius) { Label = label, Style = Math.Max(group.Key, 0) });
        }
        chart.SkipStyles(classes.Max() + 1);
    }

    /// <summary>One bar for each category.</summary>
    /// <param name="categories">Names under the bars.</param>
    /// <param name="values">Heights.</param>
    /// <param name="title">The finding.</param>
    /// <param name="x">Label of the x axis.</param>
    /// <param name="y">Label of the y axis, with unit.</param>
    /// <param name="alt">The picture in words.</param>
    /// <param name="errors">Half the length of an error bar for each bar.</param>
    public static Chart Bars(IEnumerable<string> categories, double[] values, string title, string x, string y, string alt, double[]? errors = null) =>
        Bars(categories, [new Series("", values)], title, x, y, alt, errors is null ? null : [errors]);

    /// <summary>Bars side by side in each category, one for each series (its Y values).</summary>
    public static Chart Bars(IEnumerable<string> categories, IEnumerable<Series> groups, string title, string x, string y, string alt, double[][]? errors = null)
    {
        string[] names = [.. categories];
        Series[] series = [.. groups];
        var chart = new Chart(title, x, y, alt) { Categories = names, FromZero = true };
        double width = 0.8 / series.Length;
        for (int k = 0; k < series.Length; k++)
        {
            if (series[k].Y.Length != names.Length || (errors is not null && errors[k].Length != names.Length))
                throw new ArgumentException($"The figure '{title}' has {names.Length} categories but {series[k].Y.Length} values{(series[k].Label == "" ? "" : $" in '{series[k].Label}'")}.", nameof(groups));
            double offset = (k - (series.Length - 1) / 2.0) * width;
            double[] positions = [.. Enumerable.Range(0, names.Length).Select(i => i + offset)];
            chart.Add(new BarLayer(positions, series[k].Y, width, errors?[k]) { Label = series[k].Label, Style = chart.NextStyle() });
        }
        return chart;
    }

    /// <summary>How often values fall into equal bins.</summary>
    public static Chart Histogram(double[] values, string title, string x, string alt, int bins = 30, string y = "count")
    {
        _ = new Series("", values); // refuses empty and NaN
        if (bins < 1)
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "A histogram needs at least one bin.");
        double low = values.Min(), high = values.Max();
        if (low == high)
            (low, high) = (low - 0.5, high + 0.5);
        double width = (high - low) / bins;
        double[] counts = new double[bins];
        foreach (double value in values)
            counts[Math.Min((int)((value - low) / width), bins - 1)]++;
        var chart = new Chart(title, x, y, alt) { FromZero = true };
        chart.Add(new BarLayer([.. Enumerable.Range(0, bins).Select(i => low + (i + 0.5) * width)], counts, width) { Style = chart.NextStyle() });
        return chart;
    }
}
