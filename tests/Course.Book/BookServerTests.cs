using System.Net;
using System.Net.Sockets;
using Course.Book.Building;
using Course.Book.Serving;

namespace Course.Book.Tests;

public sealed class BookServerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Server_ANotebookIsExecutedAgain_TellsTheOpenPagesAndShowsIt()
    {
        using var run = new SmallRun();
        await run.BuildAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var said = new List<string>();
        int port = FreePort();
        var serving = BookServer.RunAsync(new BookBuilder(run.Options), run.Options, port, said.Add, stop.Token);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = Limit };

        Assert.Contains("<h1", await FirstAsync(client, serving, limit.Token));
        Assert.Contains("new EventSource(\"/changes\")", await client.GetStringAsync("01-first.html", limit.Token));
        using var changes = new StreamReader(await client.GetStreamAsync("changes", limit.Token));

        run["01-first"].Cells.Single(c => c.Id == "first-text").Source += "\n\nA word that was not there: zeppelin.";
        run.Write();
        // A build between the notebook's end and its report's may come first.
        do
            Assert.Equal("data: built", await NextAsync(changes, limit.Token));
        while (!(await client.GetStringAsync("01-first.html", limit.Token)).Contains("zeppelin", StringComparison.Ordinal));
        Assert.Contains("1 of 2 pages made again", said);

        // An open page does not hold the server's end up.
        await stop.CancelAsync();
        Assert.Null(await NextAsync(changes, limit.Token));
        await serving;
    }

    /// <summary>The start page, as soon as the server listens.</summary>
    private static async Task<string> FirstAsync(HttpClient client, Task serving, CancellationToken deadline)
    {
        while (true)
            try
            {
                return await client.GetStringAsync("", deadline);
            }
            catch (HttpRequestException) when (!serving.IsCompleted)
            {
                await Task.Delay(50, deadline);
            }
    }

    /// <summary>The next line that says something; null at the end.</summary>
    private static async Task<string?> NextAsync(StreamReader changes, CancellationToken deadline)
    {
        while (await changes.ReadLineAsync(deadline) is { } line)
            if (line.Length > 0)
                return line;
        return null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
