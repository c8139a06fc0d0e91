using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Course.Session.Child.Scripting;

/// <summary>
/// What a cell's image asks of the JIT. Cells are compiled for debugging, which keeps every line in stack traces, but a chapter's own
/// loops are numerical code and run optimised. The compiler ties both to one attribute, so flags are changed in the image.
/// </summary>
internal static class JitFlags
{
    private const int BlobLength = 2 + sizeof(int) + 2;

    /// <summary>Whether any of a cell's code may run more than once.</summary>
    public static bool Repeats(SyntaxNode cell) => cell.DescendantNodes().Any(node => node is CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax
        or DoStatementSyntax or GotoStatementSyntax or SpreadElementSyntax or AnonymousFunctionExpressionSyntax or QueryExpressionSyntax
        or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or BaseTypeDeclarationSyntax);

    /// <summary>Changes the flags in <paramref name="image"/>, which it returns. An image of another shape than today's compiler writes stays as it is, and runs slower.</summary>
    /// <param name="repeats">
    /// Where nothing runs twice, the methods say that they are never to be improved. While new methods that could be keep coming, the runtime puts
    /// off improving those that are there, the compiler's among them, so that a session of short cells would not get faster.
    /// </param>
    public static unsafe byte[] Set(byte[] image, bool repeats)
    {
        fixed (byte* start = image)
        {
            using var executable = new PEReader(start, image.Length);
            if (!executable.HasMetadata)
                return image;
            var metadata = executable.GetMetadataReader();
            // In any case: code for a debugger would hold on to what a cell no longer uses until the cell ends.
            AllowOptimisation(metadata);
            if (!repeats)
                DeclineOptimisation(metadata);
        }
        return image;
    }

    private static unsafe void AllowOptimisation(MetadataReader metadata)
    {
        foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind != HandleKind.MemberReference
                || metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is not { Kind: HandleKind.TypeReference } parent
                || metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) != nameof(DebuggableAttribute))
                continue;
            // Its blob: two bytes of prolog, then the flags, then the number of named arguments. The constructor with two truths has a shorter one.
            var blob = metadata.GetBlobReader(attribute.Value);
            if (blob.Length != BlobLength)
                continue;
            var flags = new Span<byte>(blob.StartPointer + 2, 4);
            var kept = (DebuggableAttribute.DebuggingModes)BinaryPrimitives.ReadInt32LittleEndian(flags)
                & ~(DebuggableAttribute.DebuggingModes.DisableOptimizations | DebuggableAttribute.DebuggingModes.EnableEditAndContinue | DebuggableAttribute.DebuggingModes.Default);
            BinaryPrimitives.WriteInt32LittleEndian(flags, (int)kept);
        }
    }

    private static unsafe void DeclineOptimisation(MetadataReader metadata)
    {
        int size = metadata.GetTableRowSize(TableIndex.MethodDef);
        var methods = new Span<byte>(metadata.MetadataPointer + metadata.GetTableMetadataOffset(TableIndex.MethodDef), size * metadata.GetTableRowCount(TableIndex.MethodDef));
        for (; !methods.IsEmpty; methods = methods[size..])
        {
            // A row: four bytes of address, then the flags.
            var flags = methods.Slice(4, 2);
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | (ushort)MethodImplAttributes.NoOptimization));
        }
    }
}
