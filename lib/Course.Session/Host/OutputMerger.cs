using Course.Session.Contract;
using Course.Session.Contract.Protocol;

namespace Course.Session.Host;

/// <summary>
/// Puts what arrives on the two output pipes and on the socket into the order in which the session made it:
/// a message waits until both pipes have reached its mark, and text behind a mark waits for the message.
/// </summary>
internal sealed class OutputMerger(string token, Action<Message> deliver)
{
    private readonly Lock _gate = new();
    private readonly PipeParser[] _pipes = [new(token), new(token)];
    private readonly Queue<(long Mark, Message Message)> _messages = new();
    private long _passed;
    private bool _waitsForMessage;

    /// <param name="pipe">0 for standard output, 1 for standard error.</param>
    public void Text(int pipe, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _pipes[pipe].Add(bytes);
            Pump();
        }
    }

    public void Message(long mark, Message message)
    {
        lock (_gate)
        {
            _messages.Enqueue((mark, message));
            Pump();
        }
    }

    /// <summary>The session is gone: gives what is left, as far as its order is known.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            Pump();
            while (_messages.TryDequeue(out var next))
                deliver(next.Message);
            for (int pipe = 0; pipe < _pipes.Length; pipe++)
            {
                _pipes[pipe].Finish();
                while (_pipes[pipe].Next is { } item)
                    Take(pipe, item);
            }
        }
    }

    private void Pump()
    {
        while (true)
        {
            if (_messages.TryPeek(out var next) && next.Mark <= _passed)
            {
                _messages.Dequeue();
                _waitsForMessage &= next.Mark != _passed;
                deliver(next.Message);
                continue;
            }
            if (_waitsForMessage)
                return;
            for (int pipe = 0; pipe < _pipes.Length; pipe++)
            {
                while (_pipes[pipe].Next is { Mark: null } text)
                    Take(pipe, text);
            }
            if (_pipes[0].Next is not { Mark: { } mark } || _pipes[1].Next is not { Mark: not null })
                return;
            _pipes[0].Dequeue();
            _pipes[1].Dequeue();
            _passed = mark.Number;
            _waitsForMessage = mark.HasMessage;
        }
    }

    private void Take(int pipe, PipeItem item)
    {
        _pipes[pipe].Dequeue();
        if (item.Mark is null)
            deliver(new Output(new StreamOutput(pipe == 0 ? "stdout" : "stderr", item.Text), _passed));
    }
}
