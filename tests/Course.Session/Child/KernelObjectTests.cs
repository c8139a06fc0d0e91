using Course.Session.Contract;

namespace Course.Session.Tests;

/// <summary>What cells written for .NET Interactive do with its kernel's objects.</summary>
public sealed class KernelObjectTests(SessionFixture session) : IClassFixture<SessionFixture>
{
    private const string Usings = "using Microsoft.DotNet.Interactive; using Microsoft.DotNet.Interactive.Commands; using Microsoft.DotNet.Interactive.Events; using Microsoft.DotNet.Interactive.CSharp;\n";

    [Fact]
    public async Task SubmittedCode_RunsAsACell_AndLaterCellsSeeWhatItDeclares()
    {
        var ran = await session.RunAsync(Usings + """
            int before = 20;
            var result = await Kernel.Root.SendAsync(new SubmitCode("var submitted = 22; display(\"inside\"); submitted", "csharp"));
            before + (int)result.Events.OfType<ReturnValueProduced>().Single().Value
            """);
        Assert.Null(ran.Result.Error);
        Assert.Equal("inside", (string?)Assert.Single(ran.Displays).Data["text/plain"]);
        Assert.Equal(["22", "42"], ran.Outputs.OfType<ExecuteResult>().Select(o => (string?)o.Data["text/plain"]));
        Assert.Equal("23", (await session.RunAsync("submitted + 1")).Value);
    }

    [Fact]
    public async Task SubmittedCode_OfAnotherLanguage_IsShown()
    {
        var ran = await session.RunAsync(Usings + "await Kernel.Root.SendAsync(new SubmitCode(\"graph TD; A-->B;\", \"mermaid\"));");
        Assert.Equal("graph TD; A-->B;", (string?)Assert.Single(ran.Displays).Data["text/vnd.mermaid"]);
    }

    [Fact]
    public async Task CommandThatFails_SaysSo_AndTheCellGoesOn()
    {
        var ran = await session.RunAsync(Usings + """
            var refused = await Kernel.Current.SendAsync(new SubmitCode("throw new Exception(\"inner\");"));
            var added = await Kernel.Root.SendAsync(new SendEditableCode("csharp", "1 + 1"));
            string.Join("; ", refused.Events.Concat(added.Events).OfType<CommandFailed>().Select(e => e.Message))
            """);
        Assert.Equal("inner; SendEditableCode needs a front end that adds cells", ran.Value);
        Assert.Contains("inner", ran.Error);
    }

    [Fact]
    public async Task Kernels_AreFoundByName_AndKnowTheirVariables()
    {
        await session.RunAsync("var known = \"value\";");
        var ran = await session.RunAsync(Usings + """
            var all = (CompositeKernel)Kernel.Root;
            var csharp = (CSharpKernel)all.FindKernelByName("csharp");
            $"{csharp == Kernel.Current} {all.ChildKernels.Count > 1} {all.FindKernelByName("nosuch") is null} {csharp.TryGetValue("known", out string text)} {text} {csharp.TryGetValue("unknown", out int _)}"
            """);
        Assert.Equal("True True True True value False", ran.Value);
    }

    [Fact]
    public async Task Context_TellsTheRunningCode_AndIsCancelledWithIt()
    {
        string code = Usings + "var here = KernelInvocationContext.Current;\n((SubmitCode)here.Command).Code.Length + here.HandlingKernel.Name + here.CancellationToken.CanBeCanceled";
        Assert.Equal($"{code.Length}csharpTrue", (await session.RunAsync(code)).Value);
        var waiting = session.RunAsync("Console.WriteLine(\"waits\"); await System.Threading.Tasks.Task.Delay(-1, Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken);");
        await Task.Delay(50);
        while (!waiting.IsCompleted)
        {
            session.Session.Interrupt();
            await Task.WhenAny(waiting, Task.Delay(200));
        }
        Assert.Equal(CellStatus.Interrupted, (await waiting).Status);
    }
}
