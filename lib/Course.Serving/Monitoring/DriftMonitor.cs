namespace Course.Serving;

/// <summary>What a <see cref="DriftMonitor"/> watches.</summary>
public enum DriftMeasure
{
    /// <summary><see cref="Drift.PopulationStability"/>.</summary>
    PopulationStability,

    /// <summary><see cref="Drift.KolmogorovSmirnov"/>.</summary>
    KolmogorovSmirnov,

    /// <summary><see cref="Drift.ConfidenceFall"/>, of the answers' largest probabilities.</summary>
    ConfidenceFall,
}

/// <summary>
/// Compares windows of live numbers with a reference and rings with hysteresis. The threshold is not a rule of thumb: windows are drawn
/// from the reference itself, and the threshold is what only the wanted share of such quiet windows exceeds.
/// </summary>
public sealed class DriftMonitor
{
    private readonly double[] _reference;
    private readonly DriftMeasure _measure;
    private readonly Hysteresis _alarm;

    /// <param name="reference">Numbers of quiet days, for example the mean brightness of each validation picture.</param>
    /// <param name="window">How many numbers a window has.</param>
    /// <param name="exceeded">Share of quiet windows whose measure may exceed the threshold. Two in a row raise the alarm, so that a quiet window raises it about with the square of this.</param>
    /// <param name="seed">Of the windows that are drawn to find the threshold.</param>
    public DriftMonitor(IReadOnlyList<double> reference, int window, DriftMeasure measure, double exceeded = 0.02, int seed = 1)
    {
        if (window < 20)
            throw new ArgumentOutOfRangeException(nameof(window), $"A window of {window} numbers says nothing about a distribution; use at least 20.");
        if (reference.Count < 5 * window)
            throw new ArgumentException($"The reference has {reference.Count} numbers; for windows of {window} at least {5 * window} are needed.", nameof(reference));
        if (exceeded is not (> 0 and < 0.5))
            throw new ArgumentOutOfRangeException(nameof(exceeded), $"The share of quiet windows above the threshold is {exceeded}, expected between 0 and 0.5.");
        (_reference, _measure, Window) = ([.. reference], measure, window);
        var random = new Random(seed);
        int simulated = Math.Max(400, (int)(20 / exceeded));
        // Drawn without replacement and compared with the rest, as a real window is compared with numbers that it does not share.
        double[] quiet = [.. Enumerable.Range(0, simulated).Select(_ =>
        {
            random.Shuffle(_reference);
            return Measured(_reference[window..], _reference[..window]);
        }).Order()];
        Threshold = quiet[(int)Math.Ceiling((1 - exceeded) * simulated) - 1];
        _alarm = new(Threshold, clear: quiet[(int)(0.9 * (1 - exceeded) * simulated)]);
    }

    /// <summary>Numbers in a window.</summary>
    public int Window { get; }

    /// <summary>The measure that raises the alarm when two windows in a row exceed it.</summary>
    public double Threshold { get; }

    /// <summary>The measure of the last window.</summary>
    public double Last { get; private set; }

    /// <summary>True while the alarm rings.</summary>
    public bool IsRaised => _alarm.IsRaised;

    /// <summary>Takes the next window and says whether the alarm rings.</summary>
    /// <param name="window">As many numbers as <see cref="Window"/>.</param>
    public bool Observe(IReadOnlyList<double> window)
    {
        if (window.Count != Window)
            throw new ArgumentException($"The window has {window.Count} numbers; the threshold is for {Window}.", nameof(window));
        Last = Measured(_reference, window);
        return _alarm.Update(Last);
    }

    private double Measured(IReadOnlyList<double> reference, IReadOnlyList<double> window) => _measure switch
    {
        DriftMeasure.PopulationStability => Drift.PopulationStability(reference, window),
        DriftMeasure.KolmogorovSmirnov => Drift.KolmogorovSmirnov(reference, window),
        _ => Drift.ConfidenceFall(reference, window),
    };
}
