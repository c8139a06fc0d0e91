using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Course.Serving.Tests;

/// <summary>Crowds, and a clock that jumps: the others are answered meanwhile, and afterwards everything is as before.</summary>
public sealed class SurvivalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private sealed class Counted(IPredictor inner) : IPredictor
    {
        private int _calls;

        /// <summary>Batches whose computing has begun.</summary>
        public int Calls => Volatile.Read(ref _calls);

        public ArtefactInfo Info => inner.Info;

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
        {
            Interlocked.Increment(ref _calls);
            return inner.Predict(inputs);
        }
    }

    /// <summary>Two pixels or 784, "bright" with probability mean / 255.</summary>
    private sealed class Pictures : IPredictor
    {
        public ArtefactInfo Info { get; } = BrightnessPredictor.SmallInfo with { Preprocessing = new Preprocessing { InputShape = [1, 28, 28] } };

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => [.. inputs.Select(input => input.Average() / 255).Select(bright => new Scores([1 - bright, bright]))];
    }

    [Fact]
    public async Task TwoThousandSlowClients_HoldNobodyUp()
    {
        const int count = 2000;
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { RequestTimeout = TimeSpan.FromSeconds(2), MaxConnections = count + 64 });
        // One half stops in the middle of the headers, the other in the middle of the body.
        byte[][] halves = [.. new[] { "POST /v1/predict HTTP/1.1\r\nHost: loc", "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"input\":" }.Select(Encoding.ASCII.GetBytes)];
        var slow = new Socket[count];
        try
        {
            for (int i = 0; i < count; i++)
            {
                slow[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await slow[i].ConnectAsync(IPAddress.Loopback, service.Url.Port);
                await slow[i].SendAsync(halves[i % 2]);
            }
            using var client = new PredictionClient(service.Url);
            double longest = 0;
            for (int i = 0; i < 200; i++)
            {
                long start = Stopwatch.GetTimestamp();
                Assert.Equal("bright", (await client.PredictAsync([255f, 153f])).Label);
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            // Whoever sends no more of its body is told so.
            string[] told = await Task.WhenAll(slow.Where((_, i) => i % 2 == 1).Select(FirstLineAsync));
            Assert.All(told, line => Assert.StartsWith("HTTP/1.1 408", line));
            Assert.Equal(0, service.Statistics.Waiting);
            Assert.True(await client.IsReadyAsync());
            foreach (var socket in slow)
                socket.Dispose();
            RecoveryTable.Add("2,000 slow clients", $"200 others were answered, the slowest after {longest:F0} ms; 1,000 got 408", await BackAsync(service.Url));
        }
        finally
        {
            foreach (var socket in slow)
                socket?.Dispose();
        }
    }

    [Fact]
    public async Task MoreConnectionsThanHandles_AreRefused_AndTheServiceComesBack()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sets the limit of handles by a shell");
        using var victim = VictimProcess.WithHandles(256, "serve");
        var url = new Uri((await victim.LineAsync())!);
        var crowd = new List<Socket>();
        for (int i = 0; i < 1000; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            crowd.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, url.Port);
        }
        // The process has 256 handles in all; those connections that it cannot keep it closes.
        int refused = 0;
        await Until.TrueAsync(() => (refused = crowd.Count(socket => socket.Poll(0, SelectMode.SelectRead))) >= 1000 - 256);
        Assert.InRange(refused, 1000 - 256, 999);

        foreach (var socket in crowd)
            socket.Dispose();
        RecoveryTable.Add("1,000 connections, 256 handles", $"{refused} connections were closed", await BackAsync(url));
    }

    [Fact]
    public async Task ManyClientsWithTheLargestBody_AreAnsweredOrRefused_WithinTheBudget()
    {
        var options = new ServiceOptions { BodyBudget = 32 << 20 };
        await using var service = await PredictionService.StartAsync(new Pictures(), options);
        long largest = new InputRules(new Pictures().Info.Preprocessing, options.MaxInputsPerRequest).BatchBody;
        string picture = $"[{string.Join(',', Enumerable.Repeat("255", 784))}]";
        string text = $"{{\"inputs\":[{string.Join(',', Enumerable.Repeat(picture, options.MaxInputsPerRequest))}]}}";
        // White space is allowed: the body is as long as the limit lets it be.
        byte[] body = Encoding.ASCII.GetBytes(text + new string(' ', (int)(largest - text.Length)));
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = Patience }) { BaseAddress = service.Url, Timeout = Patience };
        int answered = 0, refused = 0;

        await Task.WhenAll(Enumerable.Range(0, 128).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/predict/batch") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.ExpectContinue = true;
            using var answer = await client.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.OK)
                Interlocked.Increment(ref answered);
            else if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                Interlocked.Increment(ref refused);
        }));

        Assert.Equal(128, answered + refused);
        Assert.True(answered > 0 && refused > 0, $"{answered} answered, {refused} refused");
        var back = Stopwatch.StartNew();
        using var after = new HttpRequestMessage(HttpMethod.Post, "/v1/predict/batch") { Content = new ByteArrayContent(body) };
        after.Content.Headers.ContentType = new("application/json");
        using var last = await client.SendAsync(after);
        RecoveryTable.Add("128 clients with the largest body", $"{answered} were answered, {refused} refused with 503 ({body.Length:N0} bytes each)", back.Elapsed);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    [Fact]
    public async Task AClockThatJumps_EndsWhatIsLate_AndNothingElse()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000));
        var faulty = new FaultyPredictor(new BrightnessPredictor());
        var counted = new Counted(faulty);
        await using var service = await PredictionService.StartAsync(counted, new ServiceOptions { Clock = clock });
        using var client = new PredictionClient(service.Url);
        faulty.Hangs = true;
        int before = counted.Calls;
        var waiting = client.PredictAsync([255f, 153f]);
        await Until.TrueAsync(() => counted.Calls > before);
        Assert.True(await client.IsHealthyAsync());

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(504, (await Assert.ThrowsAsync<ServiceException>(() => waiting)).Status);
        Assert.False(await client.IsHealthyAsync());
        var over = Stopwatch.StartNew();
        faulty.Hangs = false;
        await Until.TrueAsync(() => service.Statistics.Waiting == 0);
        Assert.True(await client.IsHealthyAsync());
        RecoveryTable.Add("a stuck predictor, and a clock that jumps by an hour", "the request under way got 504, health 503", over.Elapsed);

        // Back, as after a wrong time was set right: a request under way and those after it are answered.
        faulty.Hangs = true;
        before = counted.Calls;
        waiting = client.PredictAsync([255f, 153f]);
        await Until.TrueAsync(() => counted.Calls > before);
        clock.AdjustTime(clock.GetUtcNow() - TimeSpan.FromDays(1));
        over.Restart();
        Assert.True(await client.IsHealthyAsync());
        faulty.Hangs = false;
        Assert.Equal("bright", (await waiting).Label);
        Assert.Equal("bright", (await client.PredictAsync([255f, 153f])).Label);
        RecoveryTable.Add("a clock set back by a day", "the request under way was answered", over.Elapsed);
    }

    private static async Task<string> FirstLineAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Patience);
        byte[] buffer = new byte[64];
        int count = await socket.ReceiveAsync(buffer, limit.Token);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    /// <summary>How long it takes until a good request is answered again.</summary>
    private static async Task<TimeSpan> BackAsync(Uri url)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new PredictionClient(url);
                Assert.Equal("bright", (await client.PredictAsync([255f, 153f])).Label);
                return clock.Elapsed;
            }
            catch (HttpRequestException) when (clock.Elapsed < Patience)
            {
                await Task.Delay(5);
            }
        }
    }
}
