using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Course.Jupyter.Install;
using Course.Jupyter.Messages;
using Course.Session.Contract;
using Course.Session.Host;

namespace Course.Jupyter.Front;

/// <summary>The kernel as a program: <c>--connection-file F [--allow-remote]</c>.</summary>
public static class KernelProgram
{
    private static readonly TimeSpan ParentPoll = TimeSpan.FromSeconds(1);

    /// <returns>0 after a shutdown request, 1 when the kernel cannot start, 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        string? path = null;
        bool allowRemote = false;
        var unknown = new List<string>();
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--connection-file" or "-f" && i + 1 < arguments.Count)
                path = arguments[++i];
            else if (arguments[i] == "--allow-remote")
                allowRemote = true;
            else
                unknown.Add(arguments[i]);
        }
        if (unknown.Count > 0 && path is null)
        {
            Console.Error.WriteLine($"Unknown argument '{unknown[0]}'. Usage: --connection-file FILE [--allow-remote]");
            return 2;
        }
        // Front ends pass on arguments of their own: `jupyter run` the names of its files.
        foreach (string argument in unknown)
            Console.Error.WriteLine($"ignored the argument '{argument}'");
        return await RunAsync(path, allowRemote).ConfigureAwait(false);
    }

    /// <summary>
    /// Serves until a client shuts the kernel down, its parent ends or <paramref name="stop"/> is asked for. Without a file, it writes one and says where.
    /// </summary>
    /// <param name="stop">Where a person started the kernel, Ctrl-C; elsewhere that interrupts the running cell.</param>
    public static async Task<int> RunAsync(string? path, bool allowRemote, CancellationToken stop = default)
    {
        // The session takes longest to start, so it goes first.
        var first = Task.Run(() => StartSessionAsync(CancellationToken.None));
        string? own = null;
        try
        {
            var connection = path is null ? ConnectionFile.Create() : ConnectionFile.Read(path, allowRemote);
            if (path is not null && ConnectionFile.Warning(path) is { } warning)
                Console.Error.WriteLine(warning);
            var options = new KernelOptions { StartSession = cancel => Interlocked.Exchange(ref first, null) ?? StartSessionAsync(cancel) };
            var kernel = new JupyterKernel(connection, options);
            await using (kernel.ConfigureAwait(false))
            {
                // Whoever reads that the kernel is there may send a signal at once.
                using var interrupt = stop.CanBeCanceled ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
                {
                    context.Cancel = true;
                    kernel.Interrupt();
                });
                using var stopping = stop.Register(kernel.Stop);
                using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
                {
                    context.Cancel = true;
                    kernel.Stop();
                });
                if (path is null)
                    path = own = Path.Combine(JupyterPaths.Default.Runtime, string.Create(CultureInfo.InvariantCulture, $"kernel-{Environment.ProcessId}.json"));
                if (own is not null || kernel.Connection != connection)
                {
                    kernel.Connection.Write(path);
                    Console.Error.WriteLine($"To connect another client: --existing {path}");
                }
                _ = StopWithParentAsync(kernel, options.Clock);
                await kernel.Stopped.ConfigureAwait(false);
            }
            return 0;
        }
        catch (Exception e) when (e is ConnectionFileException or ListenException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        finally
        {
            if (File.Exists(own))
                File.Delete(own);
            if (first is not null)
                await EndAsync(first).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a session that nobody uses, if it ever started.</summary>
    private static async Task EndAsync(Task<ISession> starting)
    {
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
            await starting.Result.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Cells run where the front end started the kernel: in the notebook's folder.</summary>
    private static async Task<ISession> StartSessionAsync(CancellationToken cancel) =>
        await SessionProcess.StartAsync(new() { WorkingDirectory = Directory.GetCurrentDirectory(), StartWarm = false }, cancel).ConfigureAwait(false);

    /// <summary>A kernel whose starter has died without a word would stay for ever.</summary>
    private static async Task StopWithParentAsync(JupyterKernel kernel, TimeProvider clock)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id <= 1)
            return;
        Process parent;
        try
        {
            parent = Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            // Either it died while we started, and we were handed to the first process; or it lives where we cannot see it.
            if (!OperatingSystem.IsWindows() && ParentOfThisProcess() == 1)
                kernel.Stop();
            return;
        }
        using (parent)
        using (var timer = new PeriodicTimer(ParentPoll, clock))
            while (!kernel.Stopped.IsCompleted && await timer.WaitForNextTickAsync().ConfigureAwait(false))
                if (parent.HasExited)
                    kernel.Stop();
    }

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentOfThisProcess();
}
