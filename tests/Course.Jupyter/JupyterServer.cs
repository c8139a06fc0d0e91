using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Course.Base;

namespace Course.Jupyter.Tests;

/// <summary>Debian's Jupyter Notebook over a folder of its own, which sees the repository's built libraries but not its notebooks.</summary>
internal sealed class JupyterServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/jupyter-notebook";
    private const int Attempts = 3;
    private readonly Process _process;
    private readonly string _folder;

    private JupyterServer(Process process, string folder, string address)
    {
        (_process, _folder, Address) = (process, folder, address);
    }

    public string Address { get; }

    public static string Token { get; } = Guid.NewGuid().ToString("N");

    public static void Require()
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} does not exist; install jupyter-notebook");
    }

    public static async Task<JupyterServer> StartAsync(TestKernel kernel, string folder)
    {
        // Somebody else may take the port between our look and the server's.
        for (int attempt = 1; attempt < Attempts; attempt++)
        {
            if (await TryStartAsync(kernel, folder, line => line.Contains("already in use", StringComparison.Ordinal)) is { } server)
                return server;
        }
        return (await TryStartAsync(kernel, folder, _ => false))!;
    }

    /// <returns>Null when the server has ended with a line of its log that <paramref name="again"/> accepts.</returns>
    private static async Task<JupyterServer?> TryStartAsync(TestKernel kernel, string folder, Func<string, bool> again)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var start = new ProcessStartInfo("/usr/bin/python3",
        [
            Program, "--no-browser", "--allow-root", "--ip=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"--port={port}"), "--NotebookApp.port_retries=0",
            $"--NotebookApp.token={Token}", $"--notebook-dir={folder}",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in Environment(kernel, folder))
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var log = new List<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
                log.Add(line.Data ?? "");
        };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var server = new JupyterServer(process, folder, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                (await http.GetAsync($"{server.Address}/api?token={Token}", limit.Token)).EnsureSuccessStatusCode();
                return server;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(100, limit.Token);
            }
            catch
            {
                if (process.HasExited)
                {
                    // Its log is whole only now.
                    await process.WaitForExitAsync();
                    lock (log)
                        if (log.Exists(line => again(line)))
                            return null;
                }
                await server.DisposeAsync();
                lock (log)
                    Assert.Fail($"Jupyter Notebook did not start:\n{string.Join('\n', log)}");
            }
        }
    }

    /// <summary>Nothing of the user's own Jupyter is read or written.</summary>
    public static Dictionary<string, string> Environment(TestKernel kernel, string folder) => new()
    {
        ["JUPYTER_PATH"] = kernel.Data,
        ["JUPYTER_CONFIG_DIR"] = Path.Combine(folder, ".jupyter"),
        ["JUPYTER_DATA_DIR"] = Path.Combine(folder, ".data"),
        ["JUPYTER_RUNTIME_DIR"] = Path.Combine(folder, ".runtime"),
        ["IPYTHONDIR"] = Path.Combine(folder, ".ipython"),
        ["COURSE_PROFILE"] = "quick",
        ["COURSE_DOWNLOAD"] = "never",
    };

    /// <summary>A folder with the repository's layout, whose notebooks may be changed.</summary>
    public static string Workspace()
    {
        string folder = Directory.CreateTempSubdirectory("notebooks-").FullName;
        foreach (string name in (string[])["artifacts", "data"])
            Directory.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, name));
        // All of them: a chapter may read its neighbours.
        foreach (string notebook in Directory.GetFiles(Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "notebooks"), "*.ipynb", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(Checkout.Above(AppContext.BaseDirectory)!, notebook));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(notebook, target);
        }
        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        // Politely first: it shuts its kernels down.
        try
        {
            using var http = new HttpClient();
            (await http.PostAsync($"{Address}/api/shutdown?token={Token}", null)).Dispose();
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
