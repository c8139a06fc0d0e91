using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Base;

namespace Course.Classroom.Hub;

/// <summary>
/// A classroom server's folder: the student edition in <c>course</c>, which nobody but its owner changes, the kernel in
/// <c>jupyter</c>, a folder for each learner in <c>learners</c>, the hub's own files in <c>state</c>, and JupyterHub's configuration.
/// </summary>
public sealed class HubFolder(string folder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public string Course => Path.Combine(folder, "course");

    /// <summary>A data folder of Jupyter's, for the kernel.</summary>
    public string Jupyter => Path.Combine(folder, "jupyter");

    public string Configuration => Path.Combine(folder, "jupyterhub_config.py");

    /// <summary>The folder above this one, or this one, that learners cannot enter; null when they can.</summary>
    public string? Closed()
    {
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
            if (!OperatingSystem.IsWindows() && Directory.Exists(at) && !File.GetUnixFileMode(at).HasFlag(UnixFileMode.OtherExecute))
                return at;
        return null;
    }

    /// <summary>Writes all but the course and the kernel.</summary>
    /// <returns>The passwords that were drawn, by name.</returns>
    /// <exception cref="ClassroomException">The file of names is none.</exception>
    public IReadOnlyDictionary<string, string> Write(string names, HubSettings settings)
    {
        const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var learners = Learners.Of(names, Path.Combine(folder, "learners.json"));
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["state", "learners"])
        {
            string path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, name == "state" ? OwnersAlone : OwnersAlone | UnixFileMode.OtherExecute);
        }
        learners.Write(Path.Combine(folder, "learners.json"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder, "learners.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.WriteAllText(Path.Combine(folder, "settings.json"), JsonSerializer.Serialize(settings, Json) + "\n");
        using var text = new StreamReader(typeof(HubFolder).Assembly.GetManifestResourceStream("jupyterhub_config.py")!);
        AtomicFile.WriteAllText(Configuration, text.ReadToEnd());
        return learners.Drawn;
    }
}
