namespace Course;

/// <summary>Claims that a reader can read and the machine verifies: shown when they hold, thrown when they do not.</summary>
public static partial class Check
{
    /// <summary>The condition holds.</summary>
    /// <exception cref="CheckFailedException">It does not.</exception>
    public static void That(bool condition, string claim) => Report(new(claim, condition));

    /// <summary>|actual − expected| ≤ tolerance; NaN is close to nothing.</summary>
    /// <exception cref="CheckFailedException">The difference is larger.</exception>
    public static void Close(double actual, double expected, double tolerance, string claim)
    {
        if (!(tolerance >= 0))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "A tolerance is zero or positive.");
        bool close = actual == expected || Math.Abs(actual - expected) <= tolerance;
        Report(new(claim, close, actual, expected, tolerance));
    }

    /// <summary>Every element is close: max |actualᵢ − expectedᵢ| ≤ tolerance.</summary>
    /// <exception cref="CheckFailedException">The lengths differ, or one element is too far off; the worst one is shown.</exception>
    public static void Close(double[] actual, double[] expected, double tolerance, string claim)
    {
        if (actual.Length != expected.Length)
        {
            Report(new($"{claim}: {actual.Length} values, {expected.Length} expected", false, actual.Length, expected.Length));
            return;
        }
        if (actual.Length == 0)
            throw new ArgumentException("There is nothing to compare: both sequences are empty.", nameof(actual));
        int worst = 0;
        double largest = -1;
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = actual[i] == expected[i] ? 0 : Math.Abs(actual[i] - expected[i]);
            if (double.IsNaN(difference))
                difference = double.PositiveInfinity;
            if (difference > largest)
                (worst, largest) = (i, difference);
        }
        Close(actual[worst], expected[worst], tolerance, actual.Length == 1 ? claim : $"{claim} ({actual.Length} values, worst shown)");
    }

    /// <summary>low ≤ actual ≤ high.</summary>
    /// <exception cref="CheckFailedException">It lies outside, or is NaN.</exception>
    public static void Between(double actual, double low, double high, string claim) =>
        Report(new(claim, actual >= low && actual <= high, actual, $"{Numbers.Text(low)} to {Numbers.Text(high)}"));

    /// <summary>The two values are equal.</summary>
    /// <exception cref="CheckFailedException">They are not.</exception>
    public static void Equal<T>(T actual, T expected, string claim) =>
        Report(new(claim, EqualityComparer<T>.Default.Equals(actual, expected), Plain(actual), Plain(expected)));

    /// <summary>The action throws an exception of this type (or derived from it), which is returned.</summary>
    /// <exception cref="CheckFailedException">It throws another one, or none.</exception>
    public static TException Throws<TException>(Action action, string claim)
        where TException : Exception
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is not ExerciseNotDoneException)
        {
            Report(new(claim, error is TException, error.GetType().Name, typeof(TException).Name));
            return (TException)error;
        }
        Report(new(claim, false, "no exception", typeof(TException).Name));
        throw new InvalidOperationException("unreachable: a failed check throws");
    }

    private static object? Plain(object? value) =>
        value is null or bool or string or int or long or double or float ? value : Numbers.Text(value);

    internal static void Report(CheckResult result)
    {
        Display.Show(result);
        if (!result.Passed)
            throw new CheckFailedException(result);
    }
}
