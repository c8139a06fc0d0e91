using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Serving;

namespace Course.Cli.Commands;

/// <summary><c>course registry</c>: versions of a model, which is in service, and who changed that.</summary>
internal static class RegistryCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON.", Recursive = true };
        var folder = new Option<DirectoryInfo>("--registry") { Description = "The registry's folder; 'add' makes it.", Required = true, Recursive = true };
        var actor = new Option<string?>("--actor") { Description = "Who does it, for the history (default: user@machine).", Recursive = true };
        Inputs.NotEmpty(folder, actor);
        var version = new Argument<string>("version") { Description = "A version, as 'list' shows it." };
        var files = new Argument<FileInfo[]>("models") { Description = "Model files (.csmodel).", Arity = ArgumentArity.OneOrMore };

        Command Sub(string name, string text, Func<ModelRegistry, ParseResult, object> act, Action<ModelRegistry, object> print, params Argument[] arguments)
        {
            var command = new Command(name, text);
            foreach (var argument in arguments)
                command.Add(argument);
            command.SetAction(parsed => Work(parsed.GetValue(folder)!, parsed.GetValue(actor), mayBeNew: name == "add", parsed.GetValue(json), registry => act(registry, parsed), print));
            return command;
        }

        return new Command("registry", "Versions of a model: list, add, promote, rollback, history.\n\nExample: course registry promote 1.2.0 --registry models")
        {
            Sub("list", "List the versions; * is in service.\n\nExample: course registry list --registry models", (registry, _) => registry.Versions, PrintVersions),
            Sub("add", "Add model files; they are not in service before they are promoted.\n\nExample: course registry add digits.csmodel --registry models",
                (registry, parsed) => Add(registry, parsed.GetValue(files)!), (_, added) => Print((IEnumerable<string>)added, "added"), files),
            Sub("promote", "Put a version into service, after verifying its file.\n\nExample: course registry promote 1.2.0 --registry models",
                (registry, parsed) => Promote(registry, parsed.GetValue(version)!), (_, current) => Print([(string)current], "in service"), version),
            Sub("rollback", "Put the version back that was in service before the last promotion.\n\nExample: course registry rollback --registry models",
                (registry, _) => registry.RollBack(), (_, current) => Print([(string)current], "in service")),
            Sub("history", "Who did what, and when; oldest first.\n\nExample: course registry history --registry models", (registry, _) => registry.History, PrintHistory),
            json,
            folder,
            actor,
        };
    }

    private static int Work(DirectoryInfo folder, string? actor, bool mayBeNew, bool json, Func<ModelRegistry, object> act, Action<ModelRegistry, object> print)
    {
        if (!mayBeNew && !folder.Exists)
            throw new WrongUseException($"there is no folder '{folder.FullName}'. Make a registry with: course registry add MODEL --registry {folder}");
        try
        {
            var registry = new ModelRegistry(folder.FullName, actor);
            object result = act(registry);
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(result, result.GetType(), Json));
            else
                print(registry, result);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is StoreException or ArtefactException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.Failed;
        }
        catch (ArgumentException e)
        {
            throw new WrongUseException(e.Message);
        }
    }

    private static string[] Add(ModelRegistry registry, FileInfo[] files)
    {
        // All are read before one is added: a damaged file among them changes nothing.
        var models = files.Select(file => ModelArtefact.Load(file.FullName)).ToArray();
        foreach (var model in models)
            registry.Add(model);
        return [.. models.Select(model => model.Info.Version)];
    }

    private static string Promote(ModelRegistry registry, string version)
    {
        registry.Promote(version);
        return version;
    }

    private static void Print(IEnumerable<string> versions, string what)
    {
        foreach (string version in versions)
            Console.WriteLine($"{version} {what}");
    }

    private static void PrintVersions(ModelRegistry registry, object versions)
    {
        foreach (var model in (IReadOnlyList<RegisteredModel>)versions)
        {
            string metrics = string.Join("  ", model.Metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:G4}")));
            Console.WriteLine($"{(model.IsCurrent ? '*' : ' ')} {model.Version,-12} {model.Checksum[..12]}  {Time(model.Added)}  {model.Actor}  {metrics}{(model.Problem is { } problem ? $"  FILE {problem}" : "")}");
        }
        foreach (string file in registry.UnregisteredFiles)
            Console.Error.WriteLine($"course: {file} lies in the folder but was never added.");
    }

    private static void PrintHistory(ModelRegistry registry, object events)
    {
        foreach (var line in (IReadOnlyList<RegistryEvent>)events)
            Console.WriteLine($"{line.Number,4}  {Time(line.Time)}  {JsonNamingPolicy.KebabCaseLower.ConvertName(line.Action.ToString()),-9}  {line.Version,-12}  {line.Actor}");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
