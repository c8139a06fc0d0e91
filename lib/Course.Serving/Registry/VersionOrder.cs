using System.Globalization;

namespace Course.Serving;

/// <summary>Versions as people order them: 1.9.0 comes before 1.10.0.</summary>
internal static class VersionOrder
{
    public static int Compare(string left, string right) =>
        string.Compare(left, right, CultureInfo.InvariantCulture, CompareOptions.NumericOrdering) is var order and not 0 ? order : string.CompareOrdinal(left, right);
}
