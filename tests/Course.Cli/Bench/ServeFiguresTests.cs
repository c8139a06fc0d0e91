using System.Text.Json;
using Course.Cli.Recording;
using Course.Cli.Serving;

namespace Course.Cli.Tests.Bench;

public sealed class ServeFiguresTests
{
    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(field => field.Name);

    [Fact]
    public void ToJson_HasTheNamesThatRecordsCompare()
    {
        var figures = new ServeFigures(Machine.This(), [new(64, 1, 2, 3, 4, 0.25)], new(2000, 1.5, 2.5), 900, 0, -0.5, 0.25, 0.75);

        var root = JsonDocument.Parse(figures.ToJson()).RootElement;

        Assert.Equal(["machine", "saturation", "fixed", "ready_ms", "wrong", "memory_slope_mb_per_minute", "handles_slope_per_minute", "threads_slope_per_minute"], Names(root));
        Assert.Equal(["connections", "requests_per_second", "p50_ms", "p99_ms", "bare_requests_per_second", "share"], Names(root.GetProperty("saturation")[0]));
        Assert.Equal(["rate", "p50_ms", "p99_ms"], Names(root.GetProperty("fixed")));
        Assert.Equal((0.25, 900.0, -0.5), (root.GetProperty("saturation")[0].GetProperty("share").GetDouble(), root.GetProperty("ready_ms").GetDouble(), root.GetProperty("memory_slope_mb_per_minute").GetDouble()));
        Assert.Equal((0.25, 0.75), (root.GetProperty("handles_slope_per_minute").GetDouble(), root.GetProperty("threads_slope_per_minute").GetDouble()));
    }
}
