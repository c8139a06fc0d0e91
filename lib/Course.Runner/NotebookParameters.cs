using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Notebooks;
using Course.Session.Child.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Course.Runner;

/// <summary>
/// The parameters of a notebook, by papermill's conventions: the cell tagged <c>parameters</c> declares variables with their defaults;
/// values that a run gives follow in a cell tagged <c>injected-parameters</c> and are recorded in the metadata <c>papermill</c>.
/// </summary>
public static class NotebookParameters
{
    /// <summary>What the notebook's parameters cell declares; empty without such a cell.</summary>
    public static IReadOnlyList<NotebookParameter> Of(Notebook notebook)
    {
        if (DeclaringCell(notebook) is not { } cell)
            return [];
        var tree = Submissions.Parse(cell.Source, "parameters");
        var compilation = Submissions.Compilation("parameters", tree, "Parameters", null, [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);
        var model = compilation.GetSemanticModel(tree);
        return
        [
            .. ((CompilationUnitSyntax)tree.GetRoot()).Members.OfType<FieldDeclarationSyntax>()
                .SelectMany(field => field.Declaration.Variables.Select(variable => (IFieldSymbol)model.GetDeclaredSymbol(variable)!))
                .Select(field => new NotebookParameter(field.Name, field.Type, field.IsConst || field.IsReadOnly)),
        ];
    }

    /// <summary>Notebooks of several languages carry the tag on cells of others too.</summary>
    private static NotebookCell? DeclaringCell(Notebook notebook) =>
        notebook.Cells.FirstOrDefault(c => c.IsCode && c.Language == "csharp" && c.HasTag(CellTags.Parameters));

    /// <summary>Refuses what no notebook declares and values that do not fit, before anything runs.</summary>
    /// <exception cref="ParameterException">Names the parameter, the nearest known one or what was expected.</exception>
    public static void Check(IEnumerable<Notebook> notebooks, IReadOnlyDictionary<string, string> given)
    {
        var declared = notebooks.SelectMany(Of).ToList();
        foreach (var (name, value) in given)
        {
            var same = declared.Where(p => p.Name == name).ToList();
            if (same.Count == 0)
                throw new ParameterException(declared.Count == 0
                    ? $"there is no parameter '{name}': no notebook of this run has a cell tagged {CellTags.Parameters}"
                    : $"there is no parameter '{name}'; the nearest is '{declared.MinBy(p => Distance(p.Name, name))!.Name}', known are {string.Join(", ", declared.Select(p => p.Name).Distinct().Order(StringComparer.Ordinal))}");
            foreach (var parameter in same)
                parameter.Literal(value);
        }
    }

    /// <summary>Gives a notebook the values of the parameters that it declares. Returns them; empty when it declares none of them.</summary>
    /// <exception cref="ParameterException">A value does not fit its parameter's type.</exception>
    public static JsonObject Inject(Notebook notebook, IReadOnlyDictionary<string, string> given)
    {
        var values = new JsonObject();
        var lines = new List<string> { "// Parameters" };
        foreach (var parameter in Of(notebook).Where(p => given.ContainsKey(p.Name)))
        {
            var (code, json) = parameter.Literal(given[parameter.Name]);
            values[parameter.Name] = json;
            // An assignment keeps the one variable that functions of the parameters cell see; what is constant is hidden by another.
            lines.Add($"{(parameter.IsConstant ? parameter.TypeName + " " : "")}{parameter.Name} = {code};");
        }
        if (values.Count == 0)
            return values;
        notebook.InsertBehind(DeclaringCell(notebook)!, string.Join('\n', lines), CellTags.InjectedParameters);
        var record = NotebookCell.GetOrAdd(notebook.Metadata, "papermill", () => new JsonObject());
        record["parameters"] = values.DeepClone();
        record["input_path"] = Path.GetFileName(notebook.Path);
        return values;
    }

    /// <summary>Parameters from a JSON file with one object: its texts as they are, everything else as JSON.</summary>
    /// <exception cref="ParameterException">The file cannot be read or holds something else.</exception>
    public static IReadOnlyDictionary<string, string> ReadFile(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject values
                ? values.ToDictionary(v => v.Key, v => v.Value?.GetValueKind() == JsonValueKind.String ? (string)v.Value! : v.Value?.ToJsonString() ?? "null")
                : throw new ParameterException($"{path} holds no JSON object; expected {{\"name\": value, …}}");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            throw new ParameterException($"{path} cannot be read as JSON: {e.Message}");
        }
    }

    /// <summary>Levenshtein's distance, letters alike in both cases.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (int j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1)));
        }
        return row[^1];
    }
}

/// <summary>A variable that a parameters cell declares.</summary>
public sealed class NotebookParameter
{
    private readonly ITypeSymbol _type;

    internal NotebookParameter(string name, ITypeSymbol type, bool isConstant) => (Name, _type, IsConstant) = (name, type, isConstant);

    public string Name { get; }

    public bool IsConstant { get; }

    public string TypeName => _type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>A value as C# code of the parameter's type, and as the report keeps it.</summary>
    /// <exception cref="ParameterException">It does not fit.</exception>
    public (string Code, JsonNode? Json) Literal(string value) =>
        Literal(value, _type) ?? throw new ParameterException($"the parameter '{Name}' takes {Kind(_type)}, not '{value}'");

    private static (string Code, JsonNode? Json)? Literal(string text, ITypeSymbol type)
    {
        var invariant = CultureInfo.InvariantCulture;
        const NumberStyles whole = NumberStyles.AllowLeadingSign;
        return type.SpecialType switch
        {
            SpecialType.System_String => (SymbolDisplay.FormatLiteral(text, quote: true), text),
            SpecialType.System_Boolean => bool.TryParse(text, out bool truth) ? (truth ? "true" : "false", truth) : null,
            SpecialType.System_Int32 => int.TryParse(text, whole, invariant, out int number) ? (number.ToString(invariant), number) : null,
            SpecialType.System_Int64 => long.TryParse(text, whole, invariant, out long number) ? (number.ToString(invariant) + "L", number) : null,
            SpecialType.System_UInt64 => ulong.TryParse(text, whole, invariant, out ulong number) ? (number.ToString(invariant) + "UL", number) : null,
            SpecialType.System_Double => double.TryParse(text, NumberStyles.Float, invariant, out double number) && double.IsFinite(number) ? (number.ToString("R", invariant) + "d", number) : null,
            SpecialType.System_Single => float.TryParse(text, NumberStyles.Float, invariant, out float number) && float.IsFinite(number) ? (number.ToString("R", invariant) + "f", number) : null,
            SpecialType.System_Decimal => decimal.TryParse(text, NumberStyles.Float, invariant, out decimal number) ? (number.ToString(invariant) + "m", number) : null,
            _ when type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var inner] } =>
                text == "null" ? ("null", null) : Literal(text, inner),
            _ when ElementOf(type) is { } element => List(text, element),
            _ => null,
        };
    }

    private static (string, JsonNode?)? List(string text, ITypeSymbol element)
    {
        try
        {
            if (JsonNode.Parse(text) is not JsonArray items)
                return null;
            var literals = items.Select(i => Literal(i?.GetValueKind() == JsonValueKind.String ? (string)i! : i?.ToJsonString() ?? "null", element)).ToArray();
            return literals.Any(l => l is null) ? null
                : ($"[{string.Join(", ", literals.Select(l => l!.Value.Code))}]", new JsonArray([.. literals.Select(l => l!.Value.Json)]));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Of an array, a list or another sequence of one type.</summary>
    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var element], Name: "List" or "IReadOnlyList" or "IList" or "IEnumerable" } => element,
        _ => null,
    };

    private static string Kind(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean => "true or false",
        SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_UInt64 => $"a whole number ({type.ToDisplayString()})",
        SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal => $"a number ({type.ToDisplayString()})",
        _ when type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var inner] } => Kind(inner) + " or null",
        _ when ElementOf(type) is { } element => $"a JSON list, each of it {Kind(element)}",
        SpecialType.System_String => "a text",
        _ => $"no value from outside: its type {type.ToDisplayString()} is neither text, number, truth nor a list of those",
    };
}

/// <summary>A parameter cannot be given; the message says which and what to give instead.</summary>
public sealed class ParameterException(string message) : Exception(message);
