using System.Reflection;
using System.Runtime.Loader;
using Course.Serving;

namespace Course.Cli.Serving;

/// <summary>What computes the answers of <c>course serve</c>: this build's engine, or ONNX Runtime, which is loaded only when it is asked for.</summary>
internal static class Predictors
{
    public const string TorchSharp = "torchsharp", OnnxRuntime = "onnxruntime";

    private const string Project = "Course.Serving.OnnxRuntime";

    /// <param name="program">The folder of this program.</param>
    /// <returns>Makes a predictor of an artefact.</returns>
    /// <exception cref="InvalidOperationException">ONNX Runtime's predictor has not been built.</exception>
    public static Func<ModelArtefact, IPredictor> Find(string name, int threads, string program)
    {
        if (name == TorchSharp)
            return ModelPredictor.Create;
        var type = Load(Path.GetFullPath(program).TrimEnd(Path.DirectorySeparatorChar)).GetType("Course.Serving.OnnxPredictor", throwOnError: true)!;
        return artefact => Create(type, artefact, threads);
    }

    /// <summary>From a folder of its own beside this program (a published one), or from where its project is built.</summary>
    private static Assembly Load(string program)
    {
        const string file = $"{Project}.dll";
        string[] places = [Path.Combine(program, OnnxRuntime, file), Path.GetFullPath(Path.Combine(program, "..", "..", Project, Path.GetFileName(program), file))];
        string path = places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"ONNX Runtime's predictor is not built. Build it once with: dotnet build lib/{Project} (or put its output into '{Path.Combine(program, OnnxRuntime)}'), or leave --predictor out.");
        return new Beside(path).LoadFromAssemblyPath(path);
    }

    private static IPredictor Create(Type type, ModelArtefact artefact, int threads)
    {
        try
        {
            return (IPredictor)Activator.CreateInstance(type, artefact, Architectures.Create(artefact.Info.Architecture), threads)!;
        }
        catch (TargetInvocationException fault) when (fault.GetBaseException() is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new InvalidOperationException($"ONNX Runtime's native library does not load on this machine, so leave --predictor out: {fault.GetBaseException().Message}", fault);
        }
        catch (TargetInvocationException fault) when (fault.InnerException is ArtefactException or OnnxExportException)
        {
            throw new InvalidOperationException($"ONNX Runtime cannot answer for {artefact.Info.Name} {artefact.Info.Version}: {fault.InnerException.Message}", fault);
        }
    }

    /// <summary>Finds what lies beside a library; what this program has is shared with it, also where there is a copy beside the library.</summary>
    private sealed class Beside(string library) : AssemblyLoadContext
    {
        private readonly AssemblyDependencyResolver _files = new(library);

        protected override Assembly? Load(AssemblyName name) =>
            !File.Exists(Path.Combine(AppContext.BaseDirectory, $"{name.Name}.dll")) && _files.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;

        protected override nint LoadUnmanagedDll(string name) => _files.ResolveUnmanagedDllToPath(name) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
