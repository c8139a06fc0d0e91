using System.Net;
using System.Text.Json;

namespace Course.Serving.Tests;

public sealed class ApiKeyTests
{
    private const int Fast = 1000;
    private const string Good = "{\"input\": [255, 153]}";

    [Fact]
    public async Task Post_WithoutAValidKey_Is401InTheSameWordsForEveryReason()
    {
        var key = ApiKey.Create(KeyScopes.Predict, out string? secret, iterations: Fast);
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Keys = [key] });
        var details = new HashSet<string?>();
        foreach (string? wrong in new[] { null, "x", secret[..^1] + (secret[^1] == '0' ? '1' : '0'), "ck_000000000000_" + secret[16..], secret + "0" })
        {
            using var client = new PredictionClient(service.Url, wrong);
            var reply = await client.PostAsync("/v1/predict", Good);
            Assert.Equal(401, reply.Status);
            using var problem = JsonDocument.Parse(reply.Body);
            details.Add(problem.RootElement.GetProperty("detail").GetString());
        }
        using var right = new PredictionClient(service.Url, secret);

        Assert.Single(details);
        Assert.Equal("bright", (await right.PredictAsync([255f, 153f])).Label);
        Assert.Equal("bright", (await right.PredictAsync([255f, 153f])).Label);
    }

    [Fact]
    public async Task Get_WithAKeyOfAnotherScope_Is403()
    {
        var predict = ApiKey.Create(KeyScopes.Predict, out string? one, iterations: Fast);
        var admin = ApiKey.Create(KeyScopes.Admin, out string? two, iterations: Fast);
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Keys = [predict, admin] });
        using var asking = new PredictionClient(service.Url, one);
        using var watching = new PredictionClient(service.Url, two);

        Assert.Equal(403, (await asking.GetAsync("/metrics")).Status);
        Assert.Equal(200, (await watching.GetAsync("/metrics")).Status);
        Assert.Equal(403, (await watching.PostAsync("/v1/predict", Good)).Status);
        Assert.Equal(403, (await watching.PostAsync("/v2/models/brightness/infer", "{}")).Status);
        Assert.True(await new PredictionClient(service.Url).IsHealthyAsync());
    }

    [Fact]
    public async Task Post_MoreOftenThanTheKeyAllows_Is429AndOtherKeysAreNotConcerned()
    {
        var slow = ApiKey.Create(KeyScopes.Predict, out string? one, requestsPerSecond: 1, iterations: Fast);
        var free = ApiKey.Create(KeyScopes.Predict, out string? two, iterations: Fast);
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Keys = [slow, free] });
        using var limited = new PredictionClient(service.Url, one);
        using var other = new PredictionClient(service.Url, two);
        var statuses = new List<int>();
        for (int i = 0; i < 20; i++)
            statuses.Add((await limited.PostAsync("/v1/predict", Good)).Status);

        Assert.Equal(200, statuses[0]);
        Assert.Contains(429, statuses);
        Assert.Equal(200, (await other.PostAsync("/v1/predict", Good)).Status);
    }

    [Fact]
    public void File_HoldsNoSecretAndReadsBack()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("keys").FullName, "keys.json");
        ApiKeyFile.Add(path, ApiKey.Create(KeyScopes.Predict | KeyScopes.Feedback, out string? secret, 5, Fast));
        ApiKeyFile.Add(path, ApiKey.Create(KeyScopes.Admin, out _, iterations: Fast));

        var keys = ApiKeyFile.Read(path);

        Assert.Equal([KeyScopes.Predict | KeyScopes.Feedback, KeyScopes.Admin], keys.Select(key => key.Scopes));
        Assert.True(keys[0].Fits(secret));
        Assert.False(keys[1].Fits(secret));
        Assert.DoesNotContain(secret[16..], File.ReadAllText(path));
        File.WriteAllText(path, "[{}]");
        Assert.Contains("course serve key", Assert.Throws<InvalidDataException>(() => ApiKeyFile.Read(path)).Message);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task Start_BeyondLoopbackWithoutCertificateAndKey_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Address = IPAddress.Any }));

        Assert.Contains("a certificate and at least one key", refusal.Message);
    }
}
