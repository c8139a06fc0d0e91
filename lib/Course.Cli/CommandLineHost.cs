using System.CommandLine;
using System.Globalization;
using System.Text;
using Course.Kernel.Notebooks;

namespace Course.Cli;

/// <summary>What every command shares: exit codes, errors on stderr, Ctrl-C.</summary>
static class CommandLineHost
{
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
                Console.Error.WriteLine($"course: {error.Message}");
            Console.Error.WriteLine($"Try: course {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help");
            return ExitCode.WrongUse;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
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
    }
}
