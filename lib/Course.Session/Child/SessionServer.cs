using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Course.Kernel.Cells;
using Course.Session.Contract;
using Course.Session.Contract.Protocol;

namespace Course.Session.Child;

/// <summary>The process of a session: reads messages from its host and runs cells one at a time on a thread of their own.</summary>
internal sealed class SessionServer
{
    private const int StackSize = 8 << 20;

    private readonly MessageChannel _channel;
    private readonly CellPipes _pipes;
    private readonly BlockingCollection<Execute> _cells = [];
    private readonly InputReader _input;
    private readonly TaskCompletionSource<ICellRunner> _language = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<CellPipes, InputReader, ICellRunner> _start;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _firstCell = new();
    private readonly Lock _starting = new();
    private Interruption? _running;
    private int _interrupted;

    private SessionServer(MessageChannel channel, string token, Func<CellPipes, InputReader, ICellRunner> start, TimeProvider clock)
    {
        _clock = clock;
        _channel = channel;
        _start = start;
        _pipes = new CellPipes(channel, token);
        _input = new InputReader(_pipes);
    }

    /// <summary>Serves the host that listens on <paramref name="socketPath"/> until it goes away.</summary>
    /// <param name="start">Called on the thread that is to run the cells.</param>
    public static int Run(string socketPath, string token, Func<CellPipes, InputReader, ICellRunner> start, TimeProvider? clock = null)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        new SessionServer(new MessageChannel(socket), token, start, clock ?? TimeProvider.System).Run();
        return 0;
    }

    private void Run()
    {
        // Numbers print the same on every machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.SetOut(_pipes.Out);
        Console.SetError(_pipes.Error);
        Console.SetIn(_input);
        // Threads that an interrupted cell left behind end quietly instead of ending the process.
        ExceptionHandling.SetUnhandledExceptionHandler(e => e is CellInterruptedException);

        // Ctrl-C on a terminal reaches every process there; what it means is the host's to decide.
        using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);

        _channel.Send(new Hello(Environment.ProcessId));
        new Thread(RunCells, StackSize) { IsBackground = true, Name = "cells" }.Start();
        while (_channel.Receive() is { } message)
            Handle(message);
        // Nobody reads the answers any more. Cells may hold threads and handlers that block an orderly exit.
        Process.GetCurrentProcess().Kill();
    }

    private void Handle(Message message)
    {
        switch (message)
        {
            case Execute execute:
                _cells.Add(execute);
                _firstCell.Cancel();
                break;
            case Interrupt interrupt:
                Stop(interrupt.Id);
                break;
            case Input answer:
                _input.Answer(answer.Mark, answer.Text);
                break;
            case Complete ask:
                Answer(l => l.Complete(ask.Code, ask.Position), found => new Completed(ask.Id, found), new Completions(ask.Position, ask.Position, []));
                break;
            case Inspect ask:
                Answer(l => l.Inspect(ask.Code, ask.Position), found => new Inspected(ask.Id, found), null);
                break;
            case IsComplete ask:
                Answer(l => l.IsComplete(ask.Code), found => new CompletenessKnown(ask.Id, found), Completeness.Complete);
                break;
        }
    }

    private void Stop(int id)
    {
        lock (_starting)
        {
            // The request may overtake the start of its cell, and may come after its end.
            _interrupted = id;
            if (_running?.Run == id)
            {
                _channel.Send(new Whereabouts(id, Guard.Line));
                _running.Request();
                _input.Interrupt();
            }
        }
    }

    /// <summary>Answers while a cell may be running. A fault in the services costs an answer, never the session.</summary>
    private void Answer<T>(Func<ICellRunner, T> ask, Func<T, Message> reply, T nothing) => Task.Run(async () =>
    {
        T found;
        try
        {
            found = ask(await _language.Task);
        }
        catch (Exception)
        {
            found = nothing;
        }
        _channel.Send(reply(found));
    });

    private void RunCells()
    {
        var runner = _start(_pipes, _input);
        _language.SetResult(runner);
        runner.WarmUp(() => _channel.Send(new Warm()), _firstCell.Token);
        foreach (var cell in _cells.GetConsumingEnumerable())
            Run(cell, runner);
    }

    private void Run(Execute cell, ICellRunner runner)
    {
        long started = _clock.GetTimestamp();
        using var interruption = new Interruption(cell.Id);
        _input.Begin(cell.Request.AllowInput);
        lock (_starting)
        {
            _running = interruption;
            if (_interrupted == cell.Id)
                interruption.Request();
        }
        var status = CellStatus.Ok;
        ErrorOutput? error = null;
        try
        {
            runner.Run(cell.Request, interruption);
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
            lock (_starting)
                _running = null;
        }
        _pipes.Out.Flush();
        _pipes.Error.Flush();
        if (error is not null)
            _pipes.Publish(error);
        double seconds = _clock.GetElapsedTime(started).TotalSeconds;
        _pipes.Publish(mark => new Done(cell.Id, status, error, seconds, mark));
    }
}
