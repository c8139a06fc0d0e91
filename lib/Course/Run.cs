using System.Globalization;

namespace Course;

/// <summary>How this notebook was asked to run; read from the environment once.</summary>
public static class Run
{
    /// <summary><c>quick</c> (default) or <c>full</c>, from <c>COURSE_PROFILE</c>.</summary>
    public static string Profile { get; } = OneOf("COURSE_PROFILE", "quick", "full");

    /// <summary>The seed of every random stream, from <c>COURSE_SEED</c>; 1 unless set.</summary>
    public static int Seed { get; } = ReadSeed();

    /// <summary>One value for the quick profile, another for the full one.</summary>
    public static T Choose<T>(T quick, T full) => Profile == "full" ? full : quick;

    private static int ReadSeed()
    {
        string text = Read("COURSE_SEED");
        if (text == "")
            return 1;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw new InvalidOperationException($"COURSE_SEED is '{text}', but must be a whole number such as 1.");
    }

    /// <summary>The environment's value, or the first allowed one when it is not set.</summary>
    internal static string OneOf(string variable, params ReadOnlySpan<string> allowed)
    {
        string text = Read(variable);
        if (text == "")
            return allowed[0];
        foreach (string value in allowed)
            if (string.Equals(value, text, StringComparison.OrdinalIgnoreCase))
                return value;
        throw new InvalidOperationException($"{variable} is '{text}', but must be one of: {string.Join(", ", allowed.ToArray())}.");
    }

    private static string Read(string variable) => Environment.GetEnvironmentVariable(variable)?.Trim() ?? "";
}
