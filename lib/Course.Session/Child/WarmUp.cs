using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;
using Course.Session.Child.Directives;
using Course.Session.Child.Display;
using Course.Session.Child.Language;
using Course.Session.Child.Scripting;
using Course.Session.Contract;
using Course.Session.Contract.Protocol;
using Microsoft.CodeAnalysis.CSharp;

namespace Course.Session.Child;

/// <summary>
/// The first cell and the first completion take a hundred times as long as the next ones, until the compiler's code is loaded:
/// done aside while nobody waits, and given up as soon as somebody does.
/// </summary>
internal static class WarmUp
{
    /// <param name="ready">Called when a simple cell takes no longer than any other.</param>
    public static void Run(References references, Action ready, CancellationToken stop)
    {
        var aside = new Submissions(references);
        try
        {
            // The first cell needs all that this one does, so it would not be sooner without it.
            Cell(aside, "1 + 1", CancellationToken.None);
            ready();
            stop.ThrowIfCancellationRequested();
            Cell(aside, "var x = new List<int> { 1 };\nforeach (var i in x)\n    Console.Out.Write(x.Select(j => $\"{i}{j}\").First()[..0]);", stop);
            new LanguageServices(aside).Complete("x.", 2, stop);
        }
        catch (OperationCanceledException)
        {
            // The first cell is here.
        }
    }

    /// <summary>
    /// Starts what a session needs before its first cell, while its process connects to its host: the references, read, and beside
    /// them what a compilation does without any, or comes to late.
    /// </summary>
    public static Task<References> Begin()
    {
        _ = Task.Factory.StartNew(Beside, TaskCreationOptions.LongRunning);
        return Task.Factory.StartNew(() =>
        {
            var references = new References();
            Submissions.Compilation("warm-up", null, "WarmUp", null, references.Used, references.MissingAssemblies).GetDiagnostics();
            return references;
        }, TaskCreationOptions.LongRunning);
    }

    /// <summary>
    /// A private part of the compiler, whose pattern for generated names is a regular expression that is itself compiled. A compiler
    /// without it makes the first cell slower and nothing else.
    /// </summary>
    internal static Type? NameParser => typeof(CSharpCompilation).Assembly.GetType("Microsoft.CodeAnalysis.CSharp.Symbols.GeneratedNameParser");

    private static void Beside()
    {
        foreach (var part in CellParser.Parse("1 + 1", "warm-up", "csharp").OfType<TextPart>())
            Submissions.Guarded(part.Text, "warm-up", CancellationToken.None);
        if (NameParser is { } parser)
            RuntimeHelpers.RunClassConstructor(parser.TypeHandle);
        WriteImage();
        foreach (var message in (Message[])[new Execute(0, new CellRequest("", "")), new Output(new ExecuteResult(Formatter.Format(2), []), 0), new Done(0, CellStatus.Ok, null, 0, 0)])
            MessageCodec.Decode(MessageCodec.Encode(message));
    }

    /// <summary>One row in each table that a cell's image has: the lists behind them are not compiled ahead of time.</summary>
    private static void WriteImage()
    {
        var image = new MetadataBuilder();
        var (name, blob) = (image.GetOrAddString("a"), image.GetOrAddBlob(new byte[] { 1 }));
        image.AddModule(0, name, default, default, default);
        image.AddAssembly(name, new Version(), default, default, default, default);
        var type = image.AddTypeReference(image.AddAssemblyReference(name, new Version(), default, default, default, default), name, name);
        var field = image.AddFieldDefinition(default, name, blob);
        var method = image.AddMethodDefinition(default, default, name, blob, 0, image.AddParameter(default, name, 1));
        var outer = image.AddTypeDefinition(default, name, name, type, field, method);
        image.AddNestedType(image.AddTypeDefinition(default, name, name, type, field, method), outer);
        image.AddInterfaceImplementation(outer, type);
        var member = image.AddMemberReference(type, name, blob);
        image.AddMethodImplementation(outer, method, member);
        image.AddMethodSpecification(member, blob);
        image.AddTypeSpecification(blob);
        image.AddStandaloneSignature(blob);
        image.AddDeclarativeSecurityAttribute(outer, default, blob);
        image.AddCustomAttribute(EntityHandle.AssemblyDefinition, member, blob);
        new MetadataRootBuilder(image).Serialize(new BlobBuilder(), 0, 0);

        var symbols = new MetadataBuilder();
        blob = symbols.GetOrAddBlob(new byte[] { 1 });
        symbols.AddMethodDebugInformation(symbols.AddDocument(blob, default, default, default), blob);
        symbols.AddLocalScope(method, symbols.AddImportScope(default, default), default, default, 0, 1);
        symbols.AddStateMachineMethod(method, method);
        symbols.AddCustomDebugInformation(method, default, blob);
        new PortablePdbBuilder(symbols, image.GetRowCounts(), default).Serialize(new BlobBuilder());
    }

    private static void Cell(Submissions aside, string code, CancellationToken stop) =>
        _ = Formatter.Format(aside.Start(aside.Compile(code, "warm-up", stop)).Result);
}
