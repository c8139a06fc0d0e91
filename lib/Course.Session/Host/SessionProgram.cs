namespace Course.Session.Host;

/// <summary>
/// The program that runs cells. It has a list of its own assemblies, so that the libraries of a notebook are found in the notebook's
/// folder and not beside ours.
/// </summary>
internal static class SessionProgram
{
    /// <exception cref="SessionStartException">It was not built or copied completely.</exception>
    public static string Path
    {
        get
        {
            string path = typeof(SessionProgram).Assembly.Location;
            foreach (string needed in (string[])[path, System.IO.Path.ChangeExtension(path, ".runtimeconfig.json"), System.IO.Path.ChangeExtension(path, ".deps.json")])
            {
                if (!File.Exists(needed))
                    throw new SessionStartException($"{needed} is missing; build again: dotnet build lib/Course.Cli. {SessionStartException.Advice}");
            }
            return path;
        }
    }
}
