using System.Diagnostics;
using Course.Base;
using Course.Cli.Tests.Commands;
using Course.Serving;
using Course.Tests.Data;

namespace Course.Cli.Tests.Serving;

public sealed class ChrootTests
{
    [Fact]
    public async Task PublishedFolder_AsAnotherUserOnAReadOnlyRoot_Serves()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_CHROOT") == "1", "publishes the command and needs root on Linux: COURSE_CHROOT=1 asks for it");
        using var folder = new TemporaryFolder();
        ExportCommandTests.Artefact(Architectures.Reference).Save(folder.File("digits.csmodel"));
        await RunAsync("dotnet", "publish", Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "lib", "Course.Cli"), "--output", folder.File("app"));

        string said = await RunAsync(Path.Combine(Manifests.Folder, "try-in-chroot.sh"), folder.File("app"), folder.File("digits.csmodel"));

        Assert.Contains("as user 1654 on a read-only root", said);
        Assert.Contains("\"model\":\"digits 1.0.0\"", said);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{output}\n{await error}");
        return output;
    }
}
