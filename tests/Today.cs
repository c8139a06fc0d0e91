namespace Course.Testing;

/// <summary>
/// What takes long is tried by turns: a part of it each day, another one on the next, so that all of it is tried within days.
/// <c>COURSE_TEST_TURNS=all</c> tries all of it at once.
/// </summary>
internal static class Today
{
    private static readonly bool IsAll = Environment.GetEnvironmentVariable("COURSE_TEST_TURNS") switch
    {
        null or "" => false,
        "all" => true,
        var other => throw new InvalidOperationException($"COURSE_TEST_TURNS is '{other}'; expected all or nothing"),
    };

    /// <summary>Whether today is the turn of the part with this index, of which the first is 0.</summary>
    /// <param name="parts">How many days pass until all have been tried.</param>
    public static bool IsTurnOf(int index, int parts) => IsAll || index % parts == DateOnly.FromDateTime(DateTime.UtcNow).DayNumber % parts;

    /// <summary>Skips the test on all days but those of its part.</summary>
    public static void SkipUnlessTurnOf(int index, int parts) =>
        Assert.SkipUnless(IsTurnOf(index, parts), "its turn comes on another day; COURSE_TEST_TURNS=all tries every part");
}
