using System.Globalization;

namespace Course;

/// <summary>Numbers as text, the same in every culture.</summary>
internal static class Numbers
{
    /// <summary>Four significant digits for fractions, whole numbers in full and from 10,000 on in groups of three, other values as their text.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        double number => Text(number),
        float number => Text((double)number),
        decimal number => Text((double)number),
        int or long => ((IFormattable)value).ToString(Convert.ToInt64(value) is >= 10_000 or <= -10_000 ? "#,0" : "0", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string Text(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        if (value == 0)
            return "0";
        double size = Math.Abs(value);
        if (value == Math.Floor(value) && size < 1e6)
            return value.ToString(size >= 10_000 ? "#,0" : "0", CultureInfo.InvariantCulture);
        if (size is >= 1e6 or < 1e-4)
            return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 7);
        return value.ToString(decimals > 0 ? "0." + new string('#', decimals) : size >= 10_000 ? "#,0" : "0", CultureInfo.InvariantCulture);
    }
}
