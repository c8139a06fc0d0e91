using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Course.Serving;

/// <summary>
/// A model behind HTTP on this machine's loopback address: <c>POST /v1/predict</c>, <c>POST /v1/predict/batch</c>,
/// <c>GET /health</c>, <c>/ready</c>, <c>/metrics</c> and <c>/openapi/v1.json</c>.
/// </summary>
public sealed class PredictionService : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly MicroBatcher batcher;
    private readonly ServiceMetrics metrics;
    private readonly ServiceState state;
    private int stopped;

    private PredictionService(WebApplication app, MicroBatcher batcher, ServiceMetrics metrics, ServiceState state)
    {
        (this.app, this.batcher, this.metrics, this.state) = (app, batcher, metrics, state);
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>Where the service listens, for example http://127.0.0.1:38211.</summary>
    public Uri Url { get; }

    public ServiceStatistics Statistics => metrics.Snapshot(batcher.Waiting);

    /// <summary>Starts the service and returns when it is ready: the network has made one prediction already.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<PredictionService> StartAsync(IPredictor predictor, ServiceOptions? options = null)
    {
        options ??= new ServiceOptions();
        options.Validate();
        predictor.Info.Validate();
        var metrics = new ServiceMetrics();
        var state = new ServiceState();
        var batcher = new MicroBatcher(predictor, options, metrics);
        var app = Build(options);
        try
        {
            new Endpoints(predictor.Info, options, batcher, metrics, state).Map(app);
            await app.StartAsync();
            // The first prediction compiles code and allocates buffers: no client should pay for it.
            await batcher.PredictAsync([new float[predictor.Info.Preprocessing.Count()]], CancellationToken.None);
            metrics.Reset();
            state.IsReady = true;
            return new PredictionService(app, batcher, metrics, state);
        }
        catch
        {
            await app.DisposeAsync();
            await batcher.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reports "not ready", answers the requests that are under way, and ends. A second call does nothing.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 1) return;
        state.IsReady = false;
        await app.StopAsync();
        await batcher.DisposeAsync();
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static WebApplication Build(ServiceOptions options)
    {
        // An empty builder reads no settings files and no environment: the options say all there is.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenApi();
        // The service lives inside another program: Ctrl-C and termination are that program's business.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder.Build();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>Whether requests are accepted; shared by the service and its endpoints.</summary>
internal sealed class ServiceState
{
    private volatile bool isReady;

    public bool IsReady
    {
        get => isReady;
        set => isReady = value;
    }
}
