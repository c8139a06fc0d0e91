using System.Globalization;
using System.Text.RegularExpressions;

namespace RealTorchSharp.Tests.Surface;

/// <summary>Reads the reference list of TorchSharp's members into types with their members. A line that it cannot read is an error.</summary>
internal static partial class ListParser
{
    public static IReadOnlyList<ListedType> Read(string path)
    {
        string[] lines = [.. File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#')];
        var types = lines.Where(IsType).Select(Type).ToDictionary(type => type.Path);
        foreach (ListedType type in types.Values)
            Place(type, types);
        foreach (string line in lines.Where(line => !IsType(line)))
        {
            ListedType owner = Owner(line, types) ?? throw new FormatException($"no listed type owns: {line}");
            owner.Members.Add(Member(owner, line));
        }
        return [.. types.Values];
    }

    private static bool IsType(string line) => line.StartsWith("TYPE ", StringComparison.Ordinal);

    private static ListedType Type(string line)
    {
        Match match = TypeLine().Match(line);
        if (!match.Success) throw new FormatException($"no type: {line}");
        string bases = match.Groups["bases"].Value.Trim();
        return new(line, match.Groups["path"].Value, match.Groups["kind"].Value,
            [.. Split(bases).Select(TypeName.Parse)], match.Groups["constraints"].Value);
    }

    private static void Place(ListedType type, Dictionary<string, ListedType> types)
    {
        type.OwnName = type.Path[(LastDot(type.Path, type.Path.Length) + 1)..];
        for (int dot = LastDot(type.Path, type.Path.Length); dot > 0; dot = LastDot(type.Path, dot))
        {
            if (!types.TryGetValue(type.Path[..dot], out ListedType? outer)) continue;
            type.Outer = outer;
            type.OwnName = type.Path[(dot + 1)..];
            outer.Nested.Add(type);
            return;
        }
    }

    /// <summary>The type with the longest path that the line starts with.</summary>
    private static ListedType? Owner(string line, Dictionary<string, ListedType> types)
    {
        ListedType? owner = null;
        int depth = 0;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '<') depth++;
            else if (line[i] == '>') depth--;
            else if (depth > 0) continue;
            else if (line[i] is '(' or '[' or ' ') break;
            else if (line[i] == '.' && types.TryGetValue(line[..i], out ListedType? longer)) owner = longer;
        }
        return owner;
    }

    /// <summary>The last dot before <paramref name="end"/> that is not inside a parameter list.</summary>
    private static int LastDot(string text, int end)
    {
        int depth = 0;
        for (int i = end - 1; i > 0; i--)
        {
            if (text[i] is '>' or ')' or ']') depth++;
            else if (text[i] is '<' or '(' or '[') depth--;
            else if (text[i] == '.' && depth <= 0) return i;
        }
        return -1;
    }

    private static ListedMember Member(ListedType owner, string line)
    {
        string rest = line[(owner.Path.Length + 1)..].TrimEnd();
        string[] modifiers = [];
        if (ModifierList().Match(rest) is { Success: true } list)
        {
            rest = rest[..list.Index].TrimEnd();
            modifiers = list.Groups["words"].Value.Split(' ');
        }
        if (owner.IsEnum)
        {
            string[] parts = rest.Split(" = ");
            return new ListedValue(line, parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture));
        }
        if (FieldText().Match(rest) is { Success: true } field)
            return new ListedField(line, field.Groups["name"].Value, TypeName.Parse(field.Groups["type"].Value), modifiers);
        if (PropertyText().Match(rest) is { Success: true } property)
        {
            string? indexer = modifiers is ["indexer", var name] ? name : null;
            return new ListedProperty(line, property.Groups["name"].Value, TypeName.Parse(property.Groups["type"].Value),
                Parameters(property.Groups["parameters"].Value), property.Groups["accessors"].Value, indexer, indexer is null ? modifiers : []);
        }
        if (MethodText().Match(rest) is { Success: true } method)
        {
            string result = method.Groups["result"].Value;
            return new ListedMethod(line, method.Groups["name"].Value, Split(method.Groups["generic"].Value), Parameters(method.Groups["parameters"].Value),
                result.Length == 0 ? null : TypeName.Parse(result), method.Groups["constraints"].Value, modifiers);
        }
        throw new FormatException($"no member: {line}");
    }

    private static List<ListedParameter> Parameters(string text) => [.. Split(text).Select(part =>
    {
        Match match = ParameterText().Match(part);
        return new ListedParameter(match.Groups["prefix"].Value.TrimEnd(), TypeName.Parse(match.Groups["type"].Value), match.Groups["name"].Value,
            match.Groups["default"].Success ? match.Groups["default"].Value : null);
    })];

    /// <summary>Splits at commas that stand outside brackets and quotes.</summary>
    public static List<string> Split(string text)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            else if (quoted) continue;
            else if (text[i] is '<' or '[' or '(') depth++;
            else if (text[i] is '>' or ']' or ')') depth--;
            else if (text[i] == ',' && depth == 0)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }
        if (text[start..].Trim() is { Length: > 0 } last) parts.Add(last);
        return parts;
    }

    [GeneratedRegex(@"^TYPE (?<kind>(static |sealed |abstract )?(class|struct|enum|interface|delegate)) (?<path>.+?) :(?<bases>.*?)(?<constraints>( where \w+ : .*)*)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@" \[(?<words>(indexer \w+)|((static|virtual|abstract|protected) ?)+)\]$")]
    private static partial Regex ModifierList();

    [GeneratedRegex(@"^(?<name>\w+) field (?<type>.+)$")]
    private static partial Regex FieldText();

    [GeneratedRegex(@"^(?<name>this|\w+)(\[(?<parameters>.*)\])? \{(?<accessors>[gset;]+)\} (?<type>.+)$")]
    private static partial Regex PropertyText();

    [GeneratedRegex(@"^(?<name>\.?\w+)(<(?<generic>[^(]*)>)?\((?<parameters>.*)\) ->( (?<result>.+?))?(?<constraints>( where \w+ : .*)*)$")]
    private static partial Regex MethodText();

    [GeneratedRegex("^(?<prefix>(this |params |out )*)(?<type>.+?) (?<name>\\w+)( = (?<default>.*))?$")]
    private static partial Regex ParameterText();
}
