using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Course.Serving;

/// <summary>
/// A model behind HTTP on this machine's loopback address: <c>POST /v1/predict</c>, <c>POST /v1/predict/batch</c>,
/// <c>GET /health</c>, <c>/ready</c>, <c>/metrics</c> and <c>/openapi/v1.json</c>, and the Open Inference Protocol under <c>/v2</c>.
/// </summary>
public sealed class PredictionService : IAsyncDisposable
{
    // A receiver that is well takes the last metrics in this time, even when requests have taken the whole drain time.
    private static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(200);

    private readonly WebApplication _app;
    private readonly ServedModels _models;
    private readonly ServiceMetrics _metrics;
    private readonly Telemetry _telemetry;
    private readonly ServiceState _state;
    private readonly ServiceOptions _options;
    private readonly SemaphoreSlim _switching = new(1);
    private readonly Stack<ServedModel> _former = new();
    private readonly ILogger _log;
    private int _stopped;

    private PredictionService(WebApplication app, ServiceOptions options, ServedModels models, ServiceMetrics metrics, Telemetry telemetry, ServiceState state, ILogger log)
    {
        (_app, _options, _models, _metrics, _telemetry, _state, _log) = (app, options, models, metrics, telemetry, state, log);
        // In the order in which they were asked for.
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToArray();
        Url = addresses[0];
        GrpcUrl = options.HasGrpc ? addresses[^1] : null;
    }

    /// <summary>Where the service listens, for example http://127.0.0.1:38211.</summary>
    public Uri Url { get; }

    /// <summary>Where gRPC is spoken; null when it is not.</summary>
    public Uri? GrpcUrl { get; }

    public ServiceStatistics Statistics => _metrics.Snapshot(_models.Waiting);

    /// <summary>The model that answers now.</summary>
    public ArtefactInfo Current => _models.Current.Info;

    /// <summary>Starts the service and returns when it is ready: the model has passed its tests and answered once.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    /// <exception cref="ModelRefusedException">The model fails its tests.</exception>
    public static async Task<PredictionService> StartAsync(IPredictor predictor, ServiceOptions? options = null)
    {
        options ??= new ServiceOptions();
        options.Validate();
        var metrics = new ServiceMetrics();
        var state = new ServiceState();
        ILogger log = options.Log is null ? NullLogger.Instance : new JsonLinesLog(options.Log, options.Clock);
        var models = new ServedModels(options, metrics, log);
        Telemetry? telemetry = null;
        try
        {
            // The first predictions compile code and allocate buffers: no client should pay for it.
            models.Load(predictor);
            metrics.Observe(models, state);
            telemetry = new Telemetry(metrics, options);
            var keys = options.Keys is null ? null : new KeyRing(options.Keys);
            var warmUp = new WarmUp();
            var endpoints = new Endpoints(models, options, metrics, telemetry, state, keys, warmUp, log);
            var app = Build(options, models.Current, new InferenceService(models, options, state, endpoints));
            try
            {
                if (keys is not null)
                    app.Lifetime.ApplicationStopped.Register(keys.Dispose);
                endpoints.Map(app);
                await app.StartAsync();
                var service = new PredictionService(app, options, models, metrics, telemetry, state, log);
                await warmUp.RunAsync(service.Url, service.GrpcUrl, options.AllowedHosts[0], models.Current);
                metrics.Begin();
                state.IsReady = true;
                log.Ready(models.Current.Title, service.Url);
                return service;
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
        }
        catch
        {
            telemetry?.Dispose();
            metrics.Dispose();
            models.Dispose();
            throw;
        }
    }

    /// <summary>Loads a model beside the current one, for requests that name it (<c>/v2/models/NAME/versions/VERSION/infer</c>).</summary>
    /// <exception cref="ModelRefusedException">The model fails its tests, or is loaded already.</exception>
    public void Load(IPredictor predictor) => _models.Load(predictor);

    /// <summary>
    /// Puts another model in the place of the present one while requests go on: each is answered once, by the model that it began with.
    /// The former model stays loaded for <see cref="RollBackAsync"/>.
    /// </summary>
    /// <exception cref="ModelRefusedException">The model fails its tests; the present one stays.</exception>
    public async Task SwitchAsync(IPredictor predictor)
    {
        await _switching.WaitAsync();
        try
        {
            var former = _models.Current;
            // A version that was taken out by an earlier switch may come back, but as a new model: its file may have been made anew.
            if (_former.TryPeek(out var kept) && kept.Info.Name == predictor.Info.Name && kept.Info.Version == predictor.Info.Version)
                await _models.UnloadAsync(_former.Pop());
            _models.Promote(_models.Load(predictor));
            var forgotten = _former.TryPop(out var older) ? older : null;
            _former.Push(former);
            _log.Switched(_models.Current.Title, former.Title);
            if (forgotten is not null)
                await _models.UnloadAsync(forgotten);
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>Puts the model back that was there before the last switch, and takes the present one out.</summary>
    /// <returns>What answers from now on.</returns>
    /// <exception cref="InvalidOperationException">There was no switch, or it has been taken back already.</exception>
    public async Task<ArtefactInfo> RollBackAsync()
    {
        await _switching.WaitAsync();
        try
        {
            if (!_former.TryPop(out var former))
                throw new InvalidOperationException("There is no earlier model to go back to.");
            var present = _models.Current;
            _models.Promote(former);
            _log.Switched(former.Title, present.Title);
            await _models.UnloadAsync(present);
            return former.Info;
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>
    /// Reports "not ready", answers the requests that are under way, and ends. What is not answered within
    /// <see cref="ServiceOptions.DrainTime"/> gets 503. A receiver of metrics and traces that is slow does not make it longer. A second
    /// call does nothing.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
            return;
        (_state.IsReady, _state.IsStopping) = (false, true);
        long start = _options.Clock.GetTimestamp();
        using var drained = new CancellationTokenSource(_options.DrainTime, _options.Clock);
        // Whoever still waits when the time is up is told so, and then the server has nobody left to wait for.
        using var end = drained.Token.Register(_models.Dispose);
        await _app.StopAsync(CancellationToken.None);
        _models.Dispose();
        await _app.DisposeAsync();
        var left = _options.DrainTime - _options.Clock.GetElapsedTime(start);
        if (!await _telemetry.StopAsync(left > LastWord ? left : LastWord, _options.Clock))
            _log.Unsent(_options.DrainTime.TotalSeconds, _models.Current.Title);
        _metrics.Dispose();
        _log.Stopped(Statistics.Requests, _models.Current.Title);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static WebApplication Build(ServiceOptions options, ServedModel model, InferenceService grpc)
    {
        // An empty builder reads no settings files and no environment: the options say all there is.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(sockets =>
        {
            // No handler blocks for long, so the thread that has read a request goes on with it: each hop to another costs microseconds.
            sockets.UnsafePreferInlineScheduling = true;
        }).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes ?? model.Rules.BatchBody;
            // A body waits here until it is read: with many clients this is what memory goes into.
            kestrel.Limits.MaxRequestBufferSize = 128 * 1024;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections ?? HandleLimit.Connections();
            kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            // What streams may send ahead of being read counts for each connection.
            (kestrel.Limits.Http2.InitialStreamWindowSize, kestrel.Limits.Http2.InitialConnectionWindowSize) = (128 * 1024, 256 * 1024);
            kestrel.Listen(options.Address, options.Port, listen =>
            {
                if (options.Certificate is not null)
                    listen.UseHttps(options.Certificate);
                else
                    listen.Protocols = HttpProtocols.Http1;
            });
            if (options.GrpcPort is { } port)
                kestrel.Listen(options.Address, port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        if (options.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        if (options.HasGrpc)
            grpc.AddTo(builder.Services, model.Rules);
        builder.Services.AddOpenApi(description => description.AddOperationTransformer(InterfaceDescription.CompleteAsync));
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = [.. options.AllowedHosts]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + TimeSpan.FromSeconds(5));
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
    private volatile bool _isReady;
    private volatile bool _isStopping;

    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    public bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }
}
