namespace Course.Serving.Tests;

/// <summary>Waits for what must come, however slow the machine is, and fails when it does not.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "The condition did not become true within 60 s.");
            await Task.Delay(1);
        }
    }
}
