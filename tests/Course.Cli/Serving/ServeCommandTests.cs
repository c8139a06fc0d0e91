using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Course.Serving;
using Course.Serving.Tests;
using Course.Tests.Data;
using Microsoft.Data.Sqlite;

namespace Course.Cli.Tests.Serving;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Model(string version)
    {
        using var network = Architectures.Create(Architectures.Reference);
        string path = _folder.File($"{version}.csmodel");
        ModelArtefact.From(network, new ArtefactInfo
        {
            Name = "digits",
            Version = version,
            Architecture = Architectures.Reference,
            Labels = [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")],
            Preprocessing = Preprocessing.Mnist,
        }).Save(path);
        return path;
    }

    private static async Task<JsonElement> LineAsync(Process process) =>
        JsonDocument.Parse(await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) ?? throw new IOException(await process.StandardError.ReadToEndAsync())).RootElement;

    private static StringContent Body() => new($"{{\"input\":[{string.Join(',', Enumerable.Repeat("7", 784))}]}}", Encoding.UTF8, "application/json");

    [Fact]
    public async Task Serve_WithKeysTlsAndALog_AnswersAndStopsOnSigterm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a signal");
        string keys = _folder.File("keys.json");
        var (code, secret, error) = await CourseProcess.RunAsync(_folder.Path, "serve", "key", "--keys", keys, "--scope", "predict", "--rate", "100");
        Assert.Equal((0, ""), (code, error));
        secret = secret.Trim();
        Assert.StartsWith("ck_", secret);
        Assert.DoesNotContain(secret[16..], File.ReadAllText(keys));
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", own, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_folder.File("tls.pem"), certificate.ExportCertificatePem() + "\n" + own.ExportPkcs8PrivateKeyPem());

        using var process = CourseProcess.Start(_folder.Path, "serve", Model("1.0.0"), "--port", "0", "--json", "--log", "--keys", keys, "--certificate", _folder.File("tls.pem"));
        var ready = await LineAsync(process);
        Assert.Equal(("ready", "digits", "1.0.0"), (ready.GetProperty("event").GetString(), ready.GetProperty("model").GetString(), ready.GetProperty("version").GetString()));
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, given, _, _) => given?.Thumbprint == certificate.Thumbprint });
        http.BaseAddress = new Uri(ready.GetProperty("url").GetString()!);
        Assert.Equal("https", http.BaseAddress.Scheme);
        Assert.Equal(401, (int)(await http.PostAsync("/v1/predict", Body())).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        Assert.Contains("digits 1.0.0", await (await http.PostAsync("/v1/predict", Body())).Content.ReadAsStringAsync());

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        var stopped = await LineAsync(process);
        Assert.Equal(("stopped", 2), (stopped.GetProperty("event").GetString(), stopped.GetProperty("requests").GetInt32()));
        string log = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("\"event\":\"Refused\"", log);
        Assert.DoesNotContain(secret, log);
    }

    [Fact]
    public async Task Serve_OfARegistry_FollowsAPromotionAndSpeaksGrpc()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a signal");
        var registry = new ModelRegistry(_folder.File("models"), "test");
        foreach (string version in new[] { "1.0.0", "1.1.0" })
            registry.Add(ModelArtefact.Load(Model(version)));
        registry.Promote("1.0.0");
        using var process = CourseProcess.Start(_folder.Path, "serve", "--registry", _folder.File("models"), "--port", "0", "--grpc-port", "0", "--json");
        var ready = await LineAsync(process);
        Assert.Equal("1.0.0", ready.GetProperty("version").GetString());
        Assert.NotEqual(ready.GetProperty("url").GetString(), ready.GetProperty("grpc_url").GetString());

        registry.Promote("1.1.0");

        var switched = await LineAsync(process);
        Assert.Equal(("switched", "1.1.0"), (switched.GetProperty("event").GetString(), switched.GetProperty("version").GetString()));
        using var http = new HttpClient { BaseAddress = new Uri(ready.GetProperty("url").GetString()!) };
        Assert.Contains("digits 1.1.0", await (await http.PostAsync("/v1/predict", Body())).Content.ReadAsStringAsync());
        process.Kill();
        await process.WaitForExitAsync();
    }

    [Fact]
    public async Task Serve_OfARegistryWhoseDatabaseIsDamaged_AnswersAndFollowsAgainWhenItIsBack()
    {
        var registry = new ModelRegistry(_folder.File("models"), "test");
        foreach (string version in new[] { "1.0.0", "1.1.0" })
            registry.Add(ModelArtefact.Load(Model(version)));
        registry.Promote("1.1.0");
        string database = ModelRegistry.DatabaseFile(_folder.File("models"));
        byte[] sound = File.ReadAllBytes(database);
        registry.Promote("1.0.0");
        using var process = CourseProcess.Start(_folder.Path, "serve", "--registry", _folder.File("models"), "--port", "0", "--json");
        var ready = await LineAsync(process);
        Assert.Equal("1.0.0", ready.GetProperty("version").GetString());
        using var http = new HttpClient { BaseAddress = new Uri(ready.GetProperty("url").GetString()!) };

        File.WriteAllBytes(database, sound[..(sound.Length / 2)]);

        string? said = await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.StartsWith("course: still serving 1.0.0.", said);
        Assert.Contains(database, said);
        Assert.Contains("digits 1.0.0", await (await http.PostAsync("/v1/predict", Body())).Content.ReadAsStringAsync());
        // A backup in which the other version is current comes back.
        var back = Stopwatch.StartNew();
        File.WriteAllBytes(database, sound);
        var switched = await LineAsync(process);
        RecoveryTable.Add("a damaged database", "the present version goes on answering; a backup is put back", back.Elapsed);
        Assert.Equal(("switched", "1.1.0"), (switched.GetProperty("event").GetString(), switched.GetProperty("version").GetString()));
        Assert.Contains("digits 1.1.0", await (await http.PostAsync("/v1/predict", Body())).Content.ReadAsStringAsync());
        process.Kill();
        await process.WaitForExitAsync();
    }

    [Fact]
    public async Task Serve_OfARegistryWhoseNextVersionIsLost_TakesItWhenItsFileIsBack()
    {
        var registry = new ModelRegistry(_folder.File("models"), "test");
        foreach (string version in new[] { "1.0.0", "1.1.0" })
            registry.Add(ModelArtefact.Load(Model(version)));
        registry.Promote("1.1.0");
        string database = ModelRegistry.DatabaseFile(_folder.File("models")), file = Path.Combine(_folder.File("models"), "1.1.0.csmodel");
        byte[] promoted = File.ReadAllBytes(database);
        registry.Promote("1.0.0");
        using var process = CourseProcess.Start(_folder.Path, "serve", "--registry", _folder.File("models"), "--port", "0", "--json");
        using var http = new HttpClient { BaseAddress = new Uri((await LineAsync(process)).GetProperty("url").GetString()!) };

        // A registry does not promote a version whose file is away; a disk may lose it right afterwards.
        File.Move(file, _folder.File("away"));
        File.WriteAllBytes(database, promoted);

        string? said = await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.StartsWith("course: still serving 1.0.0. Version 1.1.0 cannot be loaded", said);
        Assert.Contains("digits 1.0.0", await (await http.PostAsync("/v1/predict", Body())).Content.ReadAsStringAsync());
        File.Move(_folder.File("away"), file);
        Assert.Equal("1.1.0", (await LineAsync(process)).GetProperty("version").GetString());
        process.Kill();
        await process.WaitForExitAsync();
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
    }

    /// <summary>Few threads read all connections, so none of them may wait for a file.</summary>
    [Fact]
    public async Task Serve_WhileFeedbackWaitsForItsFile_AnswersOtherConnections()
    {
        string store = _folder.File("feedback.db");
        using var process = CourseProcess.Start(_folder.Path, "serve", Model("1.0.0"), "--feedback", store, "--port", "0", "--json");
        var url = new Uri((await LineAsync(process)).GetProperty("url").GetString()!);
        using var teller = new HttpClient { BaseAddress = url };
        Task<HttpResponseMessage> TellAsync(string id) => teller.PostAsync("/v1/feedback", new StringContent($"{{\"requestId\":\"{id}\",\"answer\":\"3\"}}", Encoding.UTF8, "application/json"));
        Assert.Equal(200, (int)(await TellAsync("first")).StatusCode);
        using (var holder = new SqliteConnection($"Data Source={store};Pooling=False"))
        {
            holder.Open();
            using var hold = holder.BeginTransaction(deferred: false);
            Task<HttpResponseMessage>[] told = [TellAsync("second"), TellAsync("third")];

            // Each client connects anew, so that every thread that reads has some of them.
            await Parallel.ForAsync(0, 16, async (_, cancel) =>
            {
                using var http = new HttpClient { BaseAddress = url };
                Assert.Contains("digits 1.0.0", await (await http.PostAsync("/v1/predict", Body(), cancel)).Content.ReadAsStringAsync(cancel));
            });

            Assert.All(told, waits => Assert.False(waits.IsCompleted));
            hold.Rollback();
            foreach (var waits in told)
                Assert.Equal(200, (int)(await waits).StatusCode);
        }
        process.Kill();
        await process.WaitForExitAsync();
    }

    [Theory]
    [InlineData(2, "not both and not none")]
    [InlineData(1, "no-such.csmodel", "no-such.csmodel")]
    [InlineData(2, "there is no folder", "--registry", "nowhere")]
    [InlineData(2, "--threads must be greater than zero", "m.csmodel", "--threads", "0")]
    [InlineData(2, "--rate must not be negative", "key", "--keys", "k.json", "--rate", "-1")]
    [InlineData(2, "--otlp takes an address", "m.csmodel", "--otlp", "nowhere")]
    [InlineData(2, "--address takes an IP address", "m.csmodel", "--address", "example")]
    public async Task Serve_WithWrongArguments_SaysWhatInOneLine(int expected, string words, params string[] arguments)
    {
        if (arguments is ["m.csmodel", ..])
            File.Move(Model("1.0.0"), _folder.File("m.csmodel"));

        var (code, _, error) = await CourseProcess.RunAsync(_folder.Path, ["serve", .. arguments]);

        Assert.Equal(expected, code);
        Assert.Contains(words, error);
        Assert.DoesNotContain("   at ", error);
        Assert.False(Directory.Exists(_folder.File("nowhere")));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("x")]
    public async Task BenchServe_OfConnectionsThatAreNone_SaysSo(string connections)
    {
        var (code, _, error) = await CourseProcess.RunAsync(_folder.Path, "bench", "serve", "--connections", connections);

        Assert.Equal(2, code);
        Assert.Contains("--connections takes whole numbers from 1 on", error);
    }

    [Fact]
    public async Task Key_AsJson_HasTheIdThatTheFileKnows()
    {
        var (code, output, error) = await CourseProcess.RunAsync(_folder.Path, "serve", "key", "--keys", _folder.File("keys.json"), "--json");

        Assert.True(code == 0, error);
        var key = JsonDocument.Parse(output).RootElement;
        Assert.Contains(key.GetProperty("id").GetString()!, key.GetProperty("key").GetString());
        Assert.Contains(key.GetProperty("id").GetString()!, File.ReadAllText(_folder.File("keys.json")));
    }
}
