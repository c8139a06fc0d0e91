using System.CommandLine;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Jupyter.Front;
using Course.Jupyter.Install;

namespace Course.Cli.Commands;

/// <summary><c>course kernel</c>: the Jupyter kernel of the course, for JupyterLab, Notebook, VS Code, nbclient and others.</summary>
internal static class KernelCommand
{
    public static Command Create()
    {
        var command = new Command("kernel", "Install, list, remove or start the C# kernel for Jupyter.\n\nExample: course kernel install --user");
        command.Subcommands.Add(Install());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Uninstall());
        command.Subcommands.Add(Start());
        return command;
    }

    /// <summary>The three ways to say where; none means the user's own folder.</summary>
    private sealed class Place
    {
        private readonly Option<bool> _user = new("--user") { Description = "The user's own Jupyter folder (the default)." };
        private readonly Option<bool> _sysPrefix = new("--sys-prefix") { Description = "The active Python environment." };
        private readonly Option<string?> _prefix = new("--prefix") { Description = "<P>/share/jupyter.", HelpName = "P" };

        public void AddTo(Command command)
        {
            Inputs.NotEmpty(_prefix);
            command.Options.Add(_user);
            command.Options.Add(_sysPrefix);
            command.Options.Add(_prefix);
        }

        public string? Folder(ParseResult parsed)
        {
            bool user = parsed.GetValue(_user), sys = parsed.GetValue(_sysPrefix);
            string? prefix = parsed.GetValue(_prefix);
            if ((user ? 1 : 0) + (sys ? 1 : 0) + (prefix is null ? 0 : 1) > 1)
                throw new WrongUseException("give one of --user, --sys-prefix and --prefix, not several.");
            if (prefix is not null)
                return JupyterPaths.OfPrefix(prefix);
            if (sys)
                return JupyterPaths.OfPrefix(JupyterPaths.Default.SysPrefix ?? throw new WrongUseException("no Python environment is active (neither VIRTUAL_ENV nor CONDA_PREFIX is set); use --prefix."));
            return user ? JupyterPaths.Default.User : null;
        }
    }

    private static Command Install()
    {
        var place = new Place();
        var name = new Option<string?>("--name") { Description = $"The kernel's name; default {KernelSpecStore.InteractiveName}, or {KernelSpecStore.OwnName} where another program has that." };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !KernelSpecStore.IsName(text))
                result.AddError(KernelSpecStore.NoName(text));
        });
        var replace = new Option<bool>("--replace") { Description = "Install over a kernel of the same name." };
        var command = new Command("install", "Publish the kernel and tell Jupyter about it.\n\nExample: course kernel install --user --replace") { name, replace };
        place.AddTo(command);
        command.SetAction((parsed, cancel) => Task.Run(() => Guarded(() =>
        {
            string data = place.Folder(parsed) ?? JupyterPaths.Default.User;
            var store = new KernelSpecStore(JupyterPaths.Default);
            string chosen = parsed.GetValue(name) ?? store.FreeName(data);
            string? repository = Checkout.Above(AppContext.BaseDirectory);
            var spec = KernelSpecStore.Install(data, chosen, parsed.GetValue(replace), DotNetHost.Path,
                folder => PublishedProgram.Publish(repository, DotNetHost.Path, folder, Console.Error.WriteLine, cancel));
            if (parsed.GetValue(name) is null && chosen != KernelSpecStore.InteractiveName)
                Console.Out.WriteLine($"Another program's kernel is called {KernelSpecStore.InteractiveName}, so this one is {chosen}: choose it when you open a notebook.");
            Console.Out.WriteLine($"Installed {spec.Name} ({spec.DisplayName}) in {spec.Folder}");
        }), CancellationToken.None));
        return command;
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("list", "Show the kernels that Jupyter finds.\n\nExample: course kernel list --json") { json };
        command.SetAction(parsed =>
        {
            var specs = new KernelSpecStore(JupyterPaths.Default).List();
            if (parsed.GetValue(json))
                Console.Out.WriteLine(new JsonArray([.. specs.Select(spec => (JsonNode)new JsonObject
                {
                    ["name"] = spec.Name,
                    ["display_name"] = spec.DisplayName,
                    ["folder"] = spec.Folder,
                    ["ours"] = spec.IsOurs,
                    ["problem"] = spec.Problem,
                })]).ToJsonString(new() { WriteIndented = true }));
            else if (specs.Count == 0)
                Console.Out.WriteLine("No kernel is installed; `course kernel install` installs this one.");
            else
                foreach (var spec in specs)
                    Console.Out.WriteLine($"{spec.Name,-20} {spec.DisplayName,-24} {(spec.IsOurs ? "course" : ""),-8} {spec.Folder}{(spec.Problem is null ? "" : $"\n    cannot start: {spec.Problem}")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Uninstall()
    {
        var place = new Place();
        var name = new Option<string?>("--name") { Description = $"The kernel's name; default: whichever of {KernelSpecStore.InteractiveName} and {KernelSpecStore.OwnName} is the course's." };
        var command = new Command("uninstall", "Remove the kernel that `install` installed.\n\nExample: course kernel uninstall --user") { name };
        place.AddTo(command);
        command.SetAction(parsed => Guarded(() =>
        {
            string? data = place.Folder(parsed);
            var store = new KernelSpecStore(JupyterPaths.Default);
            string chosen = parsed.GetValue(name)
                ?? (data is null ? store.List() : KernelSpecStore.In(data)).FirstOrDefault(spec => spec.IsOurs)?.Name
                ?? throw new KernelSpecException($"The course's kernel is not installed {(data is null ? "" : $"in {data} ")}yet or any more; `course kernel list` shows those that are there.");
            Console.Out.WriteLine($"Removed {store.Uninstall(chosen, data).Folder}");
        }));
        return command;
    }

    private static Command Start()
    {
        var file = new Option<string?>("--connection-file") { Description = "Jupyter's connection file; without it, one is written and named.", Aliases = { "-f" } };
        var remote = new Option<bool>("--allow-remote") { Description = "Also listen on an address that other machines can reach." };
        var command = new Command("start", "Serve one kernel until a client shuts it down or Ctrl-C ends it.\n\nExample: course kernel start --connection-file kernel.json") { file, remote };
        Inputs.NotEmpty(file);
        command.SetAction(async (parsed, cancel) =>
        {
            // Ctrl-C is listened for once this has returned its task: before the kernel says that it is there.
            await Task.Yield();
            int code = await KernelProgram.RunAsync(parsed.GetValue(file), parsed.GetValue(remote), cancel);
            return cancel.IsCancellationRequested ? ExitCode.Interrupted : code;
        });
        return command;
    }

    private static int Guarded(Action action)
    {
        try
        {
            action();
            return ExitCode.Done;
        }
        catch (KernelSpecException e)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
