using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Course.Session.Child;
using Course.Session.Child.Display;
using Course.Session.Child.Scripting;
using Course.Session.Contract;
using Course.Session.Packages;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace Course.Interactive;

/// <summary>Cells run by .NET Interactive's C# kernel. What it publishes becomes the session's outputs.</summary>
internal sealed class InteractiveCells : ICellRunner, IObserver<KernelEvent>
{
    private readonly CellPipes _pipes;
    private readonly CompositeKernel _kernel;
    private readonly EngineLibraries _libraries = EngineLibraries.FromEnvironment();

    private InteractiveCells(CellPipes pipes, CompositeKernel kernel)
    {
        _pipes = pipes;
        _kernel = kernel;
        kernel.KernelEvents.Subscribe(this);
    }

    /// <summary>The kernels that the course's notebooks use, with the helpers that .NET Interactive's own front ends give them.</summary>
    public static ICellRunner Start(CellPipes pipes, InputReader input)
    {
        var kernel = new CompositeKernel();
        kernel.Add(new CSharpKernel().UseNugetDirective(Reference).UseKernelHelpers().UseWho().UseValueSharing(), ["c#", "C#"]);
        kernel.Add(new HtmlKernel());
        kernel.Add(new KeyValueStoreKernel());
        return new InteractiveCells(pipes, kernel);
    }

    /// <summary>What <c>#r "nuget: …"</c> has restored, and the extensions that come with it, which show its objects.</summary>
    private static async Task Reference(CSharpKernel kernel, IReadOnlyList<ResolvedPackageReference> packages)
    {
        string[] libraries = [.. packages.SelectMany(package => package.AssemblyPaths)];
        kernel.AddAssemblyReferences(libraries);
        foreach (string path in packages.SelectMany(Extensions).Distinct())
        {
            // An extension that is also a library of the package is loaded once.
            string file = libraries.FirstOrDefault(library => Path.GetFileName(library) == Path.GetFileName(path)) ?? path;
            foreach (var type in AssemblyLoadContext.Default.LoadFromAssemblyPath(file).GetExportedTypes().Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(typeof(IKernelExtension))))
                await ((IKernelExtension)Activator.CreateInstance(type)!).OnLoadAsync(kernel);
        }
    }

    private static IEnumerable<string> Extensions(ResolvedPackageReference package) =>
        Path.Combine(package.PackageRoot, "interactive-extensions", "dotnet") is var folder && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.dll") : [];

    public void WarmUp(Action ready, CancellationToken stop) => ready();

    public void Run(CellRequest request, Interruption interruption)
    {
        var result = _kernel.SendAsync(new SubmitCode(_libraries.AnswerIn(request.Code), request.Language), interruption.Token).GetAwaiter().GetResult();
        interruption.Token.ThrowIfCancellationRequested();
        if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failed)
            Throw(failed, request.Name);
    }

    public void OnNext(KernelEvent value)
    {
        switch (value)
        {
            case StandardOutputValueProduced text:
                _pipes.Out.Write(Plain(text));
                break;
            case StandardErrorValueProduced text:
                _pipes.Error.Write(Plain(text));
                break;
            case ReturnValueProduced shown:
                _pipes.Publish(new ExecuteResult(Bundle(shown), []));
                break;
            case DisplayedValueUpdated shown:
                _pipes.Publish(new UpdateDisplay(Bundle(shown), [], shown.ValueId));
                break;
            case DisplayedValueProduced shown:
                _pipes.Publish(new DisplayData(Bundle(shown), [], shown.ValueId));
                break;
        }
    }

    public void OnError(Exception error) => _pipes.Error.WriteLine(error.Message);

    public void OnCompleted()
    {
    }

    // Runs are headless: nobody is typing.

    public Completions Complete(string code, int position) => new(position, position, []);

    public Inspection? Inspect(string code, int position) => null;

    public Completeness IsComplete(string code) => Completeness.Complete;

    private static void Throw(CommandFailed failed, string cell)
    {
        if (failed.Exception is { } thrown and not CodeSubmissionCompilationErrorException)
            ExceptionDispatchInfo.Throw(thrown);
        string[] lines = failed.Message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int? line = Position.Match(failed.Message) is { Success: true } at ? int.Parse(at.Groups["line"].Value, CultureInfo.InvariantCulture) : null;
        throw new SubmissionException("CompilationError", lines.FirstOrDefault() ?? "The cell was refused.", [.. lines.Select(text => cell + text)], line);
    }

    private static JsonObject Bundle(DisplayEvent shown)
    {
        var bundle = new JsonObject();
        foreach (var value in shown.FormattedValues)
            bundle[value.MimeType] = MimeBundle.Content(value.MimeType, value.Value);
        return bundle;
    }

    private static string Plain(DisplayEvent text) => string.Concat(text.FormattedValues.Take(1).Select(value => value.Value));

    /// <summary>How the compiler begins a message: <c>(3,5): error CS0103: …</c></summary>
    private static readonly Regex Position = new(@"^\((?<line>\d+),\d+\): error", RegexOptions.Multiline);
}
