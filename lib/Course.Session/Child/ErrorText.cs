using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Course.Kernel.Cells;
using Course.Session.Child.Scripting;
using Course.Session.Contract;

namespace Course.Session.Child;

/// <summary>Exceptions as a reader of the notebook sees them: the cell's frames and lines, not the machinery below.</summary>
internal static partial class ErrorText
{
    private const int MostFrames = 40;

    /// <summary>Looking up the lines of a stack deeper than this takes seconds.</summary>
    private const int DeepestWithLines = 1000;

    /// <summary>The runtime never runs a class's initialiser again.</summary>
    private const string Restart = "What failed here is not tried again in this session. If a package brings the library, add it and restart the kernel.";

    /// <summary>Where a cell's own frames end and ours begin.</summary>
    private static readonly string[] Machinery = [typeof(CellExecution).FullName!, typeof(Interruption).FullName!, typeof(Submissions).FullName!];

    /// <param name="cell">The running cell, as named in its request.</param>
    public static ErrorOutput Of(Exception exception, string cell)
    {
        if (exception is SubmissionException submission)
            return new ErrorOutput(submission.Kind, submission.Message, submission.Details, submission.Line);
        bool remembered = false;
        while (exception is TargetInvocationException or TypeInitializationException { InnerException: not null } or AggregateException { InnerExceptions.Count: 1 } && exception.InnerException is { } inner)
        {
            remembered |= exception is TypeInitializationException;
            exception = inner;
        }
        var lines = new List<string>();
        Describe(exception, cell, lines);
        if (remembered && exception is (DllNotFoundException or BadImageFormatException))
            lines.Add(Restart);
        return new ErrorOutput(exception.GetType().Name, Text(exception, e => e.Message), lines, LineIn(exception, cell));
    }

    /// <summary>What an exception says of itself; its members may be a cell's own code, and throw.</summary>
    private static string Text(Exception exception, Func<Exception, string?> member)
    {
        try
        {
            return Short(member(exception) ?? "");
        }
        catch (Exception e)
        {
            return $"(the exception's own description threw {e.GetType().Name})";
        }
    }

    /// <summary>TorchSharp appends all that it tried to load, hundreds of lines, when its native library cannot be.</summary>
    private static string Short(string text) => text.IndexOf("LoadNativeBackend", StringComparison.Ordinal) < 0 ? text
        : "The native library of TorchSharp could not be loaded. What is missing: dotnet run --project lib/Course.Cli -- doctor --engine torchsharp-cpu";

    private static void Describe(Exception exception, string cell, List<string> lines)
    {
        lines.AddRange($"{exception.GetType()}: {Text(exception, e => e.Message)}".ReplaceLineEndings("\n").Split('\n'));
        lines.AddRange(Frames(exception));
        if (exception.InnerException is { } inner)
        {
            lines.Add("Caused by:");
            Describe(inner, cell, lines);
        }
    }

    /// <summary>The frames down to the cell that ran, named as the reader wrote them.</summary>
    private static IEnumerable<string> Frames(Exception exception)
    {
        int count = 0;
        var bare = new StackTrace(exception, fNeedFileInfo: false);
        if (bare.FrameCount > DeepestWithLines)
        {
            foreach (var frame in bare.GetFrames().Take(5))
                yield return $"   at {frame.GetMethod()?.Name}";
            yield return FormattableString.Invariant($"   … {bare.FrameCount - 5} more frames");
            yield break;
        }
        foreach (string line in Text(exception, e => e.StackTrace).ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("---", StringComparison.Ordinal) || line.Contains(typeof(Guard).FullName!, StringComparison.Ordinal))
                continue;
            if (Machinery.Any(m => line.Contains(m, StringComparison.Ordinal)) || ++count > MostFrames)
                yield break;
            if (TopLevel().Match(line) is { Success: true } top)
                yield return $"   at {top.Groups["place"].Value}, line {top.Groups["line"].Value}";
            else
                yield return LineNumber().Replace(SubmissionName().Replace(line, ""), ", line ");
        }
    }

    private static int? LineIn(Exception exception, string cell)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (new StackTrace(e, fNeedFileInfo: false).FrameCount > DeepestWithLines)
                return Guard.Line > 0 ? Guard.Line : null;
            foreach (var frame in new StackTrace(e, fNeedFileInfo: true).GetFrames())
            {
                if (frame.GetFileName() == cell && frame.GetFileLineNumber() is var line and > 0)
                    return line;
            }
        }
        return null;
    }

    [GeneratedRegex(@"^\s*at Submission\d+\.<<Initialize>>d__\d+\.MoveNext\(\) in (?<place>.+):line (?<line>\d+)$")]
    private static partial Regex TopLevel();

    [GeneratedRegex(@"Submission\d+\.")]
    private static partial Regex SubmissionName();

    [GeneratedRegex(@":line (?=\d+$)")]
    private static partial Regex LineNumber();
}
