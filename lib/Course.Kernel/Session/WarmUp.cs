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
    /// <param name="ready">Called when a simple cell takes no longer than any other.</param>
    public static void Run(References references, Action ready, CancellationToken stop)
    {
        var aside = new Submissions(references);
        try
        {
            Cell(aside, "1 + 1", stop);
            ready();
            Cell(aside, "var x = new List<int> { 1 };\nforeach (var i in x)\n    Console.Out.Write(x.Select(j => $\"{i}{j}\").First()[..0]);", stop);
            new LanguageServices(aside).Complete("x.", 2, stop);
        }
        catch (OperationCanceledException)
        {
            // The first cell is here.
        }
    }

    static void Cell(Submissions aside, string code, CancellationToken stop) =>
        _ = Formatter.Format(aside.Start(aside.Compile(code, "warm-up", stop)).Result);
}
