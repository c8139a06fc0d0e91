using Course.Kernel.Cells;
using Course.Session.Contract.Protocol;

namespace Course.Session.Child;

/// <summary>Standard input of cells: asks the host, where the host can answer; elsewhere it is at its end, and questions are errors.</summary>
internal sealed class InputReader(CellPipes pipes) : TextReader
{
    /// <summary>A monitor, because the other ways to wait lose wake-ups when <see cref="Thread.Interrupt"/> hits them.</summary>
    private readonly object _gate = new();
    private string _rest = "";
    private bool _allowed, _told, _answered, _interrupted;
    private long _question;
    private string? _answer;

    /// <summary>A cell begins.</summary>
    /// <param name="mayAsk">Whether its host can answer.</param>
    public void Begin(bool mayAsk)
    {
        lock (_gate)
            (_allowed, _told, _interrupted) = (mayAsk, false, false);
    }

    /// <summary>Whoever waits for an answer, or asks another question in this cell, is interrupted.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            _interrupted = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>An answer to an earlier question is not one to this.</summary>
    public void Answer(long mark, string? text)
    {
        lock (_gate)
        {
            if (mark != _question)
                return;
            (_answered, _answer) = (true, text);
            Monitor.PulseAll(_gate);
        }
    }

    public override int Peek() => Fill() ? _rest[0] : -1;

    public override int Read()
    {
        if (!Fill())
            return -1;
        char c = _rest[0];
        _rest = _rest[1..];
        return c;
    }

    public override string? ReadLine()
    {
        if (!Fill())
            return null;
        int end = _rest.IndexOf('\n');
        string line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? "" : _rest[(end + 1)..];
        return line;
    }

    /// <exception cref="InvalidOperationException">Nobody can be asked in this run.</exception>
    public string Ask(string prompt, bool isPassword) =>
        Question(prompt, isPassword) ?? throw new InvalidOperationException("The question was not answered.");

    private const string Nobody = "The cell asks for input, but nobody can be asked in this run: give the value in the code, or run the cell in a notebook.";

    private bool Fill()
    {
        if (_rest.Length > 0)
            return true;
        if (!_allowed)
        {
            if (!_told)
                pipes.Error.WriteLine($"{Nobody} What it reads is empty.");
            _told = true;
            return false;
        }
        if (Question("", isPassword: false) is not { } text)
            return false;
        _rest = text + "\n";
        return true;
    }

    private string? Question(string prompt, bool isPassword)
    {
        lock (_gate)
        {
            if (!_allowed)
                throw new InvalidOperationException(Nobody);
            if (_interrupted)
                throw new CellInterruptedException();
        }
        pipes.Publish(mark =>
        {
            lock (_gate)
                (_question, _answered) = (mark, false);
            return new NeedInput(prompt, isPassword, mark);
        });
        lock (_gate)
        {
            while (!_answered && !_interrupted)
                Monitor.Wait(_gate);
            return _interrupted ? throw new CellInterruptedException() : _answer;
        }
    }
}
