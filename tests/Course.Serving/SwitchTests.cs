using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Course.Serving.Tests;

/// <summary>Another model in the place of the present one, while clients go on asking.</summary>
public sealed class SwitchTests
{
    /// <summary>Its two labels say which version answered, and its probability which input.</summary>
    private sealed class Versioned(int version) : IPredictor
    {
        public ArtefactInfo Info { get; } = BrightnessPredictor.SmallInfo with { Version = $"{version}.0.0", Labels = [$"dark{version}", $"bright{version}"] };

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) =>
            [.. inputs.Select(input => input.Average() / 255).Select(bright => new Scores([1 - bright, bright]))];
    }

    private static int Count => Environment.GetEnvironmentVariable("COURSE_SURVIVAL") == "full" ? 40_000 : 4_000;

    [Fact]
    public async Task Switch_UnderLoad_AnswersEveryRequestOnceByOneOfTheModels()
    {
        await using var service = await PredictionService.StartAsync(new Versioned(1));
        using var client = new PredictionClient(service.Url);
        var wrong = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        using var stop = new CancellationTokenSource();
        int switches = 1;
        var switching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await service.SwitchAsync(new Versioned(++switches));
                if (switches % 5 == 0)
                    await service.RollBackAsync();
                await Task.Yield();
            }
        });

        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            float pixel = i % 256;
            var answer = await client.PredictAsync([pixel, pixel]);
            seen.AddOrUpdate(answer.Model, 1, (_, n) => n + 1);
            string version = answer.Model.Split(' ')[1].Split('.')[0];
            if (!answer.Probabilities.TryGetValue($"bright{version}", out float bright) || Math.Abs(bright - pixel / 255) > 1e-5)
                wrong.Enqueue($"{i}: {answer}");
        });
        await stop.CancelAsync();
        await switching;

        TestContext.Current.TestOutputHelper?.WriteLine($"switches under load: {seen.Values.Sum():N0} of {Count:N0} requests answered by {seen.Count} versions, {wrong.Count} wrong");
        Assert.Empty(wrong);
        Assert.Equal(Count, seen.Values.Sum());
        Assert.True(seen.Count > 3, $"only {string.Join(", ", seen.Keys)} answered");
    }

    [Fact]
    public async Task Switch_WhileAClientDoesNotReadItsAnswers_DoesNotWaitForIt()
    {
        await using var service = await PredictionService.StartAsync(new Versioned(1));
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, service.Url.Port);
        byte[] request = Encoding.ASCII.GetBytes($"POST /v1/predict HTTP/1.1\r\nHost: {service.Url.Authority}\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{{\"input\":[1,1]}}");
        using var stop = new CancellationTokenSource();
        var sending = SendAsync();
        // Until an answer finds no room any more, and the requests behind it wait.
        long answered = 0;
        await Until.TrueAsync(async () =>
        {
            long before = Interlocked.Exchange(ref answered, service.Statistics.Requests);
            await Task.Delay(300);
            return answered > 0 && answered == before;
        });

        await service.SwitchAsync(new Versioned(2));
        await service.SwitchAsync(new Versioned(3)).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("3.0.0", service.Current.Version);
        await stop.CancelAsync();
        await sending;

        async Task SendAsync()
        {
            try
            {
                while (true)
                    await client.GetStream().WriteAsync(request, stop.Token);
            }
            catch (Exception end) when (end is OperationCanceledException or IOException)
            {
            }
        }
    }

    [Fact]
    public async Task Switch_ToAModelThatFailsItsTests_KeepsThePresentOne()
    {
        await using var service = await PredictionService.StartAsync(new Versioned(1));
        using var client = new PredictionClient(service.Url);

        await Assert.ThrowsAsync<ModelRefusedException>(() => service.SwitchAsync(new Silent()));

        var back = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("brightness 1.0.0", (await client.PredictAsync([1f, 1f])).Model);
        RecoveryTable.Add("a poisoned model", "it is refused, the present one answers", back.Elapsed);
        await Assert.ThrowsAsync<InvalidOperationException>(service.RollBackAsync);
    }

    [Fact]
    public async Task RollBack_AfterASwitch_BringsTheFormerModelBack()
    {
        await using var service = await PredictionService.StartAsync(new Versioned(1));
        await service.SwitchAsync(new Versioned(2));
        Assert.Equal("2.0.0", service.Current.Version);

        Assert.Equal("1.0.0", (await service.RollBackAsync()).Version);

        await service.SwitchAsync(new Versioned(2));
        await service.SwitchAsync(new Versioned(1));
        Assert.Equal("1.0.0", service.Current.Version);
    }

    private sealed class Silent : IPredictor
    {
        public ArtefactInfo Info => BrightnessPredictor.SmallInfo with { Version = "9.0.0" };

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => [];
    }
}
