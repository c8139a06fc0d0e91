using System.Globalization;
using System.Text;

namespace RealTorchSharp.Tests.Surface;

/// <summary>Writes the listed types as C# declarations without bodies to speak of.</summary>
internal sealed class SourceWriter(Names names)
{
    private static readonly Dictionary<string, string> operators = new()
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_Multiply"] = "*",
        ["op_Division"] = "/",
        ["op_Modulus"] = "%",
        ["op_BitwiseAnd"] = "&",
        ["op_BitwiseOr"] = "|",
        ["op_ExclusiveOr"] = "^",
        ["op_OnesComplement"] = "~",
        ["op_UnaryNegation"] = "-",
        ["op_Equality"] = "==",
        ["op_Inequality"] = "!=",
        ["op_GreaterThan"] = ">",
        ["op_GreaterThanOrEqual"] = ">=",
        ["op_LessThan"] = "<",
        ["op_LessThanOrEqual"] = "<=",
    };

    private readonly StringBuilder text = new();

    /// <summary>Lines of the list that are part of the source.</summary>
    public List<string> Written { get; } = [];

    /// <summary>Lines of the list that are not, with the reason.</summary>
    public List<(string Line, string Reason)> LeftOut { get; } = [];

    public string Write(IEnumerable<ListedType> types)
    {
        text.AppendLine("[assembly: System.Reflection.AssemblyVersion(\"0.106.0.0\")]");
        foreach (IGrouping<string, ListedType> group in types.Where(type => type.Outer is null).GroupBy(NamespaceOf))
        {
            text.AppendLine($"namespace {group.Key} {{");
            foreach (ListedType type in group) WriteType(type);
            text.AppendLine("}");
        }
        return text.ToString();
    }

    private static string NamespaceOf(ListedType type) => ("TorchSharp." + type.Path[..^type.OwnName.Length]).TrimEnd('.');

    private void WriteType(ListedType type)
    {
        if (type.IsDelegate)
        {
            WriteDelegate(type);
            return;
        }
        Written.Add(type.Line);
        string bases = string.Join(", ", Bases(type));
        text.AppendLine($"public {type.Kind} @{type.OwnName}{(bases.Length == 0 ? "" : " : " + bases)}{Constraints(type.Constraints, type, [])} {{");
        foreach (ListedMember member in type.Members) Try(member, () => WriteMember(type, member));
        if (NeedsConstructor(type)) text.AppendLine($"internal @{type.SimpleName}() => throw null!;");
        foreach (ListedType nested in type.Nested) WriteType(nested);
        text.AppendLine("}");
    }

    /// <summary>Constructors that the list does not show are internal ones; derived classes need one to start from.</summary>
    private static bool NeedsConstructor(ListedType type) =>
        type.Kind is "class" or "sealed class" or "abstract class" && !type.Members.OfType<ListedMethod>().Any(method => method is { Name: ".ctor", Parameters: [] });

    private IEnumerable<string> Bases(ListedType type)
    {
        if (type.IsEnum)
            return Unlisted.UnderlyingTypes.TryGetValue(type.Path, out string? underlying) ? [underlying] : [];
        return type.Bases.Where(item => item is not { Name: "ValueType" }).Select(item => names.CSharp(item, type, []));
    }

    private void Try(ListedMember member, Func<string> declaration)
    {
        try
        {
            text.AppendLine(declaration());
            Written.Add(member.Line);
        }
        catch (UnknownTypeException e)
        {
            LeftOut.Add((member.Line, e.Message));
        }
    }

    private void WriteDelegate(ListedType type)
    {
        if (Unlisted.Delegates.TryGetValue(type.Path, out string? declaration))
        {
            text.AppendLine($"public delegate {declaration};");
            Written.Add(type.Line);
        }
        else LeftOut.Add((type.Line, "the list does not show what it takes and returns"));
    }

    private string WriteMember(ListedType type, ListedMember member) => member switch
    {
        ListedValue value => $"@{value.Name} = {value.Value},",
        ListedField field => $"{Access(type, field)}{names.CSharp(field.Type, type, [])} @{field.Name};",
        ListedProperty property => WriteProperty(type, property),
        ListedMethod { Name: ".ctor" } constructor => WriteConstructor(type, constructor),
        ListedMethod method => WriteMethod(type, method),
        _ => throw new InvalidOperationException($"unknown kind of member: {member.Line}"),
    };

    private string WriteProperty(ListedType type, ListedProperty property)
    {
        string result = names.CSharp(property.Type, type, [], null, Unlisted.TupleNamesOf(type, property.Name));
        string name = property.Name == "this" ? $"this[{Parameters(property.Parameters, type, [])}]" : "@" + property.Name;
        bool isAbstract = Unlisted.AbstractProperties.Contains($"{type.Path}.{property.Name}");
        bool isVirtual = !type.IsInterface && !property.Is("static") && type.Kind is "class" or "abstract class";
        string body = type.IsInterface || isAbstract
            ? string.Concat(property.Accessors.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(accessor => accessor + "; "))
            : string.Concat(property.Accessors.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(accessor => accessor + " => throw null!; "));
        string indexer = property.IndexerName is null or "Item" ? "" : $"[System.Runtime.CompilerServices.IndexerName(\"{property.IndexerName}\")] ";
        return $"{indexer}{Access(type, property)}{(isAbstract ? "abstract " : isVirtual ? "virtual " : "")}{result} {name} {{ {body}}}";
    }

    private string WriteConstructor(ListedType type, ListedMethod method) =>
        $"{Access(type, method)}@{type.SimpleName}({Parameters(method.Parameters, type, [])}) => throw null!;";

    private string WriteMethod(ListedType type, ListedMethod method)
    {
        IReadOnlyList<string> generic = method.TypeParameters;
        string result = names.CSharp(method.Result!, type, generic, method.Result, Unlisted.TupleNamesOf(type, method.Name));
        string parameters = Parameters(method.Parameters, type, generic, method.Result, Unlisted.TupleNamesOf(type, method.Name));
        string head = method.Name switch
        {
            "op_Implicit" => $"implicit operator {result}",
            "op_Explicit" => $"explicit operator {result}",
            _ when operators.TryGetValue(method.Name, out string? symbol) => $"{result} operator {symbol}",
            _ => $"{result} @{method.Name}{(generic.Count == 0 ? "" : $"<{string.Join(", ", generic)}>")}",
        };
        string body = type.IsInterface || method.Is("abstract") ? ";" : " => throw null!;";
        return $"{Access(type, method)}{head}({parameters}){Constraints(method.Constraints, type, generic)}{body}";
    }

    private static string Access(ListedType type, ListedMember member)
    {
        if (type.IsInterface) return "";
        string access = member.Is("protected") ? "protected " : "public ";
        return access + (member.Is("static") ? "static " : member.Is("abstract") ? "abstract " : member.Is("virtual") ? "virtual " : "");
    }

    private string Parameters(IReadOnlyList<ListedParameter> parameters, ListedType type, IReadOnlyList<string> generic, TypeName? hint = null, IReadOnlyList<string>? tupleNames = null) =>
        string.Join(", ", parameters.Select(parameter =>
        {
            string prefix = parameter.Type.IsReference && parameter.Prefix != "out" ? "ref " : parameter.Prefix.Length == 0 ? "" : parameter.Prefix + " ";
            string value = parameter.Default is null ? "" : " = " + Default(parameter, type, generic, hint);
            return $"{prefix}{names.CSharp(parameter.Type, type, generic, hint, tupleNames)} @{parameter.Name}{value}";
        }));

    private string Default(ListedParameter parameter, ListedType type, IReadOnlyList<string> generic, TypeName? hint)
    {
        string value = parameter.Default!;
        TypeName plain = parameter.Type with { Suffixes = [] };
        if (value is "null" or "") return "default";
        if (names.Listed(plain, type, hint) is { IsEnum: true }) return $"{names.CSharp(plain, type, generic, hint)}.@{value}";
        return plain.Name switch
        {
            "String" => value,
            "Boolean" => value == "True" ? "true" : "false",
            "Char" => $"'{value}'",
            "Double" or "Single" when double.TryParse(value, CultureInfo.InvariantCulture, out double number) && !double.IsFinite(number) =>
                $"{plain.Name}.{(double.IsNaN(number) ? "NaN" : number > 0 ? "PositiveInfinity" : "NegativeInfinity")}".Insert(0, "System."),
            "Single" => value + "f",
            "Double" => value + "d",
            _ => value,
        };
    }

    private string Constraints(string text, ListedType type, IReadOnlyList<string> generic) =>
        string.Concat(text.Split(" where ", StringSplitOptions.RemoveEmptyEntries).Select(clause =>
        {
            string[] parts = clause.Split(" : ");
            return $" where {parts[0]} : {string.Join(", ", ListParser.Split(parts[1]).Select(item => item is "struct" or "class" or "new()" ? item : names.CSharp(TypeName.Parse(item), type, generic)))}";
        }));
}
