using Course.Cli.Engines;
using Course.Cli.Running;

namespace Course.Cli.Bench;

/// <summary>How the peers are started.</summary>
internal static class Peers
{
    public const string TorchSharp = "torchsharp", PyTorch = "pytorch";
    private const string Engine = "torchsharp-cpu";

    /// <summary>Makes ready what a peer needs, and returns how to start it.</summary>
    /// <exception cref="UnavailableException">This machine lacks something; says what.</exception>
    public static async Task<Func<int, Peer>> PrepareAsync(string name, string device, CancellationToken cancel)
    {
        if (device != BenchDevice.Cpu && (name, device) != (PyTorch, BenchDevice.Cuda))
            throw new WrongUseException($"--peer {name} does not compute on {device}: take --device cpu, or --device cuda --peer pytorch.");
        string repository = Repository.Find() ?? throw new WrongUseException($"--peer {name} is built from the repository; run inside it.");
        return name == TorchSharp ? await TorchSharpAsync(repository, cancel) : Python(repository, device);
    }

    /// <summary>This same program, built with the real engine in its own folder.</summary>
    private static async Task<Func<int, Peer>> TorchSharpAsync(string repository, CancellationToken cancel)
    {
        if (EnginePreflight.Complaint(Engine) is { } missing)
            throw new UnavailableException($"--peer torchsharp: {missing}");
        if (await EngineBuild.ComplaintAsync(Engine, repository, "Course.Cli", cancel) is { } complaint)
            throw new UnavailableException(complaint);
        string program = Path.Combine(repository, "artifacts", Engine, "bin", "Course.Cli", "debug", "Course.Cli.dll");
        return threads => new Peer(TorchSharp, EngineBuild.DotNet, [program, "bench", "peer"], threads);
    }

    /// <summary>The Python that the variable PYTHON names, else the system's.</summary>
    public static string Interpreter => Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } named ? named
        : File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : OperatingSystem.IsWindows() ? "python" : "python3";

    private static Func<int, Peer> Python(string repository, string device)
    {
        string script = Path.Combine(repository, "tests", "peers", "pytorch.py");
        string python = Interpreter;
        return threads =>
        {
            try
            {
                return new Peer(PyTorch, python, [script, "--device", device], threads);
            }
            catch (UnavailableException e) when (e.Message.Contains("No module named 'torch'", StringComparison.Ordinal) || e.Message.Contains("cannot be started", StringComparison.Ordinal))
            {
                throw new UnavailableException($"--peer pytorch needs {python} with PyTorch. Install it (Debian: python3-torch), name another Python by the environment variable PYTHON, or leave --peer out.");
            }
        };
    }
}
