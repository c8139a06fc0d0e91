using System.Diagnostics;

namespace Course.Cli.Serving;

/// <summary>Looks once a second at another process's resident memory, open handles and threads, and tells how they grow.</summary>
internal sealed class ProcessGrowth
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly List<(double Minutes, double Megabytes, double Handles, double Threads)> _samples = [];
    private readonly Task _watching;

    private ProcessGrowth(int process) => _watching = Task.Run(() => WatchAsync(process));

    public static ProcessGrowth Watch(int process) => new(process);

    internal int Samples => _samples.Count;

    /// <returns>What each grew by a minute, by least squares: megabytes, handles, threads.</returns>
    public async Task<(double Megabytes, double Handles, double Threads)> EndAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
        double[] minutes = [.. _samples.Select(sample => sample.Minutes)];
        return (Slope(minutes, [.. _samples.Select(sample => sample.Megabytes)]), Slope(minutes, [.. _samples.Select(sample => sample.Handles)]), Slope(minutes, [.. _samples.Select(sample => sample.Threads)]));
    }

    /// <summary>Of the line through the points by least squares, to two decimals; 0 for fewer than two moments.</summary>
    internal static double Slope(double[] x, double[] y)
    {
        if (x.Length < 2)
            return 0;
        double x0 = x.Average(), y0 = y.Average(), spread = x.Sum(at => (at - x0) * (at - x0));
        return spread == 0 ? 0 : Math.Round(x.Zip(y).Sum(point => (point.First - x0) * (point.Second - y0)) / spread, 2);
    }

    private async Task WatchAsync(int process)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                using var other = Process.GetProcessById(process);
                _samples.Add((clock.Elapsed.TotalMinutes, other.WorkingSet64 / 1e6, other.HandleCount, other.Threads.Count));
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
