using System.Text.RegularExpressions;
using Course.Base;

namespace Course.Session.Packages;

/// <summary>
/// Which folder answers a notebook's <c>artifacts/lib</c>: <c>artifacts/lib-&lt;engine&gt;</c> of the engine that the run was
/// started with, else of the one that was built last when the session first asks. So a build with another engine changes
/// neither an open session nor what a run loads.
/// </summary>
/// <param name="asked">The run's engine; null takes the one that was built last.</param>
public sealed partial class EngineLibraries(string? asked)
{
    private string? _taken, _stamp;
    private bool _said;

    public static EngineLibraries FromEnvironment() =>
        new(Environment.GetEnvironmentVariable(CourseVariables.Engine) is { Length: > 0 } engine ? engine : null);

    /// <summary>The path itself, or the file of the same name in the engine's folder.</summary>
    /// <param name="path">Absolute.</param>
    public string Answer(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (Path.GetFileName(folder) != "lib" || Path.GetDirectoryName(folder) is not { } artifacts || Path.GetFileName(artifacts) != "artifacts")
            return path;
        _stamp ??= Path.Combine(folder, "engine.txt");
        _taken ??= asked ?? LastBuilt();
        if (_taken is null)
            return path;
        string answer = Path.Combine(artifacts, $"lib-{_taken}", Path.GetFileName(path));
        // A folder that was handed out holds one engine, under the name that notebooks use.
        if (asked is not null && !Directory.Exists(Path.GetDirectoryName(answer)) && LastBuilt() == asked)
            return path;
        return asked is not null || File.Exists(answer) ? answer : path;
    }

    /// <summary>Says once that <c>artifacts/lib</c> holds another engine by now; null when there is nothing to say.</summary>
    public string? Switched()
    {
        if (_said || _taken is null || asked is not null || LastBuilt() is not { } now || now == _taken)
            return null;
        _said = true;
        return $"artifacts/lib was built with engine {now} meanwhile. This session goes on with {_taken}, and its variables stay; restart the kernel to use {now}.";
    }

    /// <summary>A cell's code whose <c>#r</c> directives name the engine's folder.</summary>
    public string AnswerIn(string code) => Directive().Replace(code, match => $"#r \"{Answer(Path.GetFullPath(match.Groups["path"].Value))}\"");

    [GeneratedRegex("""^#r\s+"(?<path>[^"]*artifacts[/\\]lib[/\\][^"]*)"\s*$""", RegexOptions.Multiline)]
    private static partial Regex Directive();

    private string? LastBuilt()
    {
        try
        {
            return _stamp is not null && File.Exists(_stamp) && File.ReadAllText(_stamp).Trim() is { Length: > 0 } engine ? engine : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
