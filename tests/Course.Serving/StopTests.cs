namespace Course.Serving.Tests;

public sealed class StopTests
{
    private static bool IsFull => Environment.GetEnvironmentVariable("COURSE_SURVIVAL") == "full";

    [Fact]
    public async Task Stop_UnderLoad_AnswersRightlyOrNotAtAll()
    {
        int answered = 0, refused = 0;
        for (int i = 0; i < (IsFull ? 40 : 1); i++)
        {
            var one = await StopUnderLoadAsync(requests: 3_000, answers: 1_000);
            (answered, refused) = (answered + one.Answered, refused + one.Refused);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{(IsFull ? "40 stops" : "a stop")} under load: {answered:N0} requests were answered, {refused:N0} refused, none wrongly");
    }

    /// <summary>A service that is stopped after so many answers.</summary>
    private static async Task<(int Answered, int Refused)> StopUnderLoadAsync(int requests, int answers)
    {
        var service = await PredictionService.StartAsync(new BrightnessPredictor());
        using var client = new PredictionClient(service.Url);
        int answered = 0, refused = 0, wrong = 0;
        Task? stopping = null;

        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            if (Volatile.Read(ref answered) >= answers && Interlocked.CompareExchange(ref stopping, Task.CompletedTask, null) is null)
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

        Assert.Equal(0, wrong);
        Assert.Equal(requests, answered + refused);
        Assert.InRange(refused, 1, requests - answers);
        // Nothing was computed that nobody received: not one input more than there are right answers, the tests at the start left out.
        Assert.InRange(service.Statistics.Inputs, answered, answered + 32);
        return (answered, refused);
    }

    [Fact]
    public async Task Overload_AnswersRightlyOrRefusesAtOnce()
    {
        await using var service = await PredictionService.StartAsync(new FaultyPredictor(new BrightnessPredictor()) { Delay = TimeSpan.FromMilliseconds(1) }, new ServiceOptions { QueueCapacity = 8, MaxBatch = 4 });
        using var client = new PredictionClient(service.Url);
        int answers = IsFull ? 40_000 : 1_000, sent = 0, answered = 0, refused = 0, wrong = 0;

        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, _) =>
        {
            // A service that refuses everything must fail this test, not hold it up.
            while (Volatile.Read(ref answered) < answers && Volatile.Read(ref refused) < 100 * answers)
            {
                float pixel = 20 + Interlocked.Increment(ref sent) % 200;
                try
                {
                    var answer = await client.PredictAsync([pixel, pixel]);
                    if (Math.Abs(answer.Probabilities["bright"] - pixel / 255) > 1e-5)
                        Interlocked.Increment(ref wrong);
                    Interlocked.Increment(ref answered);
                }
                catch (ServiceException fault) when (fault.Status == 503)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"overload: of {sent:N0} requests {answered:N0} were answered, {refused:N0} refused, {wrong} wrong");
        Assert.Equal(0, wrong);
        Assert.Equal(sent, answered + refused);
        Assert.True(answered >= answers && refused > 0, $"{answered} answered, {refused} refused");
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
