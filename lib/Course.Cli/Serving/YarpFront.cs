using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace Course.Cli.Serving;

/// <summary>YARP as the proxy, in this process: for machines without HAProxy.</summary>
internal sealed class YarpFront : IFront
{
    private static readonly ForwarderRequestConfig Patience = new() { ActivityTimeout = TimeSpan.FromSeconds(5) };

    private readonly WebApplication _app;
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(1),
    });
    private volatile Uri[] _replicas = [];
    private int _turn;
    private int _retried;

    private YarpFront(WebApplication app) => (_app, _forwarder) = (app, app.Services.GetRequiredService<IHttpForwarder>());

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public string Name => "YARP";

    public Task<int> RetriedAsync() => Task.FromResult(Volatile.Read(ref _retried));

    public static async Task<YarpFront> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddHttpForwarder();
        var front = new YarpFront(builder.Build());
        front._app.Run(front.AnswerAsync);
        await front._app.StartAsync();
        return front;
    }

    public Task UseAsync(IReadOnlyList<Uri> replicas)
    {
        _replicas = [.. replicas];
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // Kept, so that it can be sent again.
        context.Request.EnableBuffering();
        var replicas = _replicas;
        int turn = Interlocked.Increment(ref _turn) & int.MaxValue;
        for (int i = 0; i < replicas.Length; i++)
        {
            if (i > 0)
                Interlocked.Increment(ref _retried);
            context.Request.Body.Position = 0;
            await _forwarder.SendAsync(context, replicas[(turn + i) % replicas.Length].ToString(), _client, Patience, AllButBusy.Instance);
            if (context.Response.HasStarted || context.Response.StatusCode is not (StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout))
                return;
            context.Response.Clear();
        }
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    /// <summary>Passes answers on, but of 503 only the status, so that another replica may still answer.</summary>
    private sealed class AllButBusy : HttpTransformer
    {
        public static AllButBusy Instance { get; } = new();

        public override async ValueTask<bool> TransformResponseAsync(HttpContext context, HttpResponseMessage? answer, CancellationToken cancel) =>
            await base.TransformResponseAsync(context, answer, cancel) && answer?.StatusCode != HttpStatusCode.ServiceUnavailable;
    }
}
