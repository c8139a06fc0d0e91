using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Course.Cli.Commands;

/// <summary><c>course data</c>: what data sets there are, get them, verify them.</summary>
internal static class DataCommand
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
        var catalogue = new Option<FileInfo?>("--catalogue") { Description = "A catalogue of your own in place of the course's data/catalogue.json.", Recursive = true };
        var to = new Option<DirectoryInfo?>("--to") { Description = "Folder to download into (default: the user's cache). Name it in COURSE_DATA so that notebooks find it." };
        Inputs.NotEmpty(catalogue, to);
        var wanted = new Argument<string[]>("names") { Description = "Names of data sets, as 'list' shows them.", Arity = ArgumentArity.OneOrMore };
        var some = new Argument<string[]>("names") { Description = "Names of data sets; none means all that are here.", Arity = ArgumentArity.ZeroOrMore };

        var list = new Command("list", "List the data sets, and which of them are on this machine.\n\nExample: course data list");
        list.SetAction(parsed => List(Store(parsed.GetValue(catalogue), null), parsed.GetValue(json)));
        var get = new Command("get", "Download data sets, verified by the published checksums; a broken download is resumed.\n\nExample: course data get mnist") { wanted, to };
        get.SetAction((parsed, cancel) => Get(Store(parsed.GetValue(catalogue), parsed.GetValue(to)), parsed.GetValue(wanted)!, parsed.GetValue(json), cancel));
        var verify = new Command("verify", "Compare files on this machine with the published checksums.\n\nExample: course data verify mnist") { some };
        verify.SetAction(parsed => Verify(Store(parsed.GetValue(catalogue), null), parsed.GetValue(some)!, parsed.GetValue(json)));

        return new Command("data", "Data sets: list, get, verify.\n\nExample: course data get mnist") { list, get, verify, json, catalogue };
    }

    private static DataStore Store(FileInfo? catalogueFile, DirectoryInfo? to)
    {
        var folders = DataFolders.FromEnvironment();
        if (to is not null)
            folders = folders with { Cache = to.FullName };
        if (catalogueFile is null)
            return new DataStore(Catalogue.Default, folders);
        try
        {
            return new DataStore(Catalogue.Parse(File.ReadAllText(catalogueFile.FullName), catalogueFile.FullName), folders);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new WrongUseException(e.Message);
        }
    }

    private static int List(DataStore store, bool json)
    {
        var rows = store.Catalogue.Entries.Select(entry => new { entry.Name, entry.Title, entry.Summary, entry.Size, Folder = FolderOf(store, entry), entry.VerifiedBy, entry.Licence, entry.Citation, entry.Consent }).ToArray();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(rows, Json));
            return ExitCode.Done;
        }
        foreach (var row in rows)
        {
            Console.WriteLine($"{row.Name}  {row.Title}: {row.Summary}");
            Console.WriteLine($"    {row.Size / 1e6:F1} MB, {(row.Folder is null ? $"not here; get it with: course data get {row.Name}" : $"in {row.Folder}")}");
            Console.WriteLine($"    verified by {row.VerifiedBy}");
            Console.WriteLine($"    licence  {row.Licence}");
            Console.WriteLine($"    cite     {row.Citation}");
            Console.WriteLine($"    consent  {row.Consent}");
        }
        return ExitCode.Done;
    }

    private static async Task<int> Get(DataStore store, string[] names, bool json, CancellationToken cancel)
    {
        var entries = Entries(store, names);
        bool failed = false;
        var results = new List<object>();
        foreach (var entry in entries)
        {
            try
            {
                string folder = await WithProgress(progress => store.Get(entry, progress, cancel));
                results.Add(new { entry.Name, Folder = folder, Error = (string?)null });
                if (!json)
                    Console.WriteLine($"{entry.Name}: verified by {entry.VerifiedBy}, in {folder}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed = true;
                results.Add(new { entry.Name, Folder = (string?)null, Error = e.Message });
                Console.Error.WriteLine($"course: {entry.Name}: {e.Message}");
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"course: interrupted; what arrived is kept. Go on with: course data get {entry.Name}");
                return ExitCode.Interrupted;
            }
        }
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(results, Json));
        return failed ? ExitCode.Failed : ExitCode.Done;
    }

    private static int Verify(DataStore store, string[] names, bool json)
    {
        var entries = names.Length > 0 ? Entries(store, names)
            : [.. store.Catalogue.Entries.Where(entry => FolderOf(store, entry) is not null)];
        var reports = entries.SelectMany(store.Verify).ToArray();
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(reports, Json));
        else
            foreach (var report in reports)
                Console.WriteLine($"{Words(report.Status),-13} {report.Dataset}/{report.File}  {report.Path ?? "-"}  {report.Detail}");
        if (reports.Length == 0)
            Console.Error.WriteLine("course: no data set is on this machine; see: course data list");
        return reports.All(report => report.Status == FileStatus.Verified) ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Words(FileStatus status) => JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString());

    private static CatalogueEntry[] Entries(DataStore store, string[] names)
    {
        try
        {
            return [.. names.Select(name => store.Catalogue[name])];
        }
        catch (KeyNotFoundException e)
        {
            throw new WrongUseException(e.Message);
        }
    }

    private static string? FolderOf(DataStore store, CatalogueEntry entry) => Path.GetDirectoryName(store.Find(entry)?[0]);

    private static async Task<T> WithProgress<T>(Func<IProgress<DownloadProgress>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected)
            return await work(new Progress<DownloadProgress>(_ => { }));
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bars(context)));
    }

    private sealed class Bars(ProgressContext context) : IProgress<DownloadProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(DownloadProgress value)
        {
            if (!_tasks.TryGetValue(value.File, out var task))
                _tasks[value.File] = task = context.AddTask(Markup.Escape(value.File));
            task.IsIndeterminate = value.Total is null;
            task.MaxValue = value.Total ?? value.Received;
            task.Value = value.Received;
        }
    }
}
