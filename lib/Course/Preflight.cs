using System.Text.Json;

namespace Course;

/// <summary>What a notebook runs on: a table for its reader, and for the run's report the kind of device that is used.</summary>
/// <param name="Device"><c>cpu</c>, <c>cuda</c> or <c>opencl</c>.</param>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Device, Mime.Html, Mime.Text])]
public sealed record Preflight(Table Table, string Device) : IDisplayable
{
    public IEnumerable<Representation> Representations() => [new(Mime.Device, JsonSerializer.Serialize(new { kind = Device })), .. Table.Representations()];

    public override string ToString() => Table.ToString();
}
