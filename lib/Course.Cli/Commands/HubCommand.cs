using System.CommandLine;
using System.Diagnostics;
using Course.Base;
using Course.Classroom;
using Course.Classroom.Editions;
using Course.Classroom.Hub;
using Course.Cli.Running;
using Course.Jupyter.Install;
using Course.Notebooks;

namespace Course.Cli.Commands;

/// <summary><c>course hub</c>: the course for a class on one machine, by JupyterHub.</summary>
internal static class HubCommand
{
    public static Command Create()
    {
        var paths = Inputs.Notebooks("Notebooks or folders; none means the notebooks/ of this repository.");
        var users = new Option<string>("--users") { Description = "File with the learners' names, one on each line. A password is drawn for each and told once.", Required = true };
        var output = new Option<string?>("--out") { Description = "Folder of the server, which learners must be able to enter (default: artifacts/hub)." };
        var defaults = new HubSettings();
        var port = new Option<int>("--port") { Description = "Where browsers find the hub; the next two ports are its own.", DefaultValueFactory = _ => 8000 };
        var address = new Option<string>("--address") { Description = "To listen on. Passwords cross the network as they are: put a proxy with TLS before any other than 127.0.0.1.", DefaultValueFactory = _ => "127.0.0.1" };
        var memory = new Option<int>("--memory") { Description = "Megabytes for each learner, with server and sessions.", DefaultValueFactory = _ => (int)(defaults.Limits.Memory >> 20) };
        var processes = new Option<int>("--processes") { Description = "Processes and threads for each learner.", DefaultValueFactory = _ => defaults.Limits.Processes };
        var processors = new Option<double>("--processors") { Description = "Processors for each learner.", DefaultValueFactory = _ => defaults.Limits.Processors };
        var idle = new Option<double>("--idle") { Description = "Minutes after which a kernel that no browser looks at is ended.", DefaultValueFactory = _ => defaults.Idle / 60.0 };
        var prepare = new Option<bool>("--prepare") { Description = "Only write the folder; start later with jupyterhub -f FOLDER/jupyterhub_config.py." };
        Inputs.NotEmpty(users, output, address);
        Inputs.Positive(65_533, port);
        Inputs.Positive(1 << 20, memory, processes, processors, idle);
        var command = new Command("hub", "Serve the student edition to a class from one machine: JupyterHub (Debian's package jupyterhub) with this kernel, a folder, a user id and limits for each learner.\n\nExample: sudo course hub --users class.txt --out /srv/course")
        {
            paths, users, output, port, address, memory, processes, processors, idle, prepare,
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(paths) ?? [], parsed.GetValue(users)!, parsed.GetValue(output), parsed.GetValue(prepare), defaults with
        {
            Url = $"http://{parsed.GetValue(address)}:{parsed.GetValue(port)}",
            ProxyPort = parsed.GetValue(port) + 1,
            HubPort = parsed.GetValue(port) + 2,
            Limits = defaults.Limits with { Memory = (long)parsed.GetValue(memory) << 20, Processes = parsed.GetValue(processes), Processors = parsed.GetValue(processors) },
            Idle = Math.Max(1, (int)(60 * parsed.GetValue(idle))),
        }, cancel));
        return command;
    }

    /// <summary>Settings of the course and of .NET hold for learners as they do here.</summary>
    private static Dictionary<string, string> Passed(string repository) => Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .Select(e => (Name: (string)e.Key, Value: (string?)e.Value))
        .Where(e => e.Value is { Length: > 0 } && (e.Name is "COURSE_DATA" or "COURSE_PROFILE" or "COURSE_SEED" || e.Name.StartsWith("DOTNET_GC", StringComparison.Ordinal)
            || e.Name is "DOTNET_gcConcurrent" or "DOTNET_gcServer" or "DOTNET_TieredCompilation" or "DOTNET_TieredPGO" or "DOTNET_ROOT"))
        .ToDictionary(e => e.Name, e => e.Name == "COURSE_DATA" ? string.Join(Path.PathSeparator, e.Value!.Split(Path.PathSeparator).Select(folder => Path.GetFullPath(folder, repository))) : e.Value!, StringComparer.Ordinal);

    private static async Task<int> RunAsync(string[] paths, string users, string? output, bool prepare, HubSettings settings, CancellationToken cancel)
    {
        string here = Directory.GetCurrentDirectory();
        string repository = Checkout.Above(here) ?? throw new WrongUseException($"there is no repository of the course (Course.sln) in or above {here}.");
        if (!File.Exists(users))
            throw new WrongUseException($"--users {users}: there is no such file; write one name on each line.");
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" && !prepare)
            throw new WrongUseException("a classroom server needs Linux and root: each learner's processes run under a user id of their own.");
        string target = Path.GetFullPath(output ?? Path.Combine(repository, "artifacts", "hub"));
        settings = settings with { Environment = Passed(repository) };
        var hub = new HubFolder(target);
        try
        {
            if (!prepare && Programs().FirstOrDefault(p => !IsThere(p)) is { } missing)
                throw new ClassroomException($"there is no program {missing}; install it: apt-get install jupyterhub jupyter-notebook");
            var drawn = hub.Write(users, settings);
            if (hub.Closed() is { } closed)
                throw new ClassroomException($"learners cannot enter {closed}; choose another --out, such as /srv/course, or chmod o+x {closed}.");
            var edition = new StudentEdition(repository, BuiltEngine.Name).Write(NotebookPaths.Find(paths, here, target), hub.Course, command: null);
            Console.Error.WriteLine($"{edition.Notebooks} notebooks with {edition.Exercises} exercises: {edition.Folder}");
            KernelSpecStore.Install(hub.Jupyter, KernelSpecStore.InteractiveName, replace: true, DotNetHost.Path,
                folder => PublishedProgram.Publish(repository, DotNetHost.Path, folder, Console.Error.WriteLine, cancel));
            foreach (var (name, password) in drawn)
                Console.Out.WriteLine($"{name}\t{password}");
            if (prepare)
                return ExitCode.Done;
            return await ServeAsync(hub, target, settings, cancel);
        }
        catch (Exception e) when (e is ClassroomException or NotebookFormatException or KernelSpecException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private static string[] Programs() => ["jupyterhub", "jupyterhub-singleuser", "configurable-http-proxy"];

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<int> ServeAsync(HubFolder hub, string folder, HubSettings settings, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("jupyterhub", ["-f", hub.Configuration]) { WorkingDirectory = Path.Combine(folder, "state") };
        // The proxy's modules are Debian's; a Node.js from elsewhere does not look there.
        start.Environment["NODE_PATH"] = string.Join(':', new[] { Environment.GetEnvironmentVariable("NODE_PATH"), "/usr/share/nodejs", "/usr/lib/nodejs" }.Where(p => p is { Length: > 0 }));
        using var process = Process.Start(start)!;
        Console.Error.WriteLine($"The class finds it on {settings.Url}; Ctrl-C ends it.");
        using var stop = cancel.Register(() => Signal(process));
        await process.WaitForExitAsync(CancellationToken.None);
        return cancel.IsCancellationRequested ? ExitCode.Interrupted : process.ExitCode == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>JupyterHub ends the learners' servers when it is asked to end, which may take it longer than this command lives on.</summary>
    private static void Signal(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
