namespace Course.Jupyter.Install;

/// <summary>Where Jupyter looks for kernels on this platform, without asking Python.</summary>
public sealed class JupyterPaths(Func<string, string?> environment)
{
    public static readonly JupyterPaths Default = new(Environment.GetEnvironmentVariable);

    /// <summary>The user's own data folder.</summary>
    public string User
    {
        get
        {
            if (Variable("JUPYTER_DATA_DIR") is { } data)
                return data;
            if (OperatingSystem.IsWindows())
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
            string home = Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (OperatingSystem.IsMacOS())
                return Path.Combine(home, "Library", "Jupyter");
            return Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter");
        }
    }

    /// <summary>Where Jupyter looks for the connection files of running kernels.</summary>
    public string Runtime => Variable("JUPYTER_RUNTIME_DIR") ?? Path.Combine(User, "runtime");

    /// <summary>The active Python environment's prefix; null when none is active.</summary>
    public string? SysPrefix => Variable("VIRTUAL_ENV") ?? Variable("CONDA_PREFIX");

    public static string OfPrefix(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter");

    /// <summary>All data folders in the order of precedence.</summary>
    public IEnumerable<string> All()
    {
        foreach (string path in (Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return path;
        yield return User;
        if (SysPrefix is { } prefix)
            yield return OfPrefix(prefix);
        if (OperatingSystem.IsWindows())
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter");
        else
        {
            yield return "/usr/local/share/jupyter";
            yield return "/usr/share/jupyter";
        }
    }

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
}
