using Course.Kernel.Cells;
using Course.Session.Contract.Protocol;

namespace Course.Session.Child;

/// <summary>Standard input of cells: asks the host, where the host can answer; elsewhere it is at its end, and questions are errors.</summary>
internal sealed class InputReader(CellPipes pipes) : TextReader
{
    /// <summary>A monitor, because the other ways to wait lose wake-ups when <see cref="Thread.Interrupt"/> hits them.</summary>
    private readonly object gate = new();
    private string rest = "";
    private bool allowed, told, answered, interrupted;
    private long question;
    private string? answer;

    /// <summary>A cell begins.</summary>
    /// <param name="mayAsk">Whether its host can answer.</param>
    public void Begin(bool mayAsk)
    {
        lock (gate)
            (allowed, told, interrupted) = (mayAsk, false, false);
    }

    /// <summary>Whoever waits for an answer, or asks another question in this cell, is interrupted.</summary>
    public void Interrupt()
    {
        lock (gate)
        {
            interrupted = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>An answer to an earlier question is not one to this.</summary>
    public void Answer(long mark, string? text)
    {
        lock (gate)
        {
            if (mark != question)
                return;
            (answered, answer) = (true, text);
            Monitor.PulseAll(gate);
        }
    }

    public override int Peek() => Fill() ? rest[0] : -1;

    public override int Read()
    {
        if (!Fill())
            return -1;
        var c = rest[0];
        rest = rest[1..];
        return c;
    }

    public override string? ReadLine()
    {
        if (!Fill())
            return null;
        var end = rest.IndexOf('\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? "" : rest[(end + 1)..];
        return line;
    }

    /// <exception cref="InvalidOperationException">Nobody can be asked in this run.</exception>
    public string Ask(string prompt, bool isPassword) =>
        Question(prompt, isPassword) ?? throw new InvalidOperationException("The question was not answered.");

    private const string Nobody = "The cell asks for input, but nobody can be asked in this run: give the value in the code, or run the cell in a notebook.";

    private bool Fill()
    {
        if (rest.Length > 0)
            return true;
        if (!allowed)
        {
            if (!told)
                pipes.Error.WriteLine($"{Nobody} What it reads is empty.");
            told = true;
            return false;
        }
        if (Question("", isPassword: false) is not { } text)
            return false;
        rest = text + "\n";
        return true;
    }

    private string? Question(string prompt, bool isPassword)
    {
        lock (gate)
        {
            if (!allowed)
                throw new InvalidOperationException(Nobody);
            if (interrupted)
                throw new CellInterruptedException();
        }
        pipes.Publish(mark =>
        {
            lock (gate)
                (question, answered) = (mark, false);
            return new NeedInput(prompt, isPassword, mark);
        });
        lock (gate)
        {
            while (!answered && !interrupted)
                Monitor.Wait(gate);
            return interrupted ? throw new CellInterruptedException() : answer;
        }
    }
}
