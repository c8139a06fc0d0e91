namespace Course.Base;

/// <summary>The names under which a session leaves things in <see cref="AppContext"/> for the libraries that its cells load.</summary>
internal static class CourseHooks
{
    /// <summary>An <c>Action&lt;object?&gt;</c> that shows a value.</summary>
    public const string Display = "course.display";

    /// <summary>The folder from which cells first loaded a library.</summary>
    public const string Libraries = "course.libraries";

    /// <summary>An <c>Action&lt;object&gt;</c> that hears of each tensor; the engine, which refers to nothing of ours, names it once more.</summary>
    public const string TensorMade = "course.tensor-made";
}
