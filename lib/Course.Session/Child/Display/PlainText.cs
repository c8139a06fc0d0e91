using System.Globalization;

namespace Course.Session.Child.Display;

/// <summary>Values that are text and nothing more.</summary>
internal static class PlainText
{
    public const string Null = "<null>";

    /// <summary>The text of a number, a character, a date, a tensor and the like; null for everything that has parts to show.</summary>
    public static string? Of(object? value) => value switch
    {
        null => Null,
        string text => text,
        char c => c.ToString(),
        bool truth => truth ? "True" : "False",
        // As .NET Interactive writes them: without an offset, so always in the time of Greenwich.
        DateTime time => time.ToString("u", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("u", CultureInfo.InvariantCulture),
        DateOnly or TimeOnly => null,
        IFormattable number when number.GetType() is { IsValueType: true } type && (type.IsEnum || type.Namespace == nameof(System) || number is System.Numerics.BigInteger) =>
            number.ToString(null, CultureInfo.InvariantCulture),
        // Its properties say less than its values.
        _ when value.GetType().FullName == "TorchSharp.torch+Tensor" => value.ToString(),
        _ => null,
    };
}
