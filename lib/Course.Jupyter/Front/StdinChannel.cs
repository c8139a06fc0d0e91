using Course.Jupyter.Messages;
using Course.Jupyter.Zmtp;
using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>Asks the front end that runs a cell for a line of text.</summary>
internal sealed class StdinChannel(RouterSocket socket, WireFormat wire)
{
    private readonly Lock _lock = new();
    private (string Id, TaskCompletionSource<string?> Answer)? _asked;

    /// <summary>The request whose cell runs, when its sender can answer questions.</summary>
    public JupyterMessage? Asker { get; set; }

    /// <returns>Null when nobody can be asked, or the cell was interrupted meanwhile.</returns>
    public Task<string?> AskAsync(InputRequest request)
    {
        if (Asker is not { } parent)
            return Task.FromResult<string?>(null);
        var frames = wire.Build("input_request", new() { ["prompt"] = WireFormat.Text(request.Prompt), ["password"] = request.IsPassword }, parent.HeaderBytes);
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _asked?.Answer.TrySetResult(null);
            _asked = (WireFormat.IdOf(frames), answer);
        }
        if (!socket.Send(parent.Identity, frames))
            answer.TrySetResult(null);
        return answer.Task;
    }

    /// <summary>Ends an open question without an answer.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _asked?.Answer.TrySetResult(null);
            _asked = null;
        }
    }

    public async Task ReceiveAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (identity, frames) = await socket.ReceiveAsync(cancel).ConfigureAwait(false);
            if (wire.Parse(identity, frames) is not { Type: "input_reply" } reply)
                continue;
            lock (_lock)
            {
                // Older clients leave the parent out; an answer to an earlier question is not one to this.
                if (_asked is not { } asked || reply.ParentId is { Length: > 0 } id && id != asked.Id)
                    continue;
                asked.Answer.TrySetResult(reply.Content.Text("value"));
                _asked = null;
            }
        }
    }
}
