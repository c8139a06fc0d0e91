using System.Reflection;

namespace Course.Session.Child;

/// <summary>Objects of one type within reach of others, through their fields and the items of their arrays.</summary>
internal static class Reachable
{
    /// <summary>Beyond so many objects the search ends: what it has not found counts as out of reach.</summary>
    private const int Most = 2_000_000;

    private static readonly Dictionary<Type, FieldInfo[]> Known = [];

    public static HashSet<object> Of(IEnumerable<object> roots, Type wanted)
    {
        HashSet<object> found = new(ReferenceEqualityComparer.Instance), seen = new(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<object>();
        foreach (object root in roots)
        {
            waiting.Push(root);
            // Classes that a cell declared have fields of their own.
            foreach (var field in root.GetType().GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(type => !type.ContainsGenericParameters)
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)).Where(field => !field.IsLiteral && Leads(field.FieldType)))
                if (field.GetValue(null) is { } value)
                    waiting.Push(value);
        }
        while (waiting.TryPop(out object? next) && seen.Count < Most)
        {
            if (!Leads(next.GetType()) || !seen.Add(next))
                continue;
            if (wanted.IsInstanceOfType(next))
                found.Add(next);
            if (next is Array array)
            {
                if (Leads(array.GetType().GetElementType()!))
                    foreach (object? item in array)
                        if (item is not null)
                            waiting.Push(item);
                continue;
            }
            foreach (var field in FieldsOf(next.GetType()))
                if (field.GetValue(next) is { } value)
                    waiting.Push(value);
        }
        return found;
    }

    private static FieldInfo[] FieldsOf(Type type)
    {
        if (!Known.TryGetValue(type, out var fields))
        {
            var all = new List<FieldInfo>();
            for (var of = type; of is not null; of = of.BaseType)
                all.AddRange(of.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(field => Leads(field.FieldType)));
            Known[type] = fields = [.. all];
        }
        return fields;
    }

    /// <summary>Whether an object of this type can hold one of a cell's; the runtime's own inner parts are left alone.</summary>
    private static bool Leads(Type type) => !type.IsPrimitive && !type.IsEnum && !type.IsPointer && !type.IsByRefLike && type != typeof(string) && type != typeof(decimal)
        && !typeof(MemberInfo).IsAssignableFrom(type) && type.Namespace is not ("System.Reflection" or "System.Reflection.Emit" or "System.Threading" or "System.Globalization" or "System.Runtime.CompilerServices");
}
