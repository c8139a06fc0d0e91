using System.Globalization;
using System.Reflection;
using Course.Base;
using TorchSharp;

namespace Course;

/// <summary>How this notebook was asked to run; read from the environment once.</summary>
public static class Run
{
    /// <summary><c>quick</c> (default) or <c>full</c>, from <c>COURSE_PROFILE</c>.</summary>
    public static string Profile { get; } = OneOf(CourseVariables.Profile, "quick", "full");

    /// <summary>The seed of every random stream, from <c>COURSE_SEED</c>; 1 unless set.</summary>
    public static int Seed { get; } = ReadSeed();

    /// <summary>Where tensors live, from <c>COURSE_DEVICE</c>: <c>auto</c> (default) takes an NVIDIA GPU when TorchSharp with libtorch sees one; the managed engine's <c>cuda</c> and <c>opencl</c> are taken only when they are asked for.</summary>
    public static torch.Device Device { get; } = ReadDevice();

    /// <summary>One value for the quick profile, another for the full one.</summary>
    public static T Choose<T>(T quick, T full) => Profile == "full" ? full : quick;

    /// <summary>What this notebook runs on: engine, device, threads, seed, profile, data. The first thing that a chapter shows.</summary>
    /// <param name="data">Where the chapter's data come from.</param>
    public static Preflight Preflight(string data)
    {
        torch.manual_seed(Seed);
        return new(Table.Of(["", "this run"],
        [
            ["engine", Engine],
            ["device", Describe(Device)],
            ["threads", torch.get_num_threads()],
            ["seed", Seed],
            ["profile", Profile],
            ["data", data],
        ], "Preflight"), Device.type.ToString().ToLowerInvariant());
    }

    private static string Engine
    {
        get
        {
            var assembly = typeof(torch).Assembly;
            return $"{(IsNative ? "TorchSharp with libtorch" : "TorchSharp.Managed (plain C#)")} {assembly.GetName().Version?.ToString(3)}";
        }
    }

    /// <summary>The engine as part of a file's name.</summary>
    internal static string EngineName => IsNative ? "libtorch" : "managed";

    private static bool IsNative => typeof(torch).Assembly.GetType("TorchSharp.PInvoke.NativeMethods") is not null;

    private static torch.Device ReadDevice()
    {
        string choice = OneOf(CourseVariables.Device, "auto", "cpu", "cuda", "opencl");
        if (choice == "cpu")
            return torch.CPU;
        if (choice == "opencl")
            return torch.TryInitializeDeviceType(DeviceType.OPENCL) ? torch.device(DeviceType.OPENCL, 0) : throw Unavailable(choice, "OpenCL device", DeviceType.OPENCL, "clinfo");
        // The managed engine's kernels for a GPU have been tried on emulated devices only: nobody gets them unasked.
        if (choice == "auto" && !IsNative)
            return torch.CPU;
        bool available = torch.cuda.is_available();
        if (choice == "cuda" && !available)
            throw Unavailable(choice, "NVIDIA GPU", DeviceType.CUDA, "nvidia-smi");
        return available ? torch.CUDA : torch.CPU;
    }

    private static InvalidOperationException Unavailable(string choice, string what, DeviceType type, string tool) => new(
        $"COURSE_DEVICE is '{choice}', but the engine {(IsNative ? "TorchSharp with libtorch" : "TorchSharp.Managed")} sees no {what}: " +
        $"{AskEngine("WhyNone", torch.device(type, 0)) ?? $"{tool} lists those of the driver."} Use 'auto' or 'cpu'{(IsNative ? ", or the managed engine, which needs the driver only" : "")}.");

    /// <summary>A device in words; of a GPU also its name, driver and memory, where the engine tells them.</summary>
    public static string Describe(torch.Device device) => AskEngine("Describe", device) as string ?? device.ToString();

    /// <summary>What the managed engine knows of a device beyond TorchSharp's API; null from libtorch.</summary>
    internal static object? AskEngine(string method, torch.Device device) => typeof(torch).Assembly.GetType("TorchSharp.DevicePlaces")?
        .GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)?.Invoke(null, [device]);

    private static int ReadSeed()
    {
        string text = Read(CourseVariables.Seed);
        if (text == "")
            return 1;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw new InvalidOperationException($"COURSE_SEED is '{text}', but must be a whole number such as 1.");
    }

    /// <summary>The environment's value, or the first allowed one when it is not set.</summary>
    internal static string OneOf(string variable, params ReadOnlySpan<string> allowed)
    {
        string text = Read(variable);
        if (text == "")
            return allowed[0];
        foreach (string value in allowed)
            if (string.Equals(value, text, StringComparison.OrdinalIgnoreCase))
                return value;
        throw new InvalidOperationException($"{variable} is '{text}', but must be one of: {string.Join(", ", allowed.ToArray())}.");
    }

    private static string Read(string variable) => Environment.GetEnvironmentVariable(variable)?.Trim() ?? "";
}
