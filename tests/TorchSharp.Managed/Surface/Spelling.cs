using System.Globalization;
using System.Reflection;

namespace TorchSharp.Managed.Tests.Surface;

/// <summary>Types and parameters as C# declares them; read by name only, so that it works on assemblies that are not loaded to run.</summary>
internal static class Spelling
{
    public static bool Has(MemberInfo item, string attribute) => item.GetCustomAttributesData().Any(data => data.AttributeType.Name == attribute);

    public static string Simple(Type type) => type.Name.Split('`')[0];

    /// <summary>Outer types, name, and type parameters of its own.</summary>
    public static string Path(Type type)
    {
        string own = Simple(type);
        string[] arguments = [.. type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).Select(argument => argument.Name)];
        if (arguments.Length > 0)
            own += $"<{string.Join(", ", arguments)}>";
        return type.DeclaringType is { } outer ? $"{Path(outer)}.{own}" : $"{type.Namespace}.{own}";
    }

    public static string Of(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
    {
        string[] attributes = [.. parameter.GetCustomAttributesData().Select(data => data.AttributeType.Name)];
        string prefix = attributes.Contains("ParamArrayAttribute") ? "params " : !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        return $"{prefix}{Of(parameter.ParameterType, parameter)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "")}";
    }));

    /// <summary>A type with the names of its tuples' elements, which an attribute of the member or parameter lists in the order of reading.</summary>
    public static string Of(Type type, ICustomAttributeProvider? holder = null)
    {
        var attributes = holder switch { MemberInfo member => member.GetCustomAttributesData(), ParameterInfo parameter => parameter.GetCustomAttributesData(), _ => [] };
        var names = attributes.FirstOrDefault(data => data.AttributeType.Name == "TupleElementNamesAttribute")?.ConstructorArguments[0].Value as IEnumerable<CustomAttributeTypedArgument>;
        return Of(type, new Queue<string?>(names?.Select(name => (string?)name.Value) ?? []));
    }

    private static string Of(Type type, Queue<string?> names)
    {
        if (type.IsByRef || type.IsPointer)
            return Of(type.GetElementType()!, names) + (type.IsPointer ? "*" : "");
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, names)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (!type.IsGenericType)
            return Simple(type);
        var arguments = type.GetGenericArguments();
        if (Simple(type) == "Nullable")
            return Of(arguments[0], names) + "?";
        if (Simple(type) != "ValueTuple")
            return $"{Simple(type)}<{string.Join(", ", arguments.Select(argument => Of(argument, names)))}>";
        string?[] own = [.. arguments.Select(_ => names.Count > 0 ? names.Dequeue() : null)];
        return $"({string.Join(", ", arguments.Select((argument, i) => $"{Of(argument, names)} {own[i]}".TrimEnd()))})";
    }

    public static string Constraints(Type[] arguments) => string.Concat(arguments.Select(argument =>
    {
        var special = argument.GenericParameterAttributes;
        string[] parts =
        [
            .. special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint) ? ["struct"] : special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : (string[])[],
            .. argument.GetCustomAttributesData().Any(data => data.AttributeType.Name == "IsUnmanagedAttribute") ? ["unmanaged"] : (string[])[],
            .. argument.GetGenericParameterConstraints().Where(type => type.Name != "ValueType").Select(type => Of(type)).Order(StringComparer.Ordinal),
            .. special.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint) ? ["new()"] : (string[])[],
        ];
        return parts.Length == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }));

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
