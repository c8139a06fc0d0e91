using System.Diagnostics;

namespace Course.Tests.Data;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Take_OfAHeldLock_SaysThatItWaits_AndHasItWhenItIsLeft()
    {
        var waits = new TaskCompletionSource();
        var held = FileLock.Take(_folder.File("lock"));
        var taking = Task.Run(() => FileLock.Take(_folder.File("lock"), waits.SetResult));
        await waits.Task;
        Assert.False(taking.IsCompleted);

        held.Dispose();

        (await taking).Dispose();
    }

    /// <summary>A program that runs cannot be opened to write, and waiting does not help.</summary>
    [Fact]
    public void Take_OfAFileThatCannotBeOpened_IsAnErrorAndNoWait()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux refuses to write to a program that runs");
        string program = _folder.File("sleep");
        File.Copy("/bin/sleep", program);
        using var running = Process.Start(program, ["600"]);
        try
        {
            Assert.Throws<IOException>(() => FileLock.Take(program, () => throw new InvalidOperationException("It waits.")));
        }
        finally
        {
            running.Kill();
            running.WaitForExit();
        }
    }
}
