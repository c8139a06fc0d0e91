using System.Collections.Concurrent;
using System.Diagnostics;
using Course.Base;
using Course.Runner.Tests;
using Course.Session.Contract;

namespace Course.Session.Tests;

public sealed class InterruptTests(SessionFixture session) : IClassFixture<SessionFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Code that never ends by itself and says when it has begun.</summary>
    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true) ;")]
    [InlineData("do { } while (true);")]
    [InlineData("for (;;) { }")]
    [InlineData("again: goto again;")]
    [InlineData("void Loop() { foreach (var x in Endless()) { } }\nIEnumerable<int> Endless() { while (true) yield return 1; }\nLoop();")]
    [InlineData("Action loop = () => { while (true) { } };\nloop();")]
    [InlineData("class L { public int P { get { while (true) { } } } }\n_ = new L().P;")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("new System.Threading.ManualResetEvent(false).WaitOne();")]
    [InlineData("Task.Delay(-1).Wait();")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("await Task.Yield();\nwhile (true) { }")]
    [InlineData("await Task.Run(() => { while (true) { } });")]
    [InlineData("while (true) { try { while (true) { } } catch (Exception) { } }")]
    [InlineData("System.Threading.Tasks.Parallel.For(0, 1000, i => { while (true) { } });")]
    public async Task Interrupt_StopsTheCell_AndVariablesSurvive(string code)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await session.RunAsync("var survivor = 11;");
        var running = session.Session.ExecuteAsync(new CellRequest("Console.WriteLine(\"begun\");\n" + code, "cell[i]"), _ => begun.TrySetResult());
        await begun.Task.WaitAsync(Limit);
        session.Session.Interrupt();
        var result = await running.WaitAsync(Limit);
        Assert.Equal(CellStatus.Interrupted, result.Status);
        Assert.Equal("11", (await session.RunAsync("survivor")).Value);
    }

    [Fact]
    public async Task Interrupt_OfTraining_StopsWithinASecond_AndTheModelSurvives()
    {
        string library = Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "artifacts", "lib", "TorchSharp.dll");
        Assert.SkipUnless(File.Exists(library), $"{library} does not exist; build Course.sln");
        await using var own = new SessionFixture();
        await own.InitializeAsync();
        await own.RunAsync($"#r \"{library}\"\nusing TorchSharp;\nusing static TorchSharp.torch;\nusing static TorchSharp.torch.nn;");
        await own.RunAsync("var model = Sequential(Linear(784, 256), ReLU(), Linear(256, 10));\nvar optimizer = optim.Adam(model.parameters());\nvar steps = 0;");
        await Steady.AtMostAsync(TimeSpan.FromSeconds(1), () => InterruptTrainingAsync(own));
        Assert.Equal("True", (await own.RunAsync("steps >= 5 && model.forward(randn(1, 784)).shape[1] == 10")).Value);
    }

    /// <summary>How long training takes to stop.</summary>
    private static async Task<TimeSpan> InterruptTrainingAsync(SessionFixture own)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = own.Session.ExecuteAsync(new CellRequest("""
            while (true)
            {
                using var scope = NewDisposeScope();
                var loss = functional.cross_entropy(model.forward(randn(64, 784)), randint(0, 10, new long[] { 64 }, int64));
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
                if (++steps % 5 == 0)
                    Console.WriteLine();
            }
            """, "cell[t]"), _ => begun.TrySetResult());
        await begun.Task.WaitAsync(Limit);
        var clock = Stopwatch.StartNew();
        own.Session.Interrupt();
        Assert.Equal(CellStatus.Interrupted, (await running.WaitAsync(Limit)).Status);
        return clock.Elapsed;
    }

    [Theory]
    [InlineData("var line = Console.ReadLine();")]
    [InlineData("await Task.Yield(); var line = Console.ReadLine();")]
    public async Task Interrupt_OfAQuestion_EndsTheCell_AndTheNextQuestionGetsItsOwnAnswer(string code)
    {
        // Again and again: an interrupt comes while the question is being put, waits, or ends.
        for (int round = 0; round < 30; round++)
        {
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var late = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            session.Session.InputRequested = _ =>
            {
                asked.TrySetResult();
                return late.Task;
            };
            var running = session.Session.ExecuteAsync(new CellRequest(code, "cell[q]", AllowInput: true), _ => { });
            await asked.Task;
            session.Session.Interrupt();
            Assert.Equal(CellStatus.Interrupted, (await running).Status);

            session.Session.InputRequested = _ =>
            {
                late.SetResult("too late");
                return Task.FromResult<string?>("an answer");
            };
            var outputs = new List<CellOutput>();
            var result = await session.Session.ExecuteAsync(new CellRequest("Console.ReadLine()", "cell[r]", AllowInput: true), outputs.Add);
            session.Session.InputRequested = null;
            Assert.Equal(CellStatus.Ok, result.Status);
            Assert.Equal("an answer", Assert.Single(outputs.OfType<ExecuteResult>()).Data["text/plain"]!.ToString());
        }
    }

    [Fact]
    public async Task Interrupt_SaysWhichStatementRan()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = session.Session.ExecuteAsync(new CellRequest("var l1 = 1;\n\nConsole.WriteLine();\nwhile (true)\n{\n}", "cell[i]"), _ => begun.TrySetResult());
        await begun.Task.WaitAsync(Limit);
        // The statement behind the output may not have begun yet, so ask until it has.
        session.Session.Interrupt();
        Assert.InRange((await running.WaitAsync(Limit)).Error!.Line!.Value, 3, 4);
    }

    [Fact]
    public async Task Interrupt_LeavesBackgroundWorkOfEarlierCellsAlone()
    {
        await session.RunAsync("var ticks = 0L;\n_ = Task.Run(() => { while (true) { ticks++; System.Threading.Thread.Sleep(1); } });");
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = session.Session.ExecuteAsync(new CellRequest("Console.WriteLine();\nwhile (true) { }", "cell[i]"), _ => begun.TrySetResult());
        await begun.Task.WaitAsync(Limit);
        session.Session.Interrupt();
        await running;
        Assert.Equal("True", (await session.RunAsync("var before = ticks;\nSystem.Threading.SpinWait.SpinUntil(() => ticks > before + 2, 60000)")).Value);
    }

    [Fact]
    public async Task Interrupt_WhenNothingRuns_DoesNotHarmTheNextCell()
    {
        session.Session.Interrupt();
        Assert.Equal("3", (await session.RunAsync("var z = 0; for (var i = 0; i < 3; i++) z++;\nz")).Value);
    }

    [Fact]
    public async Task FunctionOfAnInterruptedCell_CanBeCalledAgain()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = session.Session.ExecuteAsync(new CellRequest("int Count(int n) { var c = 0; while (c < n || n < 0) c++; return c; }\nConsole.WriteLine();\nCount(-1)", "cell[i]"), _ => begun.TrySetResult());
        await begun.Task.WaitAsync(Limit);
        session.Session.Interrupt();
        Assert.Equal(CellStatus.Interrupted, (await running.WaitAsync(Limit)).Status);
        Assert.Equal("5", (await session.RunAsync("Count(5)")).Value);
    }

    [Fact]
    public async Task Shutdown_WhileACellRuns_EndsIt()
    {
        var other = new SessionFixture();
        await other.InitializeAsync();
        var outputs = new ConcurrentQueue<CellOutput>();
        var running = other.Session.ExecuteAsync(new CellRequest("while (true) { }", "cell[0]"), outputs.Enqueue);
        await other.DisposeAsync();
        Assert.Equal(CellStatus.Died, (await running.WaitAsync(Limit)).Status);
        Assert.True((await other.Session.Ended).Requested);
    }
}
