using System.Text;

namespace Course.Serving.Tests;

/// <summary>Requests that are wrong on purpose: each gets a 4xx, none a 5xx, and the next good one is answered.</summary>
public sealed class HostileRequestsTests : IAsyncLifetime
{
    private PredictionService _service = null!;

    public async ValueTask InitializeAsync() => _service = await PredictionService.StartAsync(new BrightnessPredictor());

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    private const string Good = "{\"input\":[255,153]}";

    private static string Post(string headers, string body, string path = "/v1/predict", string host = "127.0.0.1") =>
        $"POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n{body}";

    [Theory]
    [InlineData("Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n", "\u001f\u008b\u0008\0", 415, "compressed")]
    [InlineData("Content-Type: application/json; charset=utf-16\r\nContent-Length: 4\r\n", "abcd", 415, "UTF-8")]
    [InlineData("Content-Length: 19\r\n", Good, 415, "application/json")]
    [InlineData("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", "13\r\n{\"input\":[255,153]}\r\nZZ\r\n\r\n", 400, "")]
    [InlineData("Content-Type: application/json\r\nContent-Length: 99999999999\r\n", Good, 413, "")]
    [InlineData("Content-Type: application/json\r\nContent-Length: 19\r\nContent-Length: 20\r\n", Good, 400, "")]
    [InlineData("Content-Type: application/json\r\nContent-Length: -1\r\n", Good, 400, "")]
    [InlineData("Content-Type: application/json\r\nTransfer-Encoding: gzip, chunked\r\n", Good, 400, "")]
    public async Task Post_WithBrokenFraming_IsTheClientsFault(string headers, string body, int status, string detail)
    {
        var (answered, text) = await RawRequest.SendAsync(_service.Url, Post(headers, body));

        Assert.Equal(status, answered);
        Assert.Contains(detail, text);
        Assert.DoesNotContain("   at ", text);
        await StillAnswersAsync();
    }

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("localhost:99", 200)]
    [InlineData("evil.example", 400)]
    [InlineData("127.0.0.1.evil.example", 400)]
    public async Task Get_UnderAName_IsAnsweredOnlyForAllowedOnes(string host, int status) =>
        Assert.Equal(status, (await RawRequest.SendAsync(_service.Url, $"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).Status);

    [Fact]
    public async Task Every_AnswerForbidsGuessingAndCaching()
    {
        foreach (string path in new[] { "/health", "/nowhere" })
        {
            var (_, text) = await RawRequest.SendAsync(_service.Url, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Assert.Contains("X-Content-Type-Options: nosniff", text);
            Assert.Contains("Cache-Control: no-store", text);
            Assert.DoesNotContain("Server:", text);
        }
    }

    /// <summary>A fuzzer with a fixed seed: good requests with bytes changed, cut, doubled and put in. COURSE_SURVIVAL=full sends ten times as many.</summary>
    [Fact]
    public async Task Post_MutatedRequests_NeverBreakTheService()
    {
        int count = Environment.GetEnvironmentVariable("COURSE_SURVIVAL") == "full" ? 20_000 : 2_000;
        string[] seeds =
        [
            Post($"Content-Type: application/json\r\nContent-Length: {Good.Length}\r\n", Good),
            Post("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", $"{Good.Length:x}\r\n{Good}\r\n0\r\n\r\n"),
            Post("Content-Type: application/json\r\nContent-Length: 36\r\n", "{\"inputs\":[[255,153],[0,0],[1,1e1]]}", "/v1/predict/batch"),
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        ];
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            byte[] bytes = Mutate(Encoding.Latin1.GetBytes(seeds[i % seeds.Length]), new Random(i));
            var (status, text) = await RawRequest.SendAsync(_service.Url, bytes, TimeSpan.FromMilliseconds(50));
            statuses.AddOrUpdate(status, 1, (_, n) => n + 1);
            Assert.True(status is 0 or < 500 or 501 or 505, $"request {i} got {status}: {text}");
            Assert.DoesNotContain("   at ", text);
        });

        Assert.True(statuses.GetValueOrDefault(200) > 0 && statuses.GetValueOrDefault(400) > 0, string.Join(", ", statuses.Select(s => $"{s.Key}: {s.Value}")));
        var back = System.Diagnostics.Stopwatch.StartNew();
        await StillAnswersAsync();
        RecoveryTable.Add($"{count:N0} hostile requests", $"{statuses.Where(s => s.Key is >= 400 and < 500).Sum(s => s.Value):N0} were refused, {statuses.GetValueOrDefault(200):N0} answered, no fault of the service", back.Elapsed);
    }

    private static byte[] Mutate(byte[] request, Random random)
    {
        var bytes = new List<byte>(request);
        for (int faults = random.Next(4); faults > 0 && bytes.Count > 4; faults--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 20), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 3: bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256))); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    private async Task StillAnswersAsync()
    {
        using var client = new PredictionClient(_service.Url);
        Assert.Equal("bright", (await client.PredictAsync([255f, 153f])).Label);
        Assert.True(await client.IsHealthyAsync());
    }
}
