namespace Course;

/// <summary>
/// Names the type that makes formatters for the marked type. C# notebooks look for an attribute
/// class of this name, in any assembly, so no package is needed.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = true)]
public sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>A type with a public parameterless constructor and a method <c>CreateTypeFormatters()</c>.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The MIME types of one output, the richest first.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}
