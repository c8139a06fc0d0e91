namespace RealTorchSharp.Tests.Surface;

/// <summary>A type of the list and its members.</summary>
/// <param name="Path">Namespace below TorchSharp, outer types and name with type parameters: <c>torch.nn.Module&lt;T, TResult&gt;</c>.</param>
/// <param name="Kind">Such as <c>sealed class</c>.</param>
internal sealed record ListedType(string Line, string Path, string Kind, IReadOnlyList<TypeName> Bases, string Constraints)
{
    public List<ListedMember> Members { get; } = [];
    public List<ListedType> Nested { get; } = [];
    public ListedType? Outer { get; set; }

    /// <summary>The last part of the path.</summary>
    public string OwnName { get; set; } = Path;

    /// <summary>The own name without type parameters.</summary>
    public string SimpleName => OwnName.Split('<')[0];

    public IReadOnlyList<string> OwnParameters => OwnName.Split('<', 2) is [_, var list] ? list.TrimEnd('>').Split(", ") : [];

    /// <summary>All type parameters, those of outer types first, as reflection counts them.</summary>
    public IEnumerable<string> AllParameters => (Outer?.AllParameters ?? []).Concat(OwnParameters);

    public bool IsEnum => Kind == "enum";
    public bool IsInterface => Kind == "interface";
    public bool IsDelegate => Kind == "delegate";
    public bool IsStatic => Kind == "static class";
}

/// <param name="Name">Without type parameters; <c>this</c> for an indexer, <c>.ctor</c> for a constructor.</param>
/// <param name="Modifiers">Of static, virtual, abstract, protected.</param>
internal abstract record ListedMember(string Line, string Name, string[] Modifiers)
{
    public bool Is(string modifier) => Modifiers.Contains(modifier);
}

internal sealed record ListedValue(string Line, string Name, long Value) : ListedMember(Line, Name, []);

internal sealed record ListedField(string Line, string Name, TypeName Type, string[] Modifiers) : ListedMember(Line, Name, Modifiers);

/// <param name="IndexerName">The metadata name of an indexer.</param>
internal sealed record ListedProperty(string Line, string Name, TypeName Type, IReadOnlyList<ListedParameter> Parameters, string Accessors, string? IndexerName, string[] Modifiers)
    : ListedMember(Line, Name, Modifiers);

/// <summary>A method, operator or constructor (which has no result).</summary>
internal sealed record ListedMethod(string Line, string Name, IReadOnlyList<string> TypeParameters, IReadOnlyList<ListedParameter> Parameters, TypeName? Result, string Constraints, string[] Modifiers)
    : ListedMember(Line, Name, Modifiers);

/// <param name="Prefix">this, params, out or nothing.</param>
/// <param name="Default">As the list prints the value; null without default.</param>
internal sealed record ListedParameter(string Prefix, TypeName Type, string Name, string? Default);
