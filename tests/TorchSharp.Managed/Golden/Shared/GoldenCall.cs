using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>
/// Operations called by the name of their case: every public overload to which the arguments fit, as a method of a tensor and as a
/// function of torch, torch.linalg, torch.special, torch.fft and torch.nn.functional, and the in-place variant where there is one.
/// </summary>
internal static class GoldenCall
{
    internal sealed record Overload(MethodInfo Method, bool InPlace, Func<Tensor[], object?[]> Arguments)
    {
        internal string Name => $"{Method.DeclaringType!.Name}.{Method.Name}";

        internal Tensor[] Call(Tensor[] x)
        {
            object?[] arguments = Arguments(x);
            if (InPlace)
                arguments[0] = ((Tensor)arguments[0]!).clone();
            object? self = null;
            if (!Method.IsStatic)
                (self, arguments) = (arguments[0], arguments[1..]);
            object? result = Method.Invoke(self, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            return result switch
            {
                Tensor one => [one],
                IEnumerable<Tensor> many => [.. many],
                bool flag => [tensor(flag)],
                ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => (Tensor)tuple[i]!)],
                _ => throw new NotSupportedException($"{Method} returned {result?.GetType()}"),
            };
        }

        public override string ToString() => $"{Name}({string.Join(", ", Method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";
    }

    internal static readonly Type[] Holders = [typeof(Tensor), typeof(torch), typeof(linalg), typeof(special), typeof(nn.functional)];

    private static readonly ILookup<string, MethodInfo> Methods = Holders.SelectMany(holder => holder.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => !method.IsGenericMethodDefinition && !method.IsSpecialName).ToLookup(method => method.Name);

    /// <summary>Who offers an operation: a prefix excludes the others where two share a name and not a meaning.</summary>
    private static bool Offers(string op, Type holder) => op.Split('.') switch
    {
        ["linalg", _] => holder == typeof(linalg),
        ["function", _] => holder == typeof(torch),
        ["Tensor", _] => holder == typeof(Tensor),
        ["F", "unfold"] => holder == typeof(nn.functional),
        ["torch", _] => holder == typeof(torch) || holder == typeof(Tensor),
        _ => true,
    };

    internal static List<Overload> Overloads(GoldenCase item)
    {
        var found = new List<Overload>();
        string name = item.Op.Split('.')[^1];
        bool inPlace = item.Inputs() is [var self, ..] && item.Outputs() is [var result] && self.shape.SequenceEqual(result.shape) && (self.dtype == result.dtype || result.dtype == ScalarType.Bool);
        foreach (var method in Methods[name].Where(method => Offers(item.Op, method.DeclaringType!)))
        {
            if (Bind(method, item) is not { } arguments)
                continue;
            found.Add(new Overload(method, name[^1] == '_', arguments));
            if (inPlace && InPlaceOf(method) is { } twin)
                found.Add(new Overload(twin, true, arguments));
        }
        return found;
    }

    private static MethodInfo? InPlaceOf(MethodInfo method) => Methods[method.Name + "_"].FirstOrDefault(other => other.IsStatic == method.IsStatic && other.DeclaringType == method.DeclaringType
        && other.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(method.GetParameters().Select(parameter => parameter.ParameterType)));

    /// <summary>The arguments that a method receives, or null when they do not fit it. The first one of an instance method is the tensor itself.</summary>
    private static Func<Tensor[], object?[]>? Bind(MethodInfo method, GoldenCase item)
    {
        var parameters = method.GetParameters();
        List<Func<Tensor[], object?>> values = [];
        int first = method.IsStatic ? 0 : 1;
        if (item.Call.Count < first || item.Call.Count > parameters.Length + first)
            return null;
        for (int i = 0; i < first + parameters.Length; i++)
        {
            var type = i < first ? typeof(Tensor) : parameters[i - first].ParameterType;
            if (type.IsByRefLike)
                return null;
            if (i < item.Call.Count)
            {
                if (Value(item.Call[i], type) is not { } value)
                    return null;
                values.Add(value);
            }
            else if (parameters[i - first].HasDefaultValue)
            {
                object? usual = parameters[i - first].DefaultValue;
                values.Add(_ => usual);
            }
            else if (parameters[i - first].IsDefined(typeof(ParamArrayAttribute)))
                values.Add(_ => Array.CreateInstance(type.GetElementType()!, 0));
            else
                return null;
        }
        return x => [.. values.Select(value => value(x))];
    }

    private static Func<Tensor[], object?>? Value(JsonElement json, Type given)
    {
        var type = Nullable.GetUnderlyingType(given) ?? given;
        switch (json.ValueKind)
        {
            case JsonValueKind.String when json.GetString() == "$*":
                return type.IsAssignableFrom(typeof(Tensor[])) ? x => x : null;
            case JsonValueKind.String when json.GetString()![0] == '$':
                int index = json.GetString()![1] - '0';
                return type == typeof(Tensor) ? x => x[index] : null;
            case JsonValueKind.String:
                string text = json.GetString()!;
                if (Enum.IsDefined(typeof(ScalarType), text) && type != typeof(ScalarType))
                    return null;
                if (type.IsEnum)
                    return Enum.TryParse(type, text, out object? member) ? _ => member : null;
                return type == typeof(string) ? _ => text : null;
            case JsonValueKind.True or JsonValueKind.False:
                bool flag = json.GetBoolean();
                return type == typeof(bool) ? _ => flag : null;
            case JsonValueKind.Null:
                return type.IsValueType && Nullable.GetUnderlyingType(given) is null ? null : _ => null;
            case JsonValueKind.Number:
                return Number(json, type) is { } number ? _ => number : null;
            case JsonValueKind.Array:
                return Numbers([.. json.EnumerateArray()], type) is { } list ? _ => list : null;
            default:
                return null;
        }
    }

    private static object? Number(JsonElement json, Type type)
    {
        bool whole = json.TryGetInt64(out long integer) && !json.GetRawText().Contains('.', StringComparison.Ordinal);
        if (type == typeof(Scalar))
            return whole ? (Scalar)integer : (Scalar)json.GetDouble();
        if (type == typeof(double))
            return json.GetDouble();
        if (type == typeof(float))
            return json.GetSingle();
        if (!whole)
            return null;
        return type == typeof(long) ? integer : type == typeof(int) ? (int)integer : null;
    }

    private static object? Numbers(JsonElement[] items, Type type)
    {
        if (type.IsAssignableFrom(typeof(long[])) && items.All(item => item.TryGetInt64(out _)))
            return Array.ConvertAll(items, item => item.GetInt64());
        if (type.IsAssignableFrom(typeof(double[])))
            return Array.ConvertAll(items, item => item.GetDouble());
        if (!type.IsAssignableTo(typeof(ITuple)) || type.GetGenericArguments().Length != items.Length)
            return null;
        object?[] parts = [.. items.Zip(type.GetGenericArguments(), Number)];
        return parts.Contains(null) ? null : Activator.CreateInstance(type, parts);
    }
}
