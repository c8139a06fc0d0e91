namespace TorchSharp;

/// <summary>Who is told of every tensor that a program gets: a host that looks for leaks and set this datum before the first one. Apart, because the JIT sees through a constant null.</summary>
internal static class MadeTensors
{
    public static readonly Action<object>? Told = AppContext.GetData("course.tensor-made") as Action<object>;
}
