using System.Runtime.InteropServices;
using Course.Base;

namespace Course.Jupyter.Install;

/// <summary>The kernel's program as a folder that needs neither the repository nor a build.</summary>
public static class PublishedProgram
{
    /// <summary>
    /// Publishes from the sources of <paramref name="repository"/>, compiled ahead of time where the compiler can be had;
    /// without a repository, copies the program that runs now.
    /// </summary>
    /// <exception cref="KernelSpecException">The publishing failed; the message holds the compiler's.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the folder may hold a part of the program.</exception>
    public static void Publish(string? repository, string dotnet, string folder, Action<string> progress, CancellationToken cancel = default)
    {
        if (repository is null)
        {
            Copy(AppContext.BaseDirectory, folder);
            return;
        }
        progress("Publishing the kernel, compiled ahead of time (a minute the first time) …");
        var (exit, output) = Run(repository, dotnet, folder, ahead: true, cancel);
        if (exit != 0)
        {
            progress("That failed; publishing without compiling ahead of time: the kernel will start more slowly.");
            (exit, output) = Run(repository, dotnet, folder, ahead: false, cancel);
        }
        if (exit != 0)
            throw new KernelSpecException($"The kernel could not be published:\n{output}");
    }

    private static (int Exit, string Output) Run(string repository, string dotnet, string folder, bool ahead, CancellationToken cancel)
    {
        // Its own folder of intermediate files: a build for one platform must not disturb the developer's.
        string artifacts = Path.Combine(repository, "artifacts", "kernel", ahead ? "r2r" : "jit");
        string[] options = ahead ? ["-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishReadyToRun=true", "-p:SelfContained=false"] : [];
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            // A build server that outlives the command would hold our pipes open.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
        };
        var publish = ProcessRun.ToEndAsync(dotnet, ["publish", Path.Combine(repository, "lib", "Course.Jupyter"), "-c", "Release", "-v", "q", "-nologo", $"-p:ArtifactsPath={artifacts}", "-o", folder, .. options],
            environment: environment, cancel: cancel).GetAwaiter().GetResult();
        return (publish.ExitCode, publish.Output + publish.Error);
    }

    /// <summary>Copies a folder with everything in it.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
