using Microsoft.CodeAnalysis;

namespace Course.Classroom.Grading;

/// <summary>
/// What every answer may use: safe code's numbers, texts, collections and LINQ, TorchSharp and the course's library. Nothing here leads
/// to files, processes, the network, threads of its own, native code or other people's private members.
/// </summary>
internal static class AllowedApi
{
    private static readonly HashSet<string> Namespaces =
    [
        "System.Collections", "System.Collections.Generic", "System.Collections.Immutable", "System.Collections.ObjectModel", "System.Collections.Frozen",
        "System.Text", "System.Text.RegularExpressions", "System.Numerics", "System.Numerics.Tensors", "System.Globalization",
    ];

    private static readonly HashSet<string> Types =
    [
        "System.Array", "System.ArraySegment", "System.BitConverter", "System.Buffer", "System.Convert", "System.DateOnly", "System.DateTimeOffset", "System.Guid", "System.Half",
        "System.HashCode", "System.Index", "System.Int128", "System.UInt128", "System.Lazy", "System.Math", "System.MathF", "System.Memory", "System.MemoryExtensions",
        "System.MidpointRounding", "System.Random", "System.Range", "System.ReadOnlyMemory", "System.ReadOnlySpan", "System.Span", "System.StringComparer", "System.StringComparison",
        "System.StringSplitOptions", "System.TimeOnly", "System.TimeSpan", "System.Tuple", "System.ValueTuple", "System.IComparable", "System.IEquatable", "System.IFormattable", "System.IFormatProvider",
        "System.Linq.Enumerable", "System.Linq.ILookup", "System.Linq.Lookup", "System.Linq.IGrouping", "System.Linq.IOrderedEnumerable",
        "System.Diagnostics.Stopwatch", "System.Threading.Tasks.Task", "System.Threading.Tasks.ValueTask", "System.Threading.Tasks.Parallel", "System.Threading.CancellationToken",
        "System.IO.StringReader", "System.IO.StringWriter", "System.IO.MemoryStream",
    ];

    /// <summary>Types of which only some members are harmless.</summary>
    private static readonly Dictionary<string, HashSet<string>> Members = new()
    {
        ["System.Console"] = ["Write", "WriteLine"],
        ["System.Environment"] = ["NewLine", "ProcessorCount", "TickCount", "TickCount64"],
        ["System.Type"] = ["Name", "FullName", "ToString"],
        ["System.Threading.Tasks.Task"] = ["FromResult", "CompletedTask", "Result"],
        ["System.Threading.Tasks.ValueTask"] = ["FromResult", "CompletedTask", "Result"],
        ["System.Threading.Tasks.Parallel"] = ["For", "ForEach", "Invoke"],
        ["Course.Kernel.Cells.Outputs"] = ["display", "Display", "HTML"],
        ["System.DisplayExtensions"] = ["Display", "DisplayAs"],
    };

    /// <param name="member">Null for the type itself and its constructors.</param>
    public static bool Has(INamedTypeSymbol type, string? member)
    {
        var outermost = type;
        while (outermost.ContainingType is not null)
            outermost = outermost.ContainingType;
        string space = outermost.ContainingNamespace.ToDisplayString(), name = $"{space}.{outermost.Name}";
        if (Members.TryGetValue(name, out var some))
            return member is null || some.Contains(member);
        if (space is "TorchSharp" or "Course" || space.StartsWith("TorchSharp.", StringComparison.Ordinal) || space.StartsWith("Course.Serving", StringComparison.Ordinal))
            return true;
        if (type.TypeKind == TypeKind.Delegate)
            return member is null or "Invoke" && space == "System";
        if (IsException(type))
            return member != "TargetSite";
        if (Namespaces.Contains(space))
            return member is null || !(outermost.Name is "CultureInfo" && member is "CurrentCulture" or "CurrentUICulture" or "DefaultThreadCurrentCulture" or "DefaultThreadCurrentUICulture");
        return Types.Contains(name) || type.SpecialType is not (SpecialType.None or SpecialType.System_Delegate or SpecialType.System_MulticastDelegate or SpecialType.System_TypedReference
            or SpecialType.System_ArgIterator or SpecialType.System_RuntimeArgumentHandle or SpecialType.System_RuntimeFieldHandle or SpecialType.System_RuntimeMethodHandle or SpecialType.System_RuntimeTypeHandle
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr);
    }

    private static bool IsException(INamedTypeSymbol type)
    {
        for (var at = type; at is not null; at = at.BaseType)
            if (at.Name == "Exception" && at.ContainingNamespace.ToDisplayString() == "System")
                return true;
        return false;
    }
}
