using System.Diagnostics;

namespace Course.Cli.Bench;

/// <summary>The time that something measured may take, from when this is made. What does not fit in is left out, never a first repetition.</summary>
internal sealed class TimeBudget(TimeSpan whole)
{
    /// <summary>For each kind of figures, unless told otherwise.</summary>
    public const int DefaultSeconds = 600;

    private readonly long _start = Stopwatch.GetTimestamp();

    private TimeSpan Left => whole - Stopwatch.GetElapsedTime(_start);

    public bool IsOver => Left <= TimeSpan.Zero;

    /// <summary>From now on, one of so many equal parts of what is left.</summary>
    public TimeBudget Part(int parts) => new(Left / parts);

    public bool Fits(TimeSpan duration) => duration <= Left;
}
