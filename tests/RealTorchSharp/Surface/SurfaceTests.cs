using System.Reflection;
using System.Runtime.Loader;
using TorchSharp.Managed.Tests.Surface;

namespace RealTorchSharp.Tests.Surface;

/// <summary>The generated assembly is the list, no more and no less.</summary>
public class SurfaceTests(ITestOutputHelper output)
{
    private static readonly RealAssembly real = RealAssembly.Instance;

    [Fact]
    public void Declarations_OfTheList_Compile() =>
        Assert.True(real.Errors.Count == 0, $"{real.Errors.Count} errors\n" + string.Join('\n', real.Errors.Take(60)));

    [Fact]
    public void Declarations_OfTheList_LeaveOutOneMemberWhoseTypeIsNotPublic()
    {
        output.WriteLine($"{real.Written.Count} of {real.Written.Count + real.LeftOut.Count} listed types and members are declared");
        (string line, string reason) = Assert.Single(real.LeftOut);
        Assert.Equal("Data.DataIterator.handle field HType", line);
        Assert.Contains("HType", reason, StringComparison.Ordinal);
    }

    /// <summary>Reads the generated assembly by reflection, as the list was read from the real one, and compares line by line.</summary>
    [Fact]
    public void GeneratedAssembly_ReadByReflection_GivesTheListAgain()
    {
        var context = new AssemblyLoadContext("reference", isCollectible: true);
        try
        {
            Assembly assembly = context.LoadFromStream(new MemoryStream(real.Image));
            var generated = MemberList.VisibleTypes(assembly, "TorchSharp").SelectMany(type => MemberList.Members(type, overrides: true)
                .Select(member => member.Signature).Append($"TYPE {MemberList.Kind(type)} {MemberList.PathOf(type)}")).ToHashSet();
            string[] listed = [.. real.Written.Select(line => MemberList.Parse(line).Signature).Select(line => line.StartsWith("TYPE ", StringComparison.Ordinal) ? line.Split(" :")[0] : line)];
            string[] missing = [.. listed.Where(line => !generated.Contains(line))];
            string[] added = [.. generated.Except(listed)];
            output.WriteLine($"{listed.Length} lines, {missing.Length} not generated as listed, {added.Length} not in the list");
            Assert.True(missing.Length == 0, $"{missing.Length} listed lines are not generated as listed:\n" + string.Join('\n', missing.Take(80)));
            Assert.True(added.Length == 0, $"{added.Length} generated members are not in the list:\n" + string.Join('\n', added.Take(80)));
        }
        finally
        {
            context.Unload();
        }
    }
}
