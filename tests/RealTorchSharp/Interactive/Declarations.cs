using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RealTorchSharp.Tests.Interactive;

/// <summary>
/// The part of .NET Interactive's public interface that we use, declared from the list of its API that its own repository keeps
/// (ApiCompatibilityTests.Interactive_api_is_not_changed and csharp_api_is_not_changed), and from the sources of its PackageManagement.
/// </summary>
internal static class Declarations
{
    private const string Source = """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Microsoft.DotNet.Interactive
        {
            public abstract class Kernel : IDisposable
            {
                public static DisplayedValue display(object value, params string[] mimeTypes) => throw null;
                public IObservable<Events.KernelEvent> KernelEvents => throw null;
                public Task<KernelCommandResult> SendAsync(Commands.KernelCommand command, CancellationToken cancellationToken = default) => throw null;
                public void Dispose() => throw null;
            }
            public sealed class CompositeKernel : Kernel
            {
                public CompositeKernel(string name = null) => throw null;
                public void Add(Kernel kernel, IEnumerable<string> aliases = null) => throw null;
            }
            public class HtmlKernel : Kernel { }
            public class KeyValueStoreKernel : Kernel { public KeyValueStoreKernel(string name = "value") => throw null; }
            public class KernelCommandResult { internal KernelCommandResult() { } public IReadOnlyList<Events.KernelEvent> Events => throw null; }
            public class FormattedValue
            {
                public FormattedValue(string mimeType, string value) => throw null;
                public string MimeType => throw null;
                public string Value => throw null;
            }
            public class DisplayedValue { internal DisplayedValue() { } }
            public class CodeSubmissionCompilationErrorException : Exception { public CodeSubmissionCompilationErrorException(Exception innerException) => throw null; }
            public static class KernelExtensions
            {
                public static TKernel UseWho<TKernel>(this TKernel kernel) where TKernel : Kernel => throw null;
                public static T UseValueSharing<T>(this T kernel) where T : Kernel => throw null;
            }
        }
        namespace Microsoft.DotNet.Interactive
        {
            public class ResolvedPackageReference { internal ResolvedPackageReference() { } public IReadOnlyList<string> AssemblyPaths => throw null; }
        }
        namespace Microsoft.DotNet.Interactive.PackageManagement
        {
            public static class KernelExtensions
            {
                public static T UseNugetDirective<T>(this T kernel, Func<T, IReadOnlyList<ResolvedPackageReference>, Task> onResolvePackageReferences, bool forceRestore = false) where T : Kernel => throw null;
            }
        }
        namespace Microsoft.DotNet.Interactive.CSharp
        {
            public class CSharpKernel : Kernel
            {
                public CSharpKernel() => throw null;
                public CSharpKernel(string name) => throw null;
                public void AddAssemblyReferences(IEnumerable<string> assemblyPaths) => throw null;
            }
            public static class CSharpKernelExtensions { public static CSharpKernel UseKernelHelpers(this CSharpKernel kernel) => throw null; }
        }
        namespace Microsoft.DotNet.Interactive.Commands
        {
            public abstract class KernelCommand { }
            public class SubmitCode : KernelCommand { public SubmitCode(string code, string targetKernelName = null) => throw null; }
        }
        namespace Microsoft.DotNet.Interactive.Events
        {
            public abstract class KernelEvent { }
            public abstract class DisplayEvent : KernelEvent
            {
                public IReadOnlyCollection<FormattedValue> FormattedValues => throw null;
                public object Value => throw null;
                public string ValueId => throw null;
            }
            public class DisplayedValueProduced : DisplayEvent { }
            public class DisplayedValueUpdated : DisplayEvent { }
            public class ReturnValueProduced : DisplayEvent { }
            public class StandardOutputValueProduced : DisplayEvent { }
            public class StandardErrorValueProduced : DisplayEvent { }
            public class CommandFailed : KernelEvent { internal CommandFailed() { } public Exception Exception => throw null; public string Message => throw null; }
        }
        """;

    public static MetadataReference Reference()
    {
        using var image = new MemoryStream();
        CSharpCompilation declared = CSharpCompilation.Create("Microsoft.DotNet.Interactive", [CSharpSyntaxTree.ParseText(Source)], References.NetCore, new(OutputKind.DynamicallyLinkedLibrary));
        Assert.True(declared.Emit(image).Success, string.Join('\n', declared.GetDiagnostics()));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
