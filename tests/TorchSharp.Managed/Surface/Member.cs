using System.Globalization;
using System.Reflection;

namespace TorchSharp.Managed.Tests.Surface;

/// <summary>A public or protected member as code that uses it depends on it.</summary>
/// <param name="Identity">Name and parameter types: what tells it from other members of its type.</param>
/// <param name="Text">How it is declared: parameter names, defaults, types, names of tuple elements, constraints.</param>
/// <param name="Rights">static, abstract, overridable; public, get, set, or the same with "protected".</param>
internal sealed record Member(string Identity, string Text, string[] Rights)
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public override string ToString() => $"{Text} [{string.Join(' ', Rights)}]";

    /// <summary>What code can use of a type: its own members and those of its bases, the most derived declaration of each.</summary>
    public static IEnumerable<(Member Member, Type Origin)> Of(Type type)
    {
        var seen = new HashSet<string>();
        foreach (var origin in BasesOf(type).Prepend(type))
            foreach (var member in DeclaredBy(origin, constructors: origin == type))
                if (seen.Add(member.Identity))
                    yield return (type.IsSealed ? member with { Rights = [.. member.Rights.Except(["overridable"])] } : member, origin);
    }

    public static IEnumerable<Type> BasesOf(Type type)
    {
        for (var item = type.BaseType; item is not null; item = item.BaseType)
            yield return item;
        if (type.IsInterface)
            foreach (var item in type.GetInterfaces())
                yield return item;
    }

    private static IEnumerable<Member> DeclaredBy(Type type, bool constructors)
    {
        if (type.IsEnum)
        {
            foreach (var item in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                yield return new(item.Name, $"{item.Name} = {Convert.ToInt64(item.GetRawConstantValue(), CultureInfo.InvariantCulture)}", ["public"]);
            yield break;
        }
        if (constructors)
            foreach (var item in type.GetConstructors(Declared).Where(item => !item.IsStatic && Access(item) is not null && !IsForbidden(item)))
                yield return new($".ctor({Types(item.GetParameters())})", $"new({Spelling.Of(item.GetParameters())})", RightsOf(item));
        foreach (var item in type.GetFields(Declared).Where(item => item.IsPublic || item.IsFamily || item.IsFamilyOrAssembly))
            yield return new(item.Name, $"{Spelling.Of(item.FieldType, item)} {item.Name}", [item.IsPublic ? "public" : "protected", .. item.IsStatic ? (string[])["static"] : []]);
        foreach (var item in type.GetProperties(Declared))
            if (Property(item) is { } property)
                yield return property;
        foreach (var item in type.GetMethods(Declared).Where(IsUsable))
        {
            string generic = item.IsGenericMethodDefinition ? $"<{string.Join(", ", item.GetGenericArguments().Select(argument => argument.Name))}>" : "";
            bool extension = Spelling.Has(item, "ExtensionAttribute");
            string result = Spelling.Of(item.ReturnType, item.ReturnParameter), conversion = item.Name is "op_Implicit" or "op_Explicit" ? result : "";
            yield return new($"{item.Name}{generic}({Types(item.GetParameters())}){conversion}",
                $"{result} {item.Name}{generic}({(extension ? "this " : "")}{Spelling.Of(item.GetParameters())}){(generic.Length > 0 ? Spelling.Constraints(item.GetGenericArguments()) : "")}", RightsOf(item));
        }
    }

    private static bool IsUsable(MethodInfo item) =>
        Access(item) is not null && item.Name != "Finalize" && item.Name[0] != '<' && !IsForbidden(item) && (!item.IsSpecialName || item.Name.StartsWith("op_", StringComparison.Ordinal));

    private static Member? Property(PropertyInfo item)
    {
        string? get = item.GetMethod is { } getter ? Access(getter) : null, set = item.SetMethod is { } setter ? Access(setter) : null;
        if (get is null && set is null || IsForbidden(item))
            return null;
        string name = item.GetIndexParameters() is { Length: > 0 } index ? $"this[{Spelling.Of(index)}]" : item.Name;
        string[] accessors = [.. get is null ? (string[])[] : [get + " get"], .. set is null ? (string[])[] : [set + " set"]];
        return new(item.GetIndexParameters() is { Length: > 0 } by ? $"this[{Types(by)}]" : name, $"{Spelling.Of(item.PropertyType, item)} {name}",
            [.. accessors, .. Inheritance((get is null ? item.SetMethod : item.GetMethod)!)]);
    }

    /// <summary>Whatever the compiler refuses to use is no member.</summary>
    private static bool IsForbidden(MemberInfo item) =>
        item.GetCustomAttributesData().Any(data => data.AttributeType.Name == "ObsoleteAttribute" && data.ConstructorArguments is [_, { Value: true }]);

    private static string? Access(MethodBase method) => method.IsPublic ? "public" : method.IsFamily || method.IsFamilyOrAssembly ? "protected" : null;

    private static string[] RightsOf(MethodBase method) => [Access(method)!, .. Inheritance(method)];

    private static string[] Inheritance(MethodBase method) =>
        method.IsStatic ? ["static"] : method.IsAbstract ? ["abstract", "overridable"] : method.IsVirtual && !method.IsFinal ? ["overridable"] : [];

    private static string Types(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter => Spelling.Of(parameter.ParameterType)));
}
