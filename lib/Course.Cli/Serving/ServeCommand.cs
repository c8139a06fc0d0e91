using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Course.Cli.Commands;
using Course.Serving;

namespace Course.Cli.Serving;

/// <summary><c>course serve</c>: a model behind HTTP until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var artefact = new Argument<FileInfo?>("artefact") { Description = "A model's file (.csmodel). None: the current version of --registry.", Arity = ArgumentArity.ZeroOrOne };
        var registry = new Option<DirectoryInfo?>("--registry") { Description = "Serve the registry's current version, and follow it: a promotion or a roll-back there takes effect here." };
        var port = new Option<int>("--port") { Description = "Port; 0 lets the system choose.", DefaultValueFactory = _ => 8080 };
        var grpc = new Option<int?>("--grpc-port") { Description = "Speak gRPC (Open Inference Protocol) here, without TLS; 0 lets the system choose. With --certificate gRPC is at --port." };
        var threads = new Option<int>("--threads") { Description = "Threads of one prediction. One is best when requests come often.", DefaultValueFactory = _ => 1 };
        var predictor = new Option<string>("--predictor") { Description = $"What computes the answers: {Predictors.TorchSharp}, the engine of this build, or {Predictors.OnnxRuntime}, built once with: dotnet build lib/Course.Serving.OnnxRuntime", DefaultValueFactory = _ => Predictors.TorchSharp };
        predictor.AcceptOnlyFromAmong(Predictors.TorchSharp, Predictors.OnnxRuntime);
        var address = new Option<string>("--address") { Description = "Where to listen; beyond loopback only with --certificate and --keys.", DefaultValueFactory = _ => "127.0.0.1" };
        var hosts = new Option<string[]>("--host") { Description = "A name by which clients may call this machine, beside localhost; repeat it for more.", DefaultValueFactory = _ => [] };
        var certificate = new Option<FileInfo?>("--certificate") { Description = "Speak HTTPS with this certificate and its private key (one PEM file)." };
        var keys = new Option<FileInfo?>("--keys") { Description = "Answer only to keys of this file; make one with: course serve key." };
        var feedback = new Option<FileInfo?>("--feedback") { Description = "Keep what users say about answers (POST /v1/feedback) in this SQLite file." };
        var logs = new Option<bool>("--log") { Description = "Log to standard error, one JSON object a line: never an input or a key." };
        var otlp = new Option<string?>("--otlp") { Description = "Send metrics and traces by OTLP (HTTP with protobuf) to this address, for example http://127.0.0.1:4318." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line: that the service is ready, and what it did when it stops." };
        Inputs.Positive(1024, threads);
        Inputs.NotEmpty(registry);
        Inputs.NotEmpty(certificate, keys, feedback);
        var command = new Command("serve", "Serve a model over HTTP until Ctrl-C or SIGTERM.\n\nExamples:\n  course serve digits-1.1.0.csmodel\n  course serve --registry models --port 0 --json\n  course serve digits-1.1.0.csmodel --predictor onnxruntime") { artefact, registry, port, grpc, address, hosts, certificate, keys, feedback, threads, predictor, logs, otlp, json };
        command.Subcommands.Add(Key());
        command.Subcommands.Add(ReplicasCommand.Create());
        command.SetAction((parsed, cancel) => ServeAsync(parsed.GetValue(artefact), parsed.GetValue(registry), parsed.GetValue(threads), parsed.GetValue(predictor)!, () => new ServiceOptions
        {
            Port = parsed.GetValue(port),
            GrpcPort = parsed.GetValue(grpc),
            Address = IPAddress.TryParse(parsed.GetValue(address), out var parsedAddress) ? parsedAddress : throw new WrongUseException($"--address takes an IP address, not '{parsed.GetValue(address)}'."),
            AllowedHosts = [.. new ServiceOptions().AllowedHosts, .. parsed.GetValue(hosts)!],
            Certificate = parsed.GetValue(certificate) is { } pem ? X509Certificate2.CreateFromPemFile(pem.FullName) : null,
            Keys = parsed.GetValue(keys) is { } secrets ? ApiKeyFile.Read(secrets.FullName) : null,
            Feedback = parsed.GetValue(feedback) is { } store ? new SqliteFeedbackStore(store.FullName) : null,
            Otlp = parsed.GetValue(otlp) is not { } receiver ? null : Uri.TryCreate(receiver, UriKind.Absolute, out var where) ? where : throw new WrongUseException($"--otlp takes an address like http://127.0.0.1:4318, not '{receiver}'."),
            Log = parsed.GetValue(logs) ? Console.Error : null,
            // The command line gives a program five seconds to end.
            DrainTime = TimeSpan.FromSeconds(4),
        }, parsed.GetValue(json), cancel));
        return command;
    }

    private static Command Key()
    {
        var file = new Option<FileInfo>("--keys") { Description = "The file to add it to; it is made when it does not exist.", Required = true };
        var scopes = new Option<KeyScopes[]>("--scope") { Description = "What it allows: predict, feedback, admin; repeat it for more.", DefaultValueFactory = _ => [KeyScopes.Predict] };
        var rate = new Option<int>("--rate") { Description = "Requests a second; 0 is any number.", DefaultValueFactory = _ => 0 };
        rate.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] text }])
                result.AddError($"--rate must not be negative, but is {text}.");
        });
        var json = new Option<bool>("--json") { Description = "Print the key as JSON, with its id." };
        var command = new Command("key", "Make a key for clients. It is printed once; the file keeps a slow hash of it.\n\nExample: course serve key --keys keys.json --scope predict --rate 100") { file, scopes, rate, json };
        command.SetAction(parsed =>
        {
            var key = ApiKey.Create(parsed.GetValue(scopes)!.Aggregate(KeyScopes.None, (all, scope) => all | scope), out string secret, parsed.GetValue(rate));
            ApiKeyFile.Add(parsed.GetValue(file)!.FullName, key);
            Say(parsed.GetValue(json), new { key.Id, Key = secret }, secret);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> ServeAsync(FileInfo? file, DirectoryInfo? folder, int threads, string predictor, Func<ServiceOptions> options, bool json, CancellationToken cancel)
    {
        if (file is null == folder is null)
            throw new WrongUseException("name either a model's file or --registry, not both and not none.");
        if (folder is { Exists: false })
            throw new WrongUseException($"there is no folder '{folder.FullName}'. Make a registry with: course registry add MODEL --registry {folder}");
        var models = folder is null ? null : new ModelRegistry(folder.FullName);
        TorchSharp.torch.set_num_threads(threads);
        ReadOnWaitingThreads();
        PredictionService service;
        Func<ModelArtefact, IPredictor> create;
        try
        {
            create = Predictors.Find(predictor, threads, AppContext.BaseDirectory);
            var loaded = models is null ? ModelArtefact.Load(file!.FullName)
                : models.Load(models.CurrentVersion ?? throw new InvalidOperationException($"The registry '{folder!.FullName}' has no current version; promote one first."));
            service = await PredictionService.StartAsync(create(loaded), options());
        }
        catch (Exception e) when (e is ArtefactException or ModelRefusedException or IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or ArgumentException or CryptographicException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
        await using (service)
        {
            double ready = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
            Say(json, new { Event = "ready", service.Url, service.GrpcUrl, Model = service.Current.Name, service.Current.Version, ReadyMs = Math.Round(ready), Pid = Environment.ProcessId },
                $"{service.Current.Name} {service.Current.Version} at {service.Url} (ready after {ready:F0} ms; Ctrl-C stops)");
            var stop = new TaskCompletionSource();
            if (models is not null)
                _ = FollowAsync(models, service, create, json, stop.Task);
            using var interrupt = cancel.Register(() => stop.TrySetResult());
            await stop.Task;
            await service.StopAsync();
            var done = service.Statistics;
            Say(json, new { Event = "stopped", done.Requests, done.Errors, done.Inputs, done.Batches, done.Rejected }, $"stopped after {done.Requests:N0} requests");
        }
        return ExitCode.Done;
    }

    /// <summary>
    /// Looks every second which version is current, and switches to it. One that cannot be loaded is tried again after 1, 2, 4 … at most 60
    /// seconds, because what was wrong with it may be mended; each thing that is wrong is said once. The present version stays.
    /// </summary>
    private static async Task FollowAsync(ModelRegistry models, PredictionService service, Func<ModelArtefact, IPredictor> create, bool json, Task stop)
    {
        const int longest = 60;
        string? failed = null, said = null;
        int pause = 0, wait = 0;
        while (await Task.WhenAny(stop, Task.Delay(TimeSpan.FromSeconds(1))) != stop)
        {
            string? wanted = null;
            try
            {
                wanted = models.CurrentVersion;
                if (wanted is null || wanted == service.Current.Version)
                {
                    (failed, said, pause) = (null, null, 0);
                    continue;
                }
                if (wanted == failed && --wait > 0)
                    continue;
                await service.SwitchAsync(create(models.Load(wanted)));
                Say(json, new { Event = "switched", Model = service.Current.Name, service.Current.Version }, $"switched to {service.Current.Name} {service.Current.Version}");
            }
            catch (Exception e) when (e is ArtefactException or ModelRefusedException or IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException)
            {
                pause = wanted == failed ? Math.Clamp(2 * pause, 1, longest) : 1;
                (failed, wait) = (wanted, pause);
                if (said != e.Message)
                    Console.Error.WriteLine($"course: still serving {service.Current.Version}. {e.Message}");
                said = e.Message;
            }
        }
    }

    /// <summary>
    /// A thread that waits for connections with data reads them, too, instead of waking another one that reads; there is one for two
    /// processors, because a model's thread wants the other. These are .NET's own switches, which it looks up when the first socket is
    /// made, and which have an effect on Linux and macOS. Whoever sets the first must not block in what follows a read, and the
    /// service's endpoints do not. A value from outside stays.
    /// </summary>
    private static void ReadOnWaitingThreads()
    {
        Set("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Set("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", Math.Max(1, Environment.ProcessorCount / 2).ToString(CultureInfo.InvariantCulture));

        static void Set(string name, string value)
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static void Say<T>(bool json, T data, string words)
    {
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(data, Json) : words);
        Console.Out.Flush();
    }
}
