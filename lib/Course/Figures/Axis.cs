using System.Globalization;

namespace Course;

/// <summary>How an axis maps values to positions.</summary>
public enum Scale
{
    Linear,

    /// <summary>Base 10; every value must be positive.</summary>
    Log,
}

/// <summary>One axis: the range of the data, its place on the page, its ticks.</summary>
internal sealed class Axis
{
    private readonly Scale _scale;
    private readonly double _low, _high, _from, _to;

    /// <param name="low">Smallest value shown.</param>
    /// <param name="high">Largest value shown.</param>
    /// <param name="scale">Linear or logarithmic.</param>
    /// <param name="from">Pixel of <paramref name="low"/>.</param>
    /// <param name="to">Pixel of <paramref name="high"/>.</param>
    public Axis(double low, double high, Scale scale, double from = 0, double to = 1)
    {
        (_low, _high, _scale, _from, _to) = (low, high, scale, from, to);
    }

    public double Low => _low;

    public double High => _high;

    /// <summary>Every value shown is a whole number, such as an epoch; then no tick stands between two of them.</summary>
    public bool Whole { get; init; }

    public Axis At(double from, double to) => new(_low, _high, _scale, from, to) { Whole = Whole };

    /// <summary>The same axis with one or both ends moved; unchanged if that would leave nothing.</summary>
    public Axis Between(double? low, double? high)
    {
        double from = low ?? _low, to = high ?? _high;
        return from < to ? new(from, to, _scale, _from, _to) { Whole = Whole } : this;
    }

    public double Pixel(double value)
    {
        double t = _scale == Scale.Log
            ? (Math.Log10(value) - Math.Log10(_low)) / (Math.Log10(_high) - Math.Log10(_low))
            : (value - _low) / (_high - _low);
        return _from + t * (_to - _from);
    }

    /// <summary>The value at a fraction of the way from low to high.</summary>
    public double Value(double t) => _scale == Scale.Log
        ? Math.Pow(10, Math.Log10(_low) + t * (Math.Log10(_high) - Math.Log10(_low)))
        : _low + t * (_high - _low);

    /// <summary>A range around the values, padded a little, never empty.</summary>
    public static Axis Around(IEnumerable<double> values, Scale scale, bool includeZero, double padding)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        bool whole = true;
        foreach (double value in values)
            (low, high, whole) = (Math.Min(low, value), Math.Max(high, value), whole && double.IsInteger(value));
        if (scale == Scale.Log)
        {
            double factor = high / low < 1.0001 ? 2 : Math.Pow(high / low, padding);
            return new(low / factor, high * factor, scale);
        }
        bool zeroBelow = includeZero && low >= 0, zeroAbove = includeZero && high <= 0;
        if (zeroBelow)
            low = 0;
        if (zeroAbove)
            high = 0;
        if (high == low)
            (low, high) = low == 0 ? (-1, 1) : (low - Math.Abs(low) * 0.1, high + Math.Abs(high) * 0.1);
        double pad = (high - low) * padding;
        return new(zeroBelow ? low : low - pad, zeroAbove ? high : high + pad, scale) { Whole = whole };
    }

    /// <summary>Round values within the range, with labels of equal precision.</summary>
    /// <param name="about">How many are wanted; there may be a few more or less.</param>
    public List<(double Value, string Label)> Ticks(int about)
    {
        about = Math.Max(about, 2);
        return _scale == Scale.Log && Math.Log10(_high / _low) >= 1 ? LogTicks(about) : LinearTicks(about);
    }

    private List<(double, string)> LinearTicks(int about)
    {
        double raw = (_high - _low) / about, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * ((raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        if (Whole && Math.Floor(_high) > Math.Ceiling(_low))
            step = Math.Max(step, 1);
        var ticks = new List<(double, string)>();
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        double largest = Math.Max(Math.Abs(_low), Math.Abs(_high));
        for (double k = Math.Ceiling(_low / step - 1e-9); k * step <= _high + step * 1e-9; k++)
        {
            double value = k == 0 ? 0 : k * step;
            string label = largest >= 1e6 || step < 1e-4
                ? Scientific(value, step)
                : value.ToString("N" + decimals, CultureInfo.InvariantCulture);
            ticks.Add((value, label.Replace('-', '−')));
        }
        return ticks;
    }

    private List<(double, string)> LogTicks(int about)
    {
        int first = (int)Math.Ceiling(Math.Log10(_low) - 1e-9), last = (int)Math.Floor(Math.Log10(_high) + 1e-9);
        int stride = Math.Max(1, (int)Math.Ceiling((last - first + 1) / (double)about));
        double[] parts = last - first >= 2 ? [1] : [1, 2, 5];
        var ticks = new List<(double, string)>();
        for (int exponent = first - 1; exponent <= last; exponent++)
            foreach (double part in parts)
            {
                double value = part * Math.Pow(10, exponent);
                if (value >= _low * (1 - 1e-9) && value <= _high * (1 + 1e-9) && (part != 1 || (exponent - first) % stride == 0))
                    ticks.Add((value, Decade(value, part, exponent)));
            }
        return ticks;
    }

    private static string Decade(double value, double part, int exponent) => exponent is >= -3 and <= 4
        ? value.ToString(exponent >= 0 ? "#,0" : "0." + new string('0', -exponent), CultureInfo.InvariantCulture)
        : (part == 1 ? "" : part.ToString("0", CultureInfo.InvariantCulture) + "×") + "10" + Superscript(exponent);

    private static string Scientific(double value, double step)
    {
        if (value == 0)
            return "0";
        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
        int decimals = Math.Clamp(exponent - (int)Math.Floor(Math.Log10(step) + 1e-9), 0, 6);
        return (value / Math.Pow(10, exponent)).ToString("F" + decimals, CultureInfo.InvariantCulture) + "×10" + Superscript(exponent);
    }

    private static string Superscript(int exponent) => string.Concat(exponent.ToString(CultureInfo.InvariantCulture)
        .Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
}
