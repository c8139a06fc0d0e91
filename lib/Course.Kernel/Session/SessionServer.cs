using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Course.Kernel.Session.Display;
using Course.Kernel.Session.Language;
using Course.Kernel.Session.Protocol;
using Course.Kernel.Session.Scripting;

namespace Course.Kernel.Session;

/// <summary>The process of a session: reads messages from its host and runs cells one at a time on a thread of their own.</summary>
sealed class SessionServer
{
    const int StackSize = 8 << 20;

    readonly MessageChannel channel;
    readonly CellPipes pipes;
    readonly BlockingCollection<Execute> cells = [];
    readonly InputReader input;
    readonly TaskCompletionSource<LanguageServices> language = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource firstCell = new();
    readonly Lock starting = new();
    Interruption? running;
    int interrupted;

    SessionServer(MessageChannel channel, string token)
    {
        this.channel = channel;
        pipes = new CellPipes(channel, token);
        input = new InputReader(pipes);
    }

    /// <summary>Serves the host that listens on <paramref name="socketPath"/> until it goes away.</summary>
    public static int Run(string socketPath, string token)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        new SessionServer(new MessageChannel(socket), token).Run();
        return 0;
    }

    void Run()
    {
        // Numbers print the same on every machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.SetOut(pipes.Out);
        Console.SetError(pipes.Error);
        Console.SetIn(input);
        // Threads that an interrupted cell left behind end quietly instead of ending the process.
        ExceptionHandling.SetUnhandledExceptionHandler(e => e is CellInterruptedException);

        // Ctrl-C on a terminal reaches every process there; what it means is the host's to decide.
        using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);

        channel.Send(new Hello(Environment.ProcessId));
        new Thread(RunCells, StackSize) { IsBackground = true, Name = "cells" }.Start();
        while (channel.Receive() is { } message)
            Handle(message);
        // Nobody reads the answers any more. Cells may hold threads and handlers that block an orderly exit.
        Process.GetCurrentProcess().Kill();
    }

    void Handle(Message message)
    {
        switch (message)
        {
            case Execute execute:
                cells.Add(execute);
                firstCell.Cancel();
                break;
            case Interrupt interrupt:
                Stop(interrupt.Id);
                break;
            case Input answer:
                input.Answer(answer.Text);
                break;
            case Complete ask:
                Answer(l => l.Complete(ask.Code, ask.Position, default), found => new Completed(ask.Id, found), new Completions(ask.Position, ask.Position, []));
                break;
            case Inspect ask:
                Answer(l => l.Inspect(ask.Code, ask.Position, default), found => new Inspected(ask.Id, found), null);
                break;
            case IsComplete ask:
                Answer(_ => LanguageServices.IsComplete(ask.Code), found => new CompletenessKnown(ask.Id, found), Completeness.Complete);
                break;
        }
    }

    void Stop(int id)
    {
        lock (starting)
        {
            // The request may overtake the start of its cell, and may come after its end.
            interrupted = id;
            if (running?.Run == id)
            {
                channel.Send(new Whereabouts(id, Guard.Line));
                running.Request();
            }
        }
        input.Answer(null);
    }

    /// <summary>Answers while a cell may be running. A fault in the services costs an answer, never the session.</summary>
    void Answer<T>(Func<LanguageServices, T> ask, Func<T, Message> reply, T nothing) => Task.Run(async () =>
    {
        T found;
        try
        {
            found = ask(await language.Task);
        }
        catch (Exception)
        {
            found = nothing;
        }
        channel.Send(reply(found));
    });

    void RunCells()
    {
        var references = new References();
        var submissions = new Submissions(references);
        var execution = new CellExecution(pipes, references, submissions);
        language.SetResult(new LanguageServices(submissions));
        Helpers.Publisher = execution.Display;
        Helpers.Questioner = input.Ask;
        Helpers.Cleaner = wait => pipes.Publish(new ClearOutput(wait));
        AppContext.SetData("course.display", (Action<object?>)execution.Publish);
        WarmUp.Run(references, () => channel.Send(new Warm()), firstCell.Token);
        foreach (var cell in cells.GetConsumingEnumerable())
            Run(cell, execution);
    }

    void Run(Execute cell, CellExecution execution)
    {
        var clock = Stopwatch.StartNew();
        using var interruption = new Interruption(cell.Id);
        lock (starting)
        {
            running = interruption;
            if (interrupted == cell.Id)
                interruption.Request();
        }
        input.Allowed = cell.Request.AllowInput;
        var status = CellStatus.Ok;
        ErrorOutput? error = null;
        try
        {
            execution.Run(cell.Request, interruption);
        }
        catch (Exception e) when (e is CellInterruptedException || e is OperationCanceledException && interruption.IsRequested)
        {
            status = CellStatus.Interrupted;
            int? line = Guard.Line > 0 ? Guard.Line : null;
            error = new ErrorOutput("Interrupted", line is null ? "The cell was interrupted." : $"The cell was interrupted in its statement at line {line}.",
                [line is null ? "interrupted" : $"interrupted   at {cell.Request.Name}, line {line}"], line);
        }
        catch (Exception e)
        {
            status = e is OutOfMemoryException ? CellStatus.OutOfMemory : CellStatus.Error;
            error = ErrorText.Of(e, cell.Request.Name);
        }
        finally
        {
            lock (starting)
                running = null;
        }
        if (error is not null)
            pipes.Publish(error);
        var seconds = clock.Elapsed.TotalSeconds;
        pipes.Publish(mark => new Done(cell.Id, status, error, seconds, mark));
    }
}
