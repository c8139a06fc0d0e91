using System.Diagnostics;

namespace Course.Runner.Tests;

/// <summary>Claims about time, on machines where other work may take the processor at any moment.</summary>
public static class Steady
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Some attempt is within a limit: what others take from the processor meanwhile is not the code's own.</summary>
    public static async Task AtMostAsync(TimeSpan limit, Func<Task<TimeSpan>> attempt)
    {
        var times = new List<TimeSpan>();
        var clock = Stopwatch.StartNew();
        do
            times.Add(await attempt());
        while (times[^1] > limit && clock.Elapsed < Patience);
        Assert.True(times[^1] <= limit, $"took {string.Join(", ", times.Select(t => $"{t.TotalSeconds:0.00}"))} s; expected at most {limit.TotalSeconds} s");
    }
}
