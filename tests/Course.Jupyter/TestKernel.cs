using System.Diagnostics;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Jupyter.Install;
using Course.Session.Host;

namespace Course.Jupyter.Tests;

/// <summary>The kernel of this build, installed for the time of the tests where only they look.</summary>
public sealed class TestKernel : IDisposable
{
    public const string Name = KernelSpecStore.InteractiveName;

    public TestKernel()
    {
        Data = Directory.CreateTempSubdirectory("jupyter-").FullName;
        string program = AppContext.BaseDirectory.Replace("Course.Jupyter.Tests", "Course.Jupyter", StringComparison.Ordinal);
        KernelSpecStore.Install(Data, Name, replace: false, DotNetHost.Path, folder => PublishedProgram.Copy(program, folder));
    }

    /// <summary>The Jupyter data folder that holds it.</summary>
    public string Data { get; }

    public void Dispose()
    {
        // A kernel that is just ending may still hold its files.
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                Directory.Delete(Data, recursive: true);
                return;
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromSeconds(10))
            {
                Thread.Sleep(50);
            }
        }
    }

    /// <summary>Runs a script of Python tests against this kernel and reads the one JSON object that it prints.</summary>
    public async Task<TestReport> RunAsync(string script, TimeSpan limit, params string[] arguments)
    {
        string output = await SystemPython.RunAsync(script, limit, new() { ["JUPYTER_PATH"] = Data }, [Name, .. arguments]);
        var json = JsonNode.Parse(output)!;
        return new((int)json["run"]!, (int)json["skipped"]!, (int)json["failed"]!, string.Join("\n\n", json["problems"]!.AsArray()));
    }
}

public sealed record TestReport(int Run, int Skipped, int Failed, string Problems);
