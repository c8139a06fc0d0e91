using System.Reflection;

namespace TorchSharp.Managed.Tests.Surface;

/// <summary>
/// Whatever our assembly offers, TorchSharp 0.106 offers too: code that compiles against ours compiles against the real package.
/// </summary>
public class SurfaceTests
{
    private static readonly string listPath = Path.Combine(Repository.Root, "tests", "reference", "torchsharp-0.106-members.txt");
    private static readonly Member[] reference = [.. MemberList.Read(listPath)];
    private static readonly Assembly ours = Assembly.Load("TorchSharp");

    [Fact]
    public void Members_OfOurAssembly_AreAllInTheReferenceList()
    {
        var unknown = Unknown(MemberList.VisibleTypes(ours, "TorchSharp"));
        Assert.True(unknown.Count == 0, $"{unknown.Count} public members that TorchSharp 0.106 lacks:\n" + string.Join('\n', unknown));
    }

    [Fact]
    public void Types_OfOurAssembly_LieInANamespaceOfTorchSharp()
    {
        var strangers = ours.GetExportedTypes().Where(type => type.Namespace?.StartsWith("TorchSharp", StringComparison.Ordinal) != true).Select(type => type.FullName);
        Assert.Empty(strangers);
    }

    [Fact]
    public void Unknown_ForATypeWithForeignMembers_NamesEachOfThem()
    {
        var unknown = Unknown([typeof(Foreign.Sample)]);
        Assert.Contains(unknown, line => line.Contains("Foreign", StringComparison.Ordinal) && line.StartsWith("TYPE", StringComparison.Ordinal));
        Assert.Contains(unknown, line => line.Contains("Wrong(Int64 count = 3) -> Void", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("torch.no_grad() -> IDisposable [static]", "torch.no_grad() -> IDisposable", "static")]
    [InlineData("Modules.Flatten.forward(Tensor input) -> Tensor [virtual]", "Modules.Flatten.forward(Tensor input) -> Tensor", "virtual")]
    [InlineData("torch.Size.this[Int32 idx] {get;} Int64 [indexer Item]", "torch.Size.this[Int32 idx] {get;} Int64", null)]
    [InlineData("Modules.Rprop.State.prev field Tensor", "Modules.Rprop.State.prev field Tensor", null)]
    public void Parse_OfALine_SeparatesModifiers(string line, string signature, string? modifier)
    {
        Member member = MemberList.Parse(line);
        Assert.Equal(signature, member.Signature);
        Assert.Equal(modifier is null ? [] : [modifier], member.Modifiers);
    }

    /// <summary>Prefer subsets: a getter without its setter, or a sealed override of a virtual method, is still TorchSharp's.</summary>
    private static List<string> Unknown(IEnumerable<Type> types)
    {
        var known = reference.GroupBy(member => member.Signature).ToDictionary(group => group.Key, group => group.First().Modifiers);
        var typeLines = reference.Where(member => member.Signature.StartsWith("TYPE ", StringComparison.Ordinal)).Select(member => member.Signature[5..])
            .ToDictionary(line => line.Split(" :", 2)[0], line => line.Split(" :", 2)[1].Trim());
        var unknown = new List<string>();
        foreach (Type type in types)
        {
            string path = MemberList.PathOf(type), kind = MemberList.Kind(type);
            if (!typeLines.TryGetValue($"{kind} {path}", out string? bases)) { unknown.Add($"TYPE {kind} {path}"); }
            else
                unknown.AddRange(MemberList.Bases(type).Where(item => !ContainsBase(bases, item)).Select(item => $"TYPE {kind} {path} has the base {item}"));
            unknown.AddRange(MemberList.Members(type).Where(member => !IsKnown(known, member)).Select(member => member.ToString()));
        }
        unknown.Sort(StringComparer.Ordinal);
        return unknown;
    }

    private static bool ContainsBase(string bases, string item) => (", " + bases.Split(" where ")[0] + ",").Contains($", {item},", StringComparison.Ordinal);

    private static bool IsKnown(Dictionary<string, string[]> known, Member member) =>
        Spellings(member.Signature).Any(signature => known.TryGetValue(signature, out string[]? theirs) && Allows(theirs, member.Modifiers));

    private static IEnumerable<string> Spellings(string signature) =>
        signature.Contains(" {get;} ", StringComparison.Ordinal) ? [signature, signature.Replace(" {get;} ", " {get;set;} ")]
        : signature.Contains(" {set;} ", StringComparison.Ordinal) ? [signature, signature.Replace(" {set;} ", " {get;set;} ")]
        : [signature];

    private static bool Allows(string[] theirs, string[] ours)
    {
        bool theirsOverridable = theirs.Contains("virtual") || theirs.Contains("abstract"), oursOverridable = ours.Contains("virtual") || ours.Contains("abstract");
        return theirs.Contains("static") == ours.Contains("static")
            && (!theirs.Contains("protected") || ours.Contains("protected"))
            && (!oursOverridable || theirsOverridable);
    }
}
