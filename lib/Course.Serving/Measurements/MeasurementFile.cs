using System.Text.Encodings.Web;
using System.Text.Json;

namespace Course.Serving;

/// <summary>What was measured of this service, as <c>data/last-*.json</c> keeps it. The library carries the files as they were when it was built.</summary>
internal static class MeasurementFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static T Last<T>(string name)
    {
        using var stream = typeof(MeasurementFile).Assembly.GetManifestResourceStream("Course.Serving.Measurements." + name)!;
        return JsonSerializer.Deserialize<T>(stream, Json)!;
    }

    public static T Parse<T>(string text) => JsonSerializer.Deserialize<T>(text, Json)!;

    public static string Text<T>(T record) => JsonSerializer.Serialize(record, Json) + "\n";
}
