using System.Net;
using System.Text.Json.Nodes;
using Course.Jupyter.Front;
using Course.Jupyter.Messages;
using Course.Jupyter.Zmtp;
using Course.Session.Host;

namespace Course.Jupyter.Tests;

/// <summary>A client's request that is too long, through the whole kernel.</summary>
public sealed class LargeMessageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task ACellBeyond200MiB_IsAnsweredByAnError_AndTheNextOneRuns()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var kernel = new JupyterKernel(ConnectionFile.Create(), new()
        {
            StartSession = async cancel => await SessionProcess.StartAsync(new() { WorkingDirectory = Path.GetTempPath(), StartWarm = false }, cancel),
            Log = TextWriter.Null,
        });
        var wire = new WireFormat(kernel.Connection.Key);
        await using var shell = new DealerSocket("client"u8.ToArray());
        await shell.ConnectAsync(IPAddress.Loopback, kernel.Connection.ShellPort, limit.Token);

        // Only a caller that has signed something may send more than a stranger.
        Assert.Equal("ok", (await AskAsync("kernel_info_request", [])).Content.Text("status"));
        // In two parts: the writer of JSON takes no longer ones.
        var tooLong = Cell(new string(' ', 101 << 20));
        tooLong["user_expressions"] = new JsonObject { ["length"] = new string(' ', 100 << 20) };
        var refused = await AskAsync("execute_request", tooLong);
        Assert.Equal(("error", "MessageTooLarge"), (refused.Content.Text("status"), refused.Content.Text("ename")));
        Assert.Contains("more than 200 MiB", refused.Content.Text("evalue"), StringComparison.Ordinal);
        Assert.Equal("ok", (await AskAsync("execute_request", Cell("1 + 1"))).Content.Text("status"));

        async Task<JupyterMessage> AskAsync(string type, JsonObject content)
        {
            var frames = wire.Build(type, content);
            // A long message is answered when its last bytes have come; here it may count as waiting for a moment more.
            while (!shell.Send(frames))
                await Task.Delay(10, limit.Token);
            while (true)
                if (wire.Parse([], await shell.ReceiveAsync(limit.Token)) is { } reply && reply.ParentId == WireFormat.IdOf(frames))
                    return reply;
        }

        static JsonObject Cell(string code) => new() { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = false, ["stop_on_error"] = true };
    }
}
