using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Course.Kernel.Session.Scripting;

/// <summary>
/// Cells are compiled for debugging, which keeps every line in stack traces, but are run optimised:
/// a chapter's own loops are numerical code. The compiler ties both to one attribute, so its flags are changed in the image.
/// </summary>
internal static class JitOptimized
{
    public static unsafe byte[] Enable(byte[] image)
    {
        fixed (byte* start = image)
        {
            using var executable = new PEReader(start, image.Length);
            var metadata = executable.GetMetadataReader();
            foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
            {
                var attribute = metadata.GetCustomAttribute(handle);
                if (attribute.Constructor.Kind != HandleKind.MemberReference
                    || metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is not { Kind: HandleKind.TypeReference } parent
                    || metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) != nameof(DebuggableAttribute))
                    continue;
                // Its blob: two bytes of prolog, then the flags.
                var flags = new Span<byte>(metadata.GetBlobReader(attribute.Value).StartPointer + 2, 4);
                var kept = (DebuggableAttribute.DebuggingModes)BinaryPrimitives.ReadInt32LittleEndian(flags)
                    & ~(DebuggableAttribute.DebuggingModes.DisableOptimizations | DebuggableAttribute.DebuggingModes.EnableEditAndContinue | DebuggableAttribute.DebuggingModes.Default);
                BinaryPrimitives.WriteInt32LittleEndian(flags, (int)kept);
            }
        }
        return image;
    }
}
