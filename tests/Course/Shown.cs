namespace Course.Tests;

/// <summary>Collects what library code shows while it runs on this thread's flow, as a notebook session would.</summary>
internal sealed class Shown : IDisposable
{
    private static readonly AsyncLocal<List<object>?> Current = new();
    private static readonly Lock Gate = new();

    private Shown()
    {
        lock (Gate)
            AppContext.SetData("course.display", (Action<object>)(value => Current.Value?.Add(value)));
        Current.Value = Values;
    }

    public List<object> Values { get; } = [];

    public static Shown During(Action action)
    {
        using var shown = new Shown();
        action();
        return shown;
    }

    public static Shown Start() => new();

    public void Dispose() => Current.Value = null;
}
