using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RealTorchSharp.Tests.Surface;

/// <summary>Finds what a short type name of the list means, and writes it in C# in full.</summary>
internal sealed class Names
{
    private static readonly string[] frameworkNamespaces =
    [
        "System", "System.Collections", "System.Collections.Generic", "System.Globalization", "System.IO", "System.Numerics",
        "System.Reflection", "System.Runtime.Serialization", "System.Threading", "System.Threading.Tasks",
    ];

    private readonly ILookup<(string Name, int Arity), ListedType> listed;
    private readonly Dictionary<(string Name, int Arity), string> framework = [];

    public Names(IEnumerable<ListedType> types, IEnumerable<MetadataReference> frameworkAssemblies)
    {
        listed = types.ToLookup(type => (type.SimpleName, type.AllParameters.Count()));
        INamespaceSymbol root = CSharpCompilation.Create("framework", references: frameworkAssemblies).GlobalNamespace;
        foreach (string name in frameworkNamespaces)
        {
            INamespaceSymbol found = name.Split('.').Aggregate(root, (outer, part) => outer.GetNamespaceMembers().Single(inner => inner.Name == part));
            foreach (INamedTypeSymbol type in found.GetTypeMembers().Where(type => type.DeclaredAccessibility == Accessibility.Public))
                framework.TryAdd((type.Name, type.Arity), $"global::{name}.{type.Name}");
        }
    }

    /// <summary>The type in C#.</summary>
    /// <param name="scope">The type in whose declaration the name stands.</param>
    /// <param name="typeParameters">Names of the type parameters of the member; those of the scope are known.</param>
    /// <param name="hint">The result of the member: a name nested in it is preferred over one elsewhere.</param>
    /// <param name="tupleNames">Names for the elements of the first tuple of that length.</param>
    /// <exception cref="UnknownTypeException">Neither TorchSharp's list nor the framework has it.</exception>
    public string CSharp(TypeName type, ListedType scope, IReadOnlyCollection<string> typeParameters, TypeName? hint = null, IReadOnlyList<string>? tupleNames = null)
    {
        string Inner(TypeName inner) => CSharp(inner, scope, typeParameters, hint, tupleNames);
        string text;
        if (type.Arguments.Count == 0 && (typeParameters.Contains(type.Name) || scope.AllParameters.Contains(type.Name))) text = type.Name;
        else if (type is { Name: "Void", Arguments: [] }) text = "void";
        else if (type.Name == "ValueTuple" && type.Arguments.Count > 1)
        {
            bool named = tupleNames?.Count == type.Arguments.Count;
            text = $"({string.Join(", ", type.Arguments.Select((item, i) => named ? $"{Inner(item)} @{tupleNames![i]}" : Inner(item)))})";
        }
        else if (Listed(type, scope, hint) is { } found) text = Full(found, new(type.Arguments.Select(Inner)));
        else if (framework.TryGetValue((type.Name, type.Arguments.Count), out string? full))
            text = type.Arguments.Count == 0 ? full : $"{full}<{string.Join(", ", type.Arguments.Select(Inner))}>";
        else throw new UnknownTypeException(type.Name);
        // int[][,] is an array of two-dimensional arrays in C#, while reflection writes the element's brackets first.
        return text + string.Concat(type.Suffixes.Reverse());
    }

    /// <summary>The listed type that a name means, or null when it is no type of TorchSharp.</summary>
    public ListedType? Listed(TypeName type, ListedType scope, TypeName? hint = null)
    {
        ListedType[] candidates = [.. listed[(type.Name, type.Arguments.Count)]];
        if (candidates.Length < 2) return candidates.SingleOrDefault();
        for (ListedType? outer = scope; outer is not null; outer = outer.Outer)
            if (candidates.FirstOrDefault(item => item.Outer == outer) is { } nested) return nested;
        if (hint is not null && hint.Name != type.Name && Listed(hint, scope) is { } result && candidates.FirstOrDefault(item => item.Outer == result) is { } ofResult)
            return ofResult;
        return candidates.OrderBy(item => item.Outer is null ? 0 : 1).ThenBy(item => SharedStart(item.Path, scope.Path) * -1).First();
    }

    private static int SharedStart(string first, string second) => first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Count();

    private static string Full(ListedType type, Queue<string> arguments)
    {
        string start = type.Outer is { } outer ? Full(outer, arguments) + "." : "global::TorchSharp." + type.Path[..^type.OwnName.Length];
        string[] own = [.. type.OwnParameters.Select(_ => arguments.Dequeue())];
        return start + "@" + type.SimpleName + (own.Length == 0 ? "" : $"<{string.Join(", ", own)}>");
    }
}

/// <summary>A type that neither the list nor the framework has, so the members that use it cannot be declared.</summary>
internal sealed class UnknownTypeException(string name) : Exception($"{name} is no public type of TorchSharp or of the framework");
