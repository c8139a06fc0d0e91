using Course.Session.Contract;
using Course.Session.Contract.Protocol;

namespace Course.Session.Host;

/// <summary>
/// Puts what arrives on the two output pipes and on the socket into the order in which the session made it:
/// a message waits until both pipes have reached its mark, and text behind a mark waits for the message.
/// </summary>
internal sealed class OutputMerger(string token, Action<Message> deliver)
{
    private readonly Lock gate = new();
    private readonly PipeParser[] pipes = [new(token), new(token)];
    private readonly Queue<(long Mark, Message Message)> messages = new();
    private long passed;
    private bool waitsForMessage;

    /// <param name="pipe">0 for standard output, 1 for standard error.</param>
    public void Text(int pipe, ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            pipes[pipe].Add(bytes);
            Pump();
        }
    }

    public void Message(long mark, Message message)
    {
        lock (gate)
        {
            messages.Enqueue((mark, message));
            Pump();
        }
    }

    /// <summary>The session is gone: gives what is left, as far as its order is known.</summary>
    public void Drain()
    {
        lock (gate)
        {
            Pump();
            while (messages.TryDequeue(out var next))
                deliver(next.Message);
            for (var pipe = 0; pipe < pipes.Length; pipe++)
            {
                pipes[pipe].Finish();
                while (pipes[pipe].Next is { } item)
                    Take(pipe, item);
            }
        }
    }

    private void Pump()
    {
        while (true)
        {
            if (messages.TryPeek(out var next) && next.Mark <= passed)
            {
                messages.Dequeue();
                waitsForMessage &= next.Mark != passed;
                deliver(next.Message);
                continue;
            }
            if (waitsForMessage)
                return;
            for (var pipe = 0; pipe < pipes.Length; pipe++)
            {
                while (pipes[pipe].Next is { Mark: null } text)
                    Take(pipe, text);
            }
            if (pipes[0].Next is not { Mark: { } mark } || pipes[1].Next is not { Mark: not null })
                return;
            pipes[0].Dequeue();
            pipes[1].Dequeue();
            passed = mark.Number;
            waitsForMessage = mark.HasMessage;
        }
    }

    private void Take(int pipe, PipeItem item)
    {
        pipes[pipe].Dequeue();
        if (item.Mark is null)
            deliver(new Output(new StreamOutput(pipe == 0 ? "stdout" : "stderr", item.Text), passed));
    }
}
