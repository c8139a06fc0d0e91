using System.Collections.Concurrent;
using Course.Kernel.Session.Protocol;

namespace Course.Kernel.Session;

/// <summary>Standard input of cells: asks the host, where the host can answer; elsewhere reading is an error.</summary>
internal sealed class InputReader(CellPipes pipes) : TextReader
{
    private readonly BlockingCollection<string?> answers = [];
    private readonly Lock gate = new();
    private string rest = "";
    private bool waiting;

    public bool Allowed { get; set; }

    public void Answer(string? text)
    {
        lock (gate)
        {
            if (waiting)
                answers.Add(text);
            waiting = false;
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

    private bool Fill()
    {
        if (rest.Length > 0)
            return true;
        if (Question("", isPassword: false) is not { } text)
            return false;
        rest = text + "\n";
        return true;
    }

    private string? Question(string prompt, bool isPassword)
    {
        if (!Allowed)
            throw new InvalidOperationException("The cell asks for input, but nobody can be asked in this run: give the value in the code, or run the cell in a notebook.");
        lock (gate)
            waiting = true;
        pipes.Publish(mark => new NeedInput(prompt, isPassword, mark));
        return answers.Take();
    }
}
