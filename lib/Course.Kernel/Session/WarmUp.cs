using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Course.Kernel.Session.Display;
using Course.Kernel.Session.Language;
using Course.Kernel.Session.Scripting;

namespace Course.Kernel.Session;

/// <summary>
/// The first cell and the first completion take a hundred times as long as the next ones, until the compiler's code is loaded:
/// done aside while nobody waits, and given up as soon as somebody does.
/// </summary>
static class WarmUp
{
    public static void Run(References references, CancellationToken stop)
    {
        // On a core of its own: what is needed last comes first there.
        var beside = Task.Run(() => Quietly(() =>
        {
            WriteAssembly();
            Cells(references, ["var x = new List<int> { 1 };\nforeach (var i in x)\n    Console.Out.Write(x.Select(j => $\"{i}{j}\").First()[..0]);"], stop);
        }), CancellationToken.None);
        Quietly(() => Cells(references, ["1 + 1", "var text = \"a\";\ntext.Length"], stop));
        if (!stop.IsCancellationRequested)
            beside.Wait(CancellationToken.None);
    }

    static void Cells(References references, string[] cells, CancellationToken stop)
    {
        var aside = new Submissions(references);
        foreach (var code in cells)
            _ = Formatter.Format(aside.Start(aside.Compile(code, "warm-up", stop)).Result);
        new LanguageServices(aside).Complete("Math.", 5, stop);
    }

    /// <summary>The least that the compiler's last step does: an assembly and its symbols as bytes.</summary>
    static void WriteAssembly()
    {
        var metadata = new MetadataBuilder();
        var name = metadata.GetOrAddString("warm-up");
        metadata.AddModule(0, name, metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(name, new Version(0, 0), default, default, default, default);
        metadata.AddTypeDefinition(default, default, name, default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        new ManagedPEBuilder(new PEHeaderBuilder(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(new BlobBuilder());
        new PortablePdbBuilder(new MetadataBuilder(), new MetadataRootBuilder(metadata).Sizes.RowCounts, default).Serialize(new BlobBuilder());
    }

    static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException)
        {
            // The first cell is here.
        }
    }
}
