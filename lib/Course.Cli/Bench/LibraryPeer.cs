using Course.Cli.Recording;
using Course.Cli.Running;

namespace Course.Cli.Bench;

/// <summary>This program once more, with cuBLAS in the place of its own product, where that is installed: by itself, or with the PyTorch of the Python that <see cref="Peers"/> takes.</summary>
internal static class LibraryPeer
{
    /// <summary>The engine's variable; lib/TorchSharp.Managed/README.md says what it means.</summary>
    private const string Variable = "COURSE_CUBLAS", ByTheLoader = "yes";

    /// <summary>Where packages of NVIDIA and of PyTorch keep it, beside the folder of PyTorch.</summary>
    private static readonly string[] Folders = ["nvidia/cublas/lib", "nvidia/cu13/lib", "torch/lib"];

    /// <summary>The process, and where its library is from; no process, and why.</summary>
    public static (Peer? Peer, string Told) Start(int threads)
    {
        string where = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Folder() ?? ByTheLoader;
        // Only the other process is to multiply with it: this one's products are our own.
        Environment.SetEnvironmentVariable(Variable, null);
        try
        {
            var peer = new Peer("cuBLAS", EngineBuild.DotNet, ["exec", typeof(LibraryPeer).Assembly.Location, "bench", "peer", "--device", BenchDevice.Cuda], threads, new() { [Variable] = where });
            return (peer, where == ByTheLoader ? "of this system" : $"of {where}");
        }
        catch (UnavailableException e)
        {
            int reason = e.Message.IndexOf("not installed", StringComparison.Ordinal);
            return (null, reason < 0 ? e.Message : e.Message[reason..].Split(". ")[0]);
        }
    }

    /// <summary>Beside the PyTorch that is installed; null without one.</summary>
    private static string? Folder()
    {
        const string Script = "import importlib.util as u; s = u.find_spec('torch'); print(s.origin if s else '')";
        if (CommandOutput.FirstLine(Peers.Interpreter, ["-c", Script]) is not { Length: > 0 } file || Path.GetDirectoryName(Path.GetDirectoryName(file)) is not { } packages)
            return null;
        return Folders.Select(folder => Path.Combine(packages, folder)).FirstOrDefault(folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "libcublas.so.*").Any());
    }
}
