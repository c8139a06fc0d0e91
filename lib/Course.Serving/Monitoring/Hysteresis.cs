namespace Course.Serving;

/// <summary>
/// An alarm that does not flicker: it rises after several values in a row above one threshold, and falls only after several in a row
/// below another, lower one.
/// </summary>
/// <param name="raise">A value above it counts towards an alarm.</param>
/// <param name="clear">A value below it counts towards the end of one; at most <paramref name="raise"/>.</param>
/// <param name="raiseAfter">Values in a row that raise it.</param>
/// <param name="clearAfter">Values in a row that end it.</param>
public sealed class Hysteresis(double raise, double clear, int raiseAfter = 2, int clearAfter = 3)
{
    private int _row;

    /// <summary>True while the alarm rings.</summary>
    public bool IsRaised { get; private set; }

    /// <summary>Takes the next value and says whether the alarm rings.</summary>
    public bool Update(double value)
    {
        if (clear > raise || raiseAfter < 1 || clearAfter < 1)
            throw new InvalidOperationException($"An alarm that rises above {raise} ({raiseAfter} in a row) cannot end below {clear} ({clearAfter} in a row).");
        _row = (IsRaised ? value < clear : value > raise) ? _row + 1 : 0;
        if (_row < (IsRaised ? clearAfter : raiseAfter))
            return IsRaised;
        _row = 0;
        return IsRaised = !IsRaised;
    }
}
