using System.Globalization;
using System.Runtime.Loader;
using System.Text;
using Course.Base;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Course.Classroom.Quizzes;

/// <summary>Runs the C# of items: expressions that compute numbers, and answers that a check judges.</summary>
internal static class QuizCode
{
    private const string Usings = "using System; using System.Collections.Generic; using System.Linq; using System.Text; using System.Threading.Tasks;\n";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
        [.. PlatformAssemblies.Paths
            .Where(p => PlatformAssemblies.Name(p) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard" or "mscorlib"))
            .Select(p => MetadataReference.CreateFromFile(p))]);

    /// <summary>The value of an expression as a number.</summary>
    /// <exception cref="ClassroomException">It does not compile, throws or takes too long.</exception>
    public static double Number(string expression) => Convert.ToDouble(Run($"return (double)({expression}\n);"), CultureInfo.InvariantCulture);

    /// <summary>Whether an answer passes the check of its item; an answer that throws does not.</summary>
    /// <param name="answer">Local functions.</param>
    /// <param name="problem">What the compiler or the run says when it does not get as far as an answer.</param>
    public static bool Passes(CodeItem item, string answer, out string? problem)
    {
        problem = null;
        try
        {
            return (bool)Run($"{answer}\nreturn (bool)({item.Check}\n);");
        }
        catch (ClassroomException e)
        {
            problem = e.Message;
            return false;
        }
    }

    private static object Run(string body)
    {
        string source = $"{Usings}public static class Answer\n{{\npublic static object Run()\n{{\n#line 1 \"answer\"\n{body}\n}}\n}}\n";
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest), "answer", Encoding.UTF8);
        var compilation = CSharpCompilation.Create($"Quiz-{Guid.NewGuid():N}", [tree], References.Value, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        if (compilation.Emit(assembly).Diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
            throw new ClassroomException($"line {error.Location.GetMappedLineSpan().StartLinePosition.Line + 1}: {error.GetMessage(CultureInfo.InvariantCulture)} ({error.Id})");
        assembly.Position = 0;
        var run = new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(assembly).GetType("Answer")!.GetMethod("Run")!.CreateDelegate<Func<object>>();
        object? result = null;
        Exception? failure = null;
        // A thread of its own: an endless loop must not end the quiz, and a background thread does not keep the process.
        var thread = new Thread(() =>
        {
            try
            {
                result = run();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(Limit))
            throw new ClassroomException($"it was still running after {Limit.TotalSeconds} seconds");
        return failure is null ? result! : throw new ClassroomException($"{failure.GetType().Name}: {failure.Message}", failure);
    }
}
