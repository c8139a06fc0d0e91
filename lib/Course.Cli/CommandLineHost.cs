using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Course.Kernel.Notebooks;

namespace Course.Cli;

/// <summary>What every command shares: exit codes, errors on stderr, Ctrl-C.</summary>
internal static class CommandLineHost
{
    private const string Program = "course";

    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
    {
        // Numbers are printed the same everywhere.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (Console.IsOutputRedirected)
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine($"course: {Explain(error)}");
            Console.Error.WriteLine($"Try: {Words(parsed.CommandResult)} --help");
            return ExitCode.WrongUse;
        }
        // Help and version are all that the library itself prints; there the program has the name of its file.
        using var output = new StringWriter();
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = output,
                // Long enough to write the report of what is done; the work itself stops at once.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
            });
        }
        catch (Exception e) when (e is WrongUseException or NotebookPathException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.WrongUse;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"course: a fault of our own, please report it.\n{e}");
            return ExitCode.OwnFault;
        }
        finally
        {
            Console.Out.Write(output.ToString().Replace($"  {RootCommand.ExecutableName} ", $"  {Program} ", StringComparison.Ordinal));
        }
    }

    /// <summary>The words that lead to a command, such as <c>course data get</c>.</summary>
    private static string Words(CommandResult result) => result.Parent is CommandResult parent ? $"{Words(parent)} {result.Command.Name}" : Program;

    /// <summary>The library's message, on one line and without names of .NET types.</summary>
    private static string Explain(ParseError error)
    {
        if (error.SymbolResult is OptionResult { Tokens: [var token, ..] } option && error.Message.Contains("'System.", StringComparison.Ordinal))
            return $"{option.Option.Name} takes {(option.Option.ValueType == typeof(int) || option.Option.ValueType == typeof(int?) ? "a whole number" : "a number")}, not '{token.Value}'.";
        return string.Join(' ', error.Message.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
    }
}
