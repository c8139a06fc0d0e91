using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Course.Session.Child;
using Course.Session.Child.Scripting;
using Course.Session.Contract;

namespace Course.Session.Tests;

/// <summary>What the kernel assumes of the compiler beyond its public interface. When one of these fails, the compiler has moved on: cells still run, slower.</summary>
public sealed class CompilerFenceTests
{
    private const DebuggableAttribute.DebuggingModes Hindering = DebuggableAttribute.DebuggingModes.DisableOptimizations | DebuggableAttribute.DebuggingModes.EnableEditAndContinue;

    [Fact]
    public void TheParserOfGeneratedNames_IsWhereTheWarmUpLooksForIt() => Assert.NotNull(WarmUp.NameParser);

    [Theory]
    [InlineData("1 + 1", false)]
    [InlineData("for (var i = 0; i < 3; i++) { }", true)]
    public void ACellsImage_SaysWhatTheJitMayDo(string code, bool repeats)
    {
        var submission = new Submissions(new References()).Compile(code, "cell", CancellationToken.None);
        Assert.NotEqual((DebuggableAttribute.DebuggingModes)0, Debugging(submission.Image) & Hindering);

        byte[] image = JitFlags.Set([.. submission.Image], repeats);

        Assert.Equal((DebuggableAttribute.DebuggingModes)0, Debugging(image) & Hindering);
        Assert.All(Methods(image), method => Assert.Equal(!repeats, method.HasFlag(MethodImplAttributes.NoOptimization)));
    }

    [Fact]
    public void AnImageWithoutMetadata_StaysAsItIs()
    {
        var builder = new BlobBuilder();
        new Empty().Serialize(builder);
        byte[] image = builder.ToArray();
        Assert.Equal([.. image], JitFlags.Set(image, repeats: false));
    }

    private static DebuggableAttribute.DebuggingModes Debugging(byte[] image)
    {
        using var executable = new PEReader(new MemoryStream(image));
        var metadata = executable.GetMetadataReader();
        var attribute = Assert.Single(metadata.GetAssemblyDefinition().GetCustomAttributes().Select(metadata.GetCustomAttribute), a =>
            a.Constructor.Kind == HandleKind.MemberReference && metadata.GetMemberReference((MemberReferenceHandle)a.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
            && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) == nameof(DebuggableAttribute));
        var blob = metadata.GetBlobReader(attribute.Value);
        blob.ReadUInt16();
        return (DebuggableAttribute.DebuggingModes)blob.ReadInt32();
    }

    private static MethodImplAttributes[] Methods(byte[] image)
    {
        using var executable = new PEReader(new MemoryStream(image));
        var metadata = executable.GetMetadataReader();
        return [.. metadata.MethodDefinitions.Select(handle => metadata.GetMethodDefinition(handle).ImplAttributes)];
    }

    /// <summary>An executable of no managed code.</summary>
    private sealed class Empty() : PEBuilder(new PEHeaderBuilder(), deterministicIdProvider: null)
    {
        protected override System.Collections.Immutable.ImmutableArray<Section> CreateSections() => [new(".text", SectionCharacteristics.ContainsCode)];

        protected override BlobBuilder SerializeSection(string name, SectionLocation location)
        {
            var section = new BlobBuilder();
            section.WriteInt32(0);
            return section;
        }

        protected override PEDirectoriesBuilder GetDirectories() => new();
    }
}
