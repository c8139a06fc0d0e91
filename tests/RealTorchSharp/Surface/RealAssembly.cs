using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace RealTorchSharp.Tests.Surface;

/// <summary>
/// An assembly named TorchSharp with every declaration of the reference list and no implementation: enough to compile against.
/// </summary>
internal sealed class RealAssembly
{
    private static readonly Lazy<RealAssembly> once = new(() => new RealAssembly());

    private RealAssembly()
    {
        IReadOnlyList<ListedType> types = ListParser.Read(Path.Combine(Repository.Root, "tests", "reference", "torchsharp-0.106-members.txt"));
        var writer = new SourceWriter(new Names(types, References.Framework));
        SyntaxTree tree = CSharpSyntaxTree.ParseText(writer.Write(types));
        Written = writer.Written;
        LeftOut = writer.LeftOut;
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, warningLevel: 0, concurrentBuild: true);
        CSharpCompilation listed = CSharpCompilation.Create("TorchSharp", [tree], References.Framework, options);
        CSharpCompilation whole = listed.ReplaceSyntaxTree(tree, Completion.Apply(listed));
        using var image = new MemoryStream();
        EmitResult result = whole.Emit(image, options: new EmitOptions(metadataOnly: true));
        Errors = [.. result.Diagnostics.Where(item => item.Severity == DiagnosticSeverity.Error).Select(item =>
            $"{item.Id} {item.GetMessage()}: {item.Location.SourceTree?.GetText().Lines.GetLineFromPosition(item.Location.SourceSpan.Start)}")];
        Image = image.ToArray();
    }

    public static RealAssembly Instance => once.Value;

    /// <summary>Lines of the list that are declared.</summary>
    public IReadOnlyList<string> Written { get; }

    /// <summary>Lines of the list that are not declared, with reasons.</summary>
    public IReadOnlyList<(string Line, string Reason)> LeftOut { get; }

    /// <summary>What the compiler refused of our declarations.</summary>
    public IReadOnlyList<string> Errors { get; }

    public byte[] Image { get; }

    public MetadataReference Reference => field ??= MetadataReference.CreateFromImage(ImmutableCollectionsMarshal.AsImmutableArray(Image), filePath: "TorchSharp (reference list)");
}
