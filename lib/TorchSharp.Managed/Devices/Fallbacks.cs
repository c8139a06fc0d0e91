using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace TorchSharp;

/// <summary>
/// What a device could not do and the CPU did for it, with copies there and back. Right, and slow: each operation is named once on the error
/// stream, as PyTorch does it, and counted.
/// </summary>
internal static class Fallbacks
{
    /// <summary>For short methods by whose name a fall-back is told: compiled again, faster, they would vanish from the stack.</summary>
    internal const MethodImplOptions Named = MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization;

    private static readonly ConcurrentDictionary<string, long> Counters = new();

    /// <summary>How often each operation fell back since the last <see cref="Clear"/>.</summary>
    internal static IReadOnlyDictionary<string, long> Counts => Counters;

    internal static void Clear() => Counters.Clear();

    /// <param name="operation">What fell back; null: the engine's method that the stack names.</param>
    internal static void Note(Place place, string? operation = null)
    {
        operation ??= Caller();
        if (Counters.AddOrUpdate(operation, 1, static (_, count) => count + 1) == 1)
            Console.Error.WriteLine($"warning: {operation} is not implemented for {place.Device}: the CPU does it, and copies cost time.");
    }

    /// <summary>
    /// The outermost of the engine's internal methods on the stack, what a program's call led to: an operation, or the node of one in a
    /// backward pass. Where all are public, the program's call itself.
    /// </summary>
    private static string Caller()
    {
        string? found = null, entered = null;
        foreach (var frame in new StackTrace(2).GetFrames())
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method || type.Assembly != typeof(Fallbacks).Assembly)
                break;
            if (type.IsSubclassOf(typeof(Node)))
                return type.Name;
            string name = method.Name;
            // A lambda has the name of its method within brackets, in a class of its own.
            if (name.StartsWith('<'))
                name = name[1..name.IndexOf('>')];
            while (type.DeclaringType is { } outer && (outer.IsNotPublic || type.Name.StartsWith('<')))
                type = outer;
            bool isPublic = type.IsPublic || type.IsNestedPublic;
            // First come the tensor's own members, through which the data were asked for; then internals, then the program's call.
            if (isPublic && found is not null)
                break;
            if (isPublic)
                entered = $"{type.Name}.{name}";
            else
                found = $"{type.Name}.{name}";
        }
        return found ?? entered ?? "an operation";
    }
}
