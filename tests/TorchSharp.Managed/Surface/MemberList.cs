using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace TorchSharp.Managed.Tests.Surface;

/// <summary>One line of the reference list: a type or a member, its text without modifiers, and its modifiers.</summary>
public sealed record Member(string Signature, string[] Modifiers)
{
    public override string ToString() => Modifiers.Length == 0 ? Signature : $"{Signature} [{string.Join(' ', Modifiers)}]";
}

/// <summary>Reads the reference list, and renders the public and protected members of an assembly in the same notation.</summary>
public static class MemberList
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly string[] modifiers = ["static", "virtual", "abstract", "protected"];

    public static IEnumerable<Member> Read(string path) =>
        File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#').Select(Parse);

    public static Member Parse(string line)
    {
        int open = line.LastIndexOf(" [", StringComparison.Ordinal);
        if (open < 0 || line[^1] != ']') return new(line.TrimEnd(), []);
        string[] words = line[(open + 2)..^1].Split(' ');
        if (words[0] == "indexer") return new(line[..open].TrimEnd(), []);
        return words.All(modifiers.Contains) ? new(line[..open].TrimEnd(), words) : new(line.TrimEnd(), []);
    }

    /// <summary>All types of an assembly that other assemblies can see, with the namespaces below <paramref name="root"/>.</summary>
    public static IEnumerable<Type> VisibleTypes(Assembly assembly, string root) =>
        assembly.GetTypes().Where(type => IsVisible(type) && (type.Namespace == root || type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) == true));

    private static bool IsVisible(Type type) =>
        type.DeclaringType is { } outer ? IsVisible(outer) && (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) : type.IsPublic;

    public static string Kind(Type type)
    {
        if (type.IsEnum) return "enum";
        if (type.IsInterface) return "interface";
        if (type.IsSubclassOf(typeof(Delegate))) return "delegate";
        if (type.IsValueType) return "struct";
        return type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
    }

    /// <summary>Base class (unless it is object or implied by the kind) and all interfaces, as the list writes them.</summary>
    public static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum) yield break;
        if (type.BaseType is { } parent && parent != typeof(object)) yield return Name(parent);
        foreach (Type item in type.GetInterfaces().Where(item => item.IsPublic || item.IsNestedPublic)) yield return Name(item);
    }

    /// <param name="overrides">Also members that override one of a base, which add nothing to what the base offers.</param>
    public static IEnumerable<Member> Members(Type type, bool overrides = false)
    {
        string path = PathOf(type);
        if (type.IsSubclassOf(typeof(Delegate))) yield break;
        if (type.IsEnum)
        {
            foreach (string name in type.GetEnumNames())
                yield return new($"{path}.{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}", []);
            yield break;
        }
        foreach (ConstructorInfo item in type.GetConstructors(Declared).Where(item => !item.IsStatic && Seen(item)))
            yield return new($"{path}..ctor({Parameters(item.GetParameters(), false)}) ->", Modifiers(item));
        foreach (FieldInfo item in type.GetFields(Declared).Where(item => item.IsPublic || item.IsFamily || item.IsFamilyOrAssembly))
            yield return new($"{path}.{item.Name} field {Name(item.FieldType)}", item.IsStatic ? ["static"] : []);
        foreach (PropertyInfo item in type.GetProperties(Declared))
            if (Property(path, item, overrides) is { } property) yield return property;
        foreach (MethodInfo item in type.GetMethods(Declared).Where(item => Seen(item) && (!item.IsSpecialName || item.Name.StartsWith("op_", StringComparison.Ordinal))))
            if (overrides || !IsListedByBase(item)) yield return new(Method(path, item), Modifiers(item));
    }

    private static Member? Property(string path, PropertyInfo item, bool overrides)
    {
        MethodInfo? get = item.GetMethod is { } g && Seen(g) ? g : null, set = item.SetMethod is { } s && Seen(s) ? s : null;
        if ((get ?? set) is not { } accessor || !overrides && IsListedByBase(accessor)) return null;
        ParameterInfo[] index = item.GetIndexParameters();
        string name = index.Length > 0 ? $"this[{Parameters(index, false)}]" : item.Name;
        string accessors = (get is null ? "" : "get;") + (set is null ? "" : "set;");
        return new($"{path}.{name} {{{accessors}}} {Name(item.PropertyType)}", accessor.IsStatic ? ["static"] : []);
    }

    private static string Method(string path, MethodInfo item)
    {
        string generic = "", constraints = "";
        if (item.IsGenericMethodDefinition)
        {
            generic = "<" + string.Join(", ", item.GetGenericArguments().Select(Name)) + ">";
            constraints = Constraints(item.GetGenericArguments());
        }
        bool extension = item.IsDefined(typeof(ExtensionAttribute), false);
        return $"{path}.{item.Name}{generic}({Parameters(item.GetParameters(), extension)}) -> {Name(item.ReturnType)}{constraints}";
    }

    public static string Constraints(Type[] arguments) => string.Concat(arguments.Select(argument =>
    {
        GenericParameterAttributes special = argument.GenericParameterAttributes;
        var parts = new List<string>();
        if (special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)) parts.Add("struct");
        else
        {
            if (special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) parts.Add("class");
            parts.AddRange(argument.GetGenericParameterConstraints().Select(Name));
            if (special.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)) parts.Add("new()");
        }
        return parts.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }));

    /// <summary>An override adds nothing that its base does not already offer.</summary>
    private static bool IsListedByBase(MethodInfo method) => method.IsVirtual && method.GetBaseDefinition().DeclaringType != method.DeclaringType;

    private static bool Seen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string[] Modifiers(MethodBase method)
    {
        var list = new List<string>();
        if (!method.IsPublic) list.Add("protected");
        if (method.IsStatic) list.Add("static");
        else if (method.IsAbstract) list.Add("abstract");
        else if (method.IsVirtual && !method.IsFinal) list.Add("virtual");
        return [.. list];
    }

    private static string Parameters(ParameterInfo[] parameters, bool extension) => string.Join(", ", parameters.Select((parameter, i) =>
    {
        string prefix = extension && i == 0 ? "this " : parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : parameter.IsOut ? "out " : "";
        string value = parameter.HasDefaultValue ? " = " + Default(parameter) : "";
        return $"{prefix}{Name(parameter.ParameterType)} {parameter.Name}{value}";
    }));

    private static string Default(ParameterInfo parameter)
    {
        object? value = parameter.DefaultValue;
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (value is null) return "null";
        if (type.IsEnum) return Enum.ToObject(type, value).ToString()!;
        return value is string text ? $"\"{text}\"" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }

    /// <summary>Full path of a type: namespace below TorchSharp, outer types, name with its own type parameters.</summary>
    public static string PathOf(Type type)
    {
        string own = Simple(type);
        Type[] all = type.GetGenericArguments();
        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        if (all.Length > inherited) own += "<" + string.Join(", ", all.Skip(inherited).Select(Name)) + ">";
        if (type.DeclaringType is { } outer) return $"{PathOf(outer)}.{own}";
        return type.Namespace == "TorchSharp" ? own : $"{type.Namespace!["TorchSharp.".Length..]}.{own}";
    }

    /// <summary>A type as it appears within a signature: short name, arguments, Nullable as "?".</summary>
    public static string Name(Type type)
    {
        if (type.IsByRef) return "ref " + Name(type.GetElementType()!);
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        return type.IsGenericType ? $"{Simple(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : Simple(type);
    }

    private static string Simple(Type type) => type.Name.Split('`')[0];
}
