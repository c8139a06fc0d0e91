namespace Course.Serving.Tests;

public sealed class StopTests
{
    private static int Count => Environment.GetEnvironmentVariable("COURSE_SURVIVAL") == "full" ? 40_000 : 4_000;

    [Fact]
    public async Task Stop_UnderLoad_AnswersRightlyOrNotAtAll()
    {
        var service = await PredictionService.StartAsync(new BrightnessPredictor());
        using var client = new PredictionClient(service.Url);
        int answered = 0, refused = 0, wrong = 0;
        Task? stopping = null;

        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            if (Volatile.Read(ref answered) > Count / 4 && Interlocked.CompareExchange(ref stopping, Task.CompletedTask, null) is null)
                stopping = service.StopAsync();
            try
            {
                float pixel = 20 + i % 200;
                var answer = await client.PredictAsync([pixel, pixel]);
                if (Math.Abs(answer.Probabilities["bright"] - pixel / 255) > 1e-5)
                    Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref answered);
            }
            catch (Exception fault) when (fault is HttpRequestException or ServiceException { Status: 503 })
            {
                Interlocked.Increment(ref refused);
            }
        });
        await service.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"a stop under load: of {Count:N0} requests {answered:N0} were answered, {refused:N0} refused, {wrong} wrong");
        Assert.Equal(0, wrong);
        Assert.Equal(Count, answered + refused);
        Assert.InRange(refused, 1, Count - 1);
        // Nothing was computed that nobody received: not one input more than there are right answers, the tests at the start left out.
        Assert.InRange(service.Statistics.Inputs, answered, answered + 32);
    }

    [Fact]
    public async Task Overload_AnswersRightlyOrRefusesAtOnce()
    {
        await using var service = await PredictionService.StartAsync(new FaultyPredictor(new BrightnessPredictor()) { Delay = TimeSpan.FromMilliseconds(1) }, new ServiceOptions { QueueCapacity = 8, MaxBatch = 4 });
        using var client = new PredictionClient(service.Url);
        int answered = 0, refused = 0, wrong = 0;

        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            try
            {
                float pixel = 20 + i % 200;
                var answer = await client.PredictAsync([pixel, pixel]);
                if (Math.Abs(answer.Probabilities["bright"] - pixel / 255) > 1e-5)
                    Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref answered);
            }
            catch (ServiceException fault) when (fault.Status == 503)
            {
                Interlocked.Increment(ref refused);
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"overload: of {Count:N0} requests {answered:N0} were answered, {refused:N0} refused, {wrong} wrong");
        Assert.Equal(0, wrong);
        Assert.Equal(Count, answered + refused);
        Assert.True(answered > 0 && refused > 0, $"{answered} answered, {refused} refused");
        Assert.Equal(0, service.Statistics.Waiting);
    }

    [Fact]
    public async Task Stop_WithAStuckPredictor_EndsAfterTheDrainTime()
    {
        var stuck = new FaultyPredictor(new BrightnessPredictor());
        var service = await PredictionService.StartAsync(stuck, new ServiceOptions { DrainTime = TimeSpan.FromMilliseconds(200) });
        using var client = new PredictionClient(service.Url);
        stuck.Hangs = true;
        var waiting = client.PredictAsync([1f, 1f]);
        await Until.TrueAsync(() => service.Statistics.Waiting > 0);

        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        stuck.Hangs = false;

        Assert.Equal(503, (await Assert.ThrowsAsync<ServiceException>(() => waiting)).Status);
    }
}
