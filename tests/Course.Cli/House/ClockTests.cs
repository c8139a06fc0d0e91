using System.Text.RegularExpressions;
using Course.Base;

namespace Course.Cli.Tests.House;

/// <summary>The libraries that start, run and serve notebooks are told the time by a <see cref="TimeProvider"/>, so that tests can skip hours.</summary>
public partial class ClockTests
{
    [Theory]
    [InlineData("Course.Base")]
    [InlineData("Course.Notebooks")]
    [InlineData("Course.Session")]
    [InlineData("Course.Runner")]
    [InlineData("Course.Jupyter")]
    public void Sources_ReadNoClockOfTheirOwn(string name)
    {
        string folder = Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "lib", name);
        var reads = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => OwnClock().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetRelativePath(folder, file)}: {match.Value}"));
        Assert.Empty(reads);
    }

    [GeneratedRegex(@"DateTime(?:Offset)?\.(?:Utc)?Now|\bStopwatch\b|TickCount|\.CancelAfter\(|new PeriodicTimer\(\w+\)|Task\.Delay\(\w+\)")]
    private static partial Regex OwnClock();
}
