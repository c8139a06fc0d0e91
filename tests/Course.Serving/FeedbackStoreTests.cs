namespace Course.Serving.Tests;

public sealed class FeedbackStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feedback").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Clock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public void Append_KeepsWhatWasSaidAndReadGivesAWindow()
    {
        var day = new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);
        var clock = new Clock(day);
        var store = new SqliteFeedbackStore(Path.Combine(_folder, "feedback.db"), clock);
        Assert.Empty(store.Read(day, day.AddDays(9)));
        for (int i = 0; i < 5; i++)
        {
            clock.Now = day.AddDays(i);
            Assert.True(store.Append(new($"r{i}", i < 3 ? "1.0.0" : "1.1.0", "7", i % 2 == 0 ? "1" : null) { Input = [0, i, 255] }));
        }

        var window = store.Read(day.AddDays(1), day.AddDays(4));

        Assert.Equal(["r1", "r2", "r3"], window.Select(feedback => feedback.RequestId));
        Assert.Equal([null, "1", null], window.Select(feedback => feedback.Truth));
        Assert.Equal([false, true, false], window.Select(feedback => feedback.IsCorrection));
        Assert.Equal(day.AddDays(2), window[1].Time);
        Assert.Equal([0f, 2, 255], window[1].Input!);
        Assert.Equal(["r3"], store.Read(day.AddDays(1), day.AddDays(4), "1.1.0").Select(feedback => feedback.RequestId));
    }

    [Fact]
    public void Append_ASecondTimeForTheSameRequest_KeepsTheFirst()
    {
        var store = new SqliteFeedbackStore(Path.Combine(_folder, "feedback.db"));
        Assert.True(store.Append(new("r", "1.0.0", "7", "1")));

        Assert.False(store.Append(new("r", "1.0.0", "7", "9")));

        Assert.Equal("1", Assert.Single(store.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)).Truth);
    }

    [Fact]
    public void Append_WithoutARequestOrWithAnEndlessTruth_IsRefused()
    {
        var store = new SqliteFeedbackStore(Path.Combine(_folder, "feedback.db"));

        Assert.Throws<ArgumentException>(() => store.Append(new(" ", "1.0.0", "7", "1")));
        Assert.Throws<ArgumentException>(() => store.Append(new("r", "1.0.0", "7", new string('x', 201))));
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
