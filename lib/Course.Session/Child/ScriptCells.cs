using Course.Base;
using Course.Kernel.Cells;
using Course.Session.Child.Display;
using Course.Session.Child.Language;
using Course.Session.Child.Scripting;
using Course.Session.Contract;

namespace Course.Session.Child;

/// <summary>Cells as C# scripts, run by this kernel.</summary>
internal sealed class ScriptCells(References references, CellExecution execution, LanguageServices language) : ICellRunner
{
    public static ICellRunner Start(References references, CellPipes pipes, InputReader input)
    {
        var submissions = new Submissions(references);
        var execution = new CellExecution(pipes, references, submissions);
        Helpers.Publisher = execution.Display;
        ObjectFormatter.Listen(pipes.Publish);
        Helpers.Questioner = input.Ask;
        Helpers.Submitter = execution.Submit;
        Helpers.Running = () => execution.Running;
        Helpers.Variables = name => SessionVariables.Find(submissions.Instances, name);
        Helpers.Cleaner = wait => pipes.Publish(new ClearOutput(wait));
        AppContext.SetData(CourseHooks.Display, (Action<object?>)execution.Publish);
        return new ScriptCells(references, execution, new LanguageServices(submissions));
    }

    public void WarmUp(Action ready, CancellationToken stop) => Child.WarmUp.Run(references, ready, stop);

    public void Run(CellRequest request, Interruption interruption) => execution.Run(request, interruption);

    public Completions Complete(string code, int position) => language.Complete(code, position, default);

    public Inspection? Inspect(string code, int position) => language.Inspect(code, position, default);

    public Completeness IsComplete(string code) => LanguageServices.IsComplete(code);
}
