using System.Reflection;

namespace TorchSharp.Managed.Tests.Surface;

/// <summary>
/// Looks in a type of ours for what code could use and the real type does not have, or not in this way. Less than the real one is
/// allowed (a getter without its setter, a sealed override of a virtual method), unless code that derives from the type must know it.
/// </summary>
internal static class Comparison
{
    public static IEnumerable<string> Differences(Type ours, Type? theirs)
    {
        string path = Spelling.Path(ours);
        if (theirs is null)
            return [$"{path}: the real package has no such type"];
        if (Declaration(ours) != Declaration(theirs))
            return [$"{path}: ours is a {Declaration(ours)}, the real one a {Declaration(theirs)}"];
        string[] bases = [.. Member.BasesOf(theirs).Concat(theirs.GetInterfaces()).Select(type => Spelling.Of(type))];
        return
        [
            .. Bases(ours).Where(item => !bases.Contains(item)).Select(item => $"{path}: the real one is no {item}"),
            .. Members(path, ours, theirs),
        ];
    }

    private static IEnumerable<string> Members(string path, Type ours, Type theirs)
    {
        var real = Member.Of(theirs).ToDictionary(item => item.Member.Identity, item => item.Member);
        var own = Member.Of(ours).Where(item => item.Origin.Assembly == ours.Assembly).ToDictionary(item => item.Member.Identity, item => item.Member);
        foreach (var member in own.Values)
            if (!real.TryGetValue(member.Identity, out var counterpart))
                yield return $"{path}: {member}\n    is not in the real package";
            else if (!Allows(counterpart, member, IsOpen(ours)))
                yield return $"{path}: {member}\n    is {counterpart} in the real package";
        foreach (var open in real.Values.Where(member => member.Rights.Contains("abstract") && IsOpen(ours) && !own.ContainsKey(member.Identity)))
            yield return $"{path}: {open}\n    must be implemented with the real package, and ours does not have it";
    }

    /// <summary>Whether code of others can derive from the type or implement it.</summary>
    private static bool IsOpen(Type type) =>
        type.IsInterface || !type.IsSealed && type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Any(item => item.IsPublic || item.IsFamily || item.IsFamilyOrAssembly);

    private static bool Allows(Member theirs, Member ours, bool open) =>
        ours.Text == theirs.Text
        && ours.Rights.All(right => right == "abstract" || theirs.Rights.Contains(right) || theirs.Rights.Contains(right.Replace("protected", "public")))
        && theirs.Rights.All(right => !(right == "static" || right == "abstract" && open) || ours.Rights.Contains(right));

    private static IEnumerable<string> Bases(Type type) =>
        Member.BasesOf(type).Concat(type.GetInterfaces()).Where(item => item.IsPublic || item.IsNestedPublic).Select(item => Spelling.Of(item)).Where(name => name is not ("Object" or "ValueType" or "Enum"));

    private static string Declaration(Type type)
    {
        string kind = type.IsEnum ? "enum of " + type.GetEnumUnderlyingType().Name : type.IsInterface ? "interface" : type.BaseType?.Name == "MulticastDelegate" ? "delegate"
            : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        return kind + Spelling.Constraints(type.GetGenericArguments());
    }
}
