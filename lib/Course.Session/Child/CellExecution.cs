using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Course.Kernel.Cells;
using Course.Notebooks;
using Course.Session.Child.Directives;
using Course.Session.Child.Display;
using Course.Session.Child.Scripting;
using Course.Session.Contract;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using DisplayedValue = Microsoft.DotNet.Interactive.Formatting.DisplayedValue;
using FormattedValue = Microsoft.DotNet.Interactive.Formatting.FormattedValue;

namespace Course.Session.Child;

/// <summary>Runs the parts of cells one after the other, on one thread.</summary>
internal sealed class CellExecution(CellPipes pipes, References references, Submissions submissions, TimeProvider? clock = null)
{
    private readonly DirectiveRunner _directives = new(references);
    private readonly Dictionary<string, (string Text, string MimeType)> _values = [];
    private readonly TensorLeaks? _leaks = TensorLeaks.FromEnvironment();
    private (CellRequest Request, Interruption Interruption, CancellationToken Stop) _running;
    private object? _lastValue;

    /// <summary>How long a stopped cell may take to come back before it is left behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The running cell's code, and what is cancelled when it is interrupted.</summary>
    public (string Code, CancellationToken Stop) Running => (_running.Request?.Code ?? "", _running.Stop);

    /// <exception cref="Exception">What the cell throws.</exception>
    public void Run(CellRequest request, Interruption interruption)
    {
        _running = (request, interruption, interruption.Token);
        var parts = CellParser.Parse(request.Code, request.Name, request.Language);
        long? timer = null;
        if (_directives.Notice() is { } notice)
            pipes.Error.WriteLine(notice);
        for (int i = 0; i < parts.Count; i++)
        {
            interruption.Token.ThrowIfCancellationRequested();
            switch (parts[i])
            {
                case DirectivePart { Name: "time" }:
                    timer = (clock ?? TimeProvider.System).GetTimestamp();
                    break;
                case DirectivePart { Name: "r" or "i" } first:
                    DirectivePart[] together = [first, .. parts.Skip(i + 1).TakeWhile(part => part is DirectivePart { Name: "r" or "i" }).Cast<DirectivePart>()];
                    foreach (string warning in _directives.Reference(together, request.Name, interruption.Token))
                        pipes.Error.WriteLine(warning);
                    i += together.Length - 1;
                    break;
                case DirectivePart directive:
                    Directive(directive, request, interruption);
                    break;
                case TextPart { Language: "csharp" } code:
                    RunCode(code.Text, request.Name, interruption, showValue: true);
                    break;
                case TextPart text:
                    Show(text);
                    break;
            }
        }
        if (timer is { } since)
            Publish(string.Create(CultureInfo.InvariantCulture, $"Wall time: {(clock ?? TimeProvider.System).GetElapsedTime(since).TotalMilliseconds:F1} ms"));
        if (_leaks?.EndCell(submissions.Instances) is { } left)
            Publish(left);
    }

    public object Display(object? value, string[] mimeTypes)
    {
        // What is shown later is asked for in the same types; without any, the next value's own count.
        var shown = new DisplayedValue(value, [.. mimeTypes.Select(type => new FormattedValue(type, ""))]);
        pipes.Publish(new DisplayData(Formatter.Format(value, mimeTypes), [], shown.DisplayId));
        return shown;
    }

    /// <summary>What a cell sends to a kernel: code runs as a cell of its own, within the one that sends it.</summary>
    public KernelCommandResult Submit(KernelCommand command, string kernel)
    {
        var (outer, interruption, _) = _running;
        if (command is not SubmitCode submit)
            return new KernelCommandResult(command, [new CommandFailed($"{command.GetType().Name} needs a front end that adds cells", command)]);
        try
        {
            _lastValue = null;
            Run(new CellRequest(submit.Code, outer.Name, submit.TargetKernelName ?? kernel), interruption);
            return new KernelCommandResult(command, [.. _lastValue is { } value ? [new ReturnValueProduced(value, command)] : (KernelEvent[])[], new CommandSucceeded(command)]);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or CellInterruptedException))
        {
            pipes.Error.WriteLine(string.Join('\n', ErrorText.Of(e, outer.Name).Traceback));
            return new KernelCommandResult(command, [new CommandFailed(e.Message, command, e)]);
        }
        finally
        {
            _running = (outer, interruption, interruption.Token);
        }
    }

    /// <summary>Outputs that library code shows; they are never updated, so they carry no id.</summary>
    public void Publish(object? value) => pipes.Publish(new DisplayData(value as JsonObject ?? Formatter.Format(value), []));

    private void RunCode(string code, string name, Interruption interruption, bool showValue)
    {
        Submission submission;
        try
        {
            submission = submissions.Compile(code, name, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            throw new CellInterruptedException();
        }
        foreach (string warning in submission.Warnings)
            pipes.Error.WriteLine(warning);
        object? value;
        try
        {
            value = interruption.Wait(() => submissions.Start(submission), Patience);
        }
        finally
        {
            // A cell runs as an asynchronous method, whose changes to the culture end with it.
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (Guard.Culture, Guard.UICulture);
        }
        _lastValue = submission.HasValue ? value : null;
        if (showValue && submission.HasValue && !ObjectFormatter.IsShown(value))
            pipes.Publish(new ExecuteResult(Formatter.Format(value), []));
    }

    private void Show(TextPart text)
    {
        JsonObject bundle = text.Language switch
        {
            "svg" => new() { [MimeBundle.Svg] = text.Text, [MimeBundle.Plain] = text.Text },
            "javascript" => new() { [MimeBundle.Html] = $"<script type=\"text/javascript\">\n{text.Text}\n</script>", [MimeBundle.Plain] = text.Text },
            "html" => new() { [MimeBundle.Html] = text.Text, [MimeBundle.Plain] = text.Text },
            "mermaid" => new() { ["text/vnd.mermaid"] = text.Text, [MimeBundle.Markdown] = $"```mermaid\n{text.Text}\n```", [MimeBundle.Plain] = text.Text },
            _ => new() { [MimeBundle.Markdown] = text.Text, [MimeBundle.Plain] = text.Text },
        };
        pipes.Publish(new DisplayData(bundle, []));
    }

    private void Directive(DirectivePart directive, CellRequest request, Interruption interruption)
    {
        switch (directive.Name)
        {
            case "who" or "whos":
                Publish(SessionVariables.Show(submissions.Instances, withValues: directive.Name == "whos"));
                break;
            case "about":
                Publish($"C# 14 on .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}: Course.Session {typeof(CellExecution).Assembly.GetName().Version?.ToString(3)}");
                break;
            case "lsmagic":
                Publish(DirectiveHelp.Table());
                break;
            case "load":
                var (path, code) = _directives.Load(directive, request.Name);
                Nested(code, path, interruption);
                break;
            case "import":
                Import(directive, request, interruption);
                break;
            case "value":
                var (name, text, mimeType) = _directives.Value(directive, request.Name, interruption.Token);
                _values[name] = (text, mimeType);
                Publish(MimeBundle.Of(mimeType, text));
                break;
            case "share" when directive.Language == "javascript":
                Publish(MimeBundle.Of(MimeBundle.Html, _directives.Script(directive, request.Name, submissions.Instances)));
                break;
            case "set" or "share":
                RunCode(new string('\n', directive.Line) + _directives.Assignment(directive, request.Name, _values), request.Name, interruption, showValue: false);
                break;
        }
    }

    private void Import(DirectivePart directive, CellRequest request, Interruption interruption)
    {
        var (path, text) = _directives.Load(directive, request.Name);
        if (Path.GetExtension(path) is not (".ipynb" or ".dib"))
        {
            Nested(text, path, interruption);
            return;
        }
        Notebook notebook;
        try
        {
            notebook = Notebook.Parse(text, path);
        }
        catch (NotebookFormatException e)
        {
            throw SubmissionException.Directive(request.Name, directive.Line + 1, e.Message);
        }
        foreach (var cell in notebook.Cells.Where(c => c.IsCode && !c.HasTag(CellTags.SkipExecution)))
            Run(new CellRequest(cell.Source, $"{Path.GetFileName(path)}[{cell.Index}]", cell.Language), interruption);
    }

    /// <summary>A loaded file runs as a cell of its own name, with its own directives.</summary>
    private void Nested(string code, string path, Interruption interruption) => Run(new CellRequest(code, path), interruption);
}
