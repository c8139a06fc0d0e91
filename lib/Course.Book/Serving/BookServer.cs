using System.Threading.Channels;
using Course.Book.Building;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Course.Book.Serving;

/// <summary>Shows the book on this machine only; a page that is open is loaded again when its notebook was executed.</summary>
public static class BookServer
{
    /// <summary>A run writes many files: the book is made when it has been quiet for so long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    private const string Reload = "<script>new EventSource(\"/changes\").onmessage = () => location.reload();</script></body>";

    /// <summary>Serves until cancelled.</summary>
    /// <param name="say">Takes a line of news: a build that was done, or why it could not be.</param>
    public static async Task RunAsync(BookBuilder builder, BookOptions options, int port, Action<string> say, CancellationToken cancel)
    {
        var web = WebApplication.CreateSlimBuilder();
        web.Logging.ClearProviders();
        await using var app = web.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        var changes = new Changes();
        app.MapGet("/changes", context => changes.SendAsync(context, cancel));
        app.Use(async (context, next) =>
        {
            string name = context.Request.Path.Value is { Length: > 1 } path ? path[1..] : "index.html";
            string file = Path.GetFullPath(name, options.Out);
            if (!name.EndsWith(".html", StringComparison.Ordinal) || !file.StartsWith(options.Out, StringComparison.Ordinal) || !File.Exists(file))
            {
                await next();
                return;
            }
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync((await File.ReadAllTextAsync(file)).Replace("</body>", Reload));
        });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(options.Out), ServeUnknownFileTypes = true });
        using var watcher = new FileSystemWatcher(options.Run) { IncludeSubdirectories = true };
        var touched = Channel.CreateUnbounded<string>();
        FileSystemEventHandler note = (_, e) => touched.Writer.TryWrite(e.FullPath);
        watcher.Changed += note;
        watcher.Created += note;
        watcher.Renamed += (_, e) => touched.Writer.TryWrite(e.FullPath);
        // Before anybody can have a page open, so that no change of it is missed.
        watcher.EnableRaisingEvents = true;
        await app.StartAsync(cancel);
        try
        {
            while (await touched.Reader.WaitToReadAsync(cancel))
            {
                await Task.Delay(Quiet, cancel);
                while (touched.Reader.TryRead(out _))
                {
                }
                await BuildAsync(builder, changes, say, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static async Task BuildAsync(BookBuilder builder, Changes changes, Action<string> say, CancellationToken cancel)
    {
        try
        {
            var result = await builder.BuildAsync(cancel);
            foreach (var finding in result.Findings)
                say(finding.ToString());
            say($"{result.Written} of {result.Pages} pages made again");
            if (result.Written > 0)
                changes.Announce();
        }
        catch (BookException e)
        {
            // A run in progress may have no report yet; its end is another change.
            say(e.Message);
        }
    }

    /// <summary>Tells the open pages of each new build, by server-sent events.</summary>
    private sealed class Changes
    {
        private TaskCompletionSource _next = New();

        public void Announce() => Interlocked.Exchange(ref _next, New()).SetResult();

        /// <summary>Until the page is closed or the server ends, which would wait for it.</summary>
        public async Task SendAsync(HttpContext context, CancellationToken end)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, end);
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            try
            {
                while (true)
                {
                    await Volatile.Read(ref _next).Task.WaitAsync(either.Token);
                    await context.Response.WriteAsync("data: built\n\n", either.Token);
                    await context.Response.Body.FlushAsync(either.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody is left to be told.
            }
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
