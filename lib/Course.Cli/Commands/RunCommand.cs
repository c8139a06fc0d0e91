using System.CommandLine;
using Course.Base;
using Course.Cli.Engines;
using Course.Cli.Recording;
using Course.Cli.Running;
using Course.Notebooks;
using Course.Runner;

namespace Course.Cli.Commands;

/// <summary><c>course run</c>: executes notebooks headlessly.</summary>
internal static class RunCommand
{
    /// <summary>Time limits beyond what a timer can count make no sense.</summary>
    private const double LongestSeconds = 1_000_000;

    public static Command Create()
    {
        var paths = Inputs.Notebooks("Notebooks or folders (scanned recursively); none means notebooks/ of the repository.");
        var profile = new Option<string>("--profile") { Description = "quick, or full for the numbers of the text.", DefaultValueFactory = _ => RunOptions.DefaultProfile };
        profile.AcceptOnlyFromAmong("quick", "full");
        var device = new Option<string>("--device") { Description = "Where Run.Device is: auto is the CPU, or an NVIDIA GPU with the engine torchsharp-cuda; cuda and opencl on the managed engine have to be asked for. The report says what was used.", DefaultValueFactory = _ => RunOptions.DefaultDevice };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda", "opencl");
        var engine = new Option<string?>("--engine") { Description = "Build the libraries with this engine first, then run." };
        engine.AcceptOnlyFromAmong(EngineRequirements.Engines);
        var kernel = new Option<string?>("--kernel") { Description = "What runs the cells: this kernel, or .NET Interactive's where it was built." };
        kernel.AcceptOnlyFromAmong("course", InteractiveKernel.Name);
        var jobs = new Option<int>("--jobs", "-j") { Description = "Notebooks that run at the same time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var cellLimit = new Option<double?>("--cell-timeout") { Description = "Seconds that a cell may run (quick: 180, full: 3600)." };
        var limit = new Option<double?>("--timeout") { Description = "Seconds that a notebook may run (quick: 600, full: 7200)." };
        var memory = new Option<int?>("--memory") { Description = "Megabytes that a notebook may hold (default: 80 % of the machine, shared by the jobs)." };
        var output = new Option<string?>("--out") { Description = "Folder for executed copies and reports (default: artifacts/run)." };
        var keepGoing = new Option<bool>("--keep-going") { Description = "Run the cells behind a failed one too." };
        var failFast = new Option<bool>("--fail-fast") { Description = "Stop all notebooks at the first failure." };
        var student = new Option<bool>("--student") { Description = "Run as the student edition: without solutions; exercises that are not done do not fail." };
        var record = new Option<string?>("--record") { Description = "Also merge seconds, verdicts and recorded numbers of these notebooks into this JSON file." };
        var parameters = new Option<string[]>("--parameter", "-p") { Description = "A parameter as name=value; the cell tagged parameters declares it. May be repeated." };
        var parameterFile = new Option<string[]>("--parameters", "-P") { Description = "A JSON file with an object of parameters; -p comes after it." };
        var changed = new Option<bool>("--changed") { Description = "Leave out notebooks whose cells, parameters, libraries, data sets and settings are as when they last passed." };
        var shard = new Option<string?>("--shard") { Description = "This machine's part of the notebooks, such as 1/3." };
        var retry = new Option<int>("--retry-flaky") { Description = "Run a failed notebook again up to so many times; one that passes then is reported as flaky." };
        var leaks = new Option<bool>("--leaks") { Description = "Tell which tensors each cell left alive beyond its variables, and the line that made most of them." };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON instead of a table." };
        Inputs.Positive(LongestSeconds, cellLimit, limit);
        Inputs.Positive(int.MaxValue, memory, jobs);
        Inputs.Positive(100, retry);
        Inputs.NotEmpty(output, record);
        shard.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && Shard.Parse(text) is null)
                result.AddError($"--shard takes a part of a whole such as 1/3, not '{text}'.");
        });

        var command = new Command("run", """
            Execute notebooks without a front end; write executed copies and a report.

            A cell tagged timeout:120 (seconds) or memory:2000 (megabytes) states its budget, and so does the metadata
            {"course": {"timeout": 120, "memory": 2000}} of a cell or a notebook; --cell-timeout, --timeout and --memory come before budgets.

            Example: course run notebooks/03-linear-regression.ipynb --profile quick
            Example: course run mine.ipynb -p learning_rate=0.1 -P params.json
            Example: course run --changed --shard 1/3 --retry-flaky 2
            """.ReplaceLineEndings("\n"))
        {
            paths, profile, device, engine, kernel, jobs, cellLimit, limit, memory, output, keepGoing, failFast, student, record,
            parameters, parameterFile, changed, shard, retry, leaks, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string? repository = Checkout.Above(Directory.GetCurrentDirectory());
            string outFolder = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(repository ?? Directory.GetCurrentDirectory(), "artifacts", "run"));
            string chosen = parsed.GetValue(profile)!;
            var notebooks = NotebookPaths.Find(parsed.GetValue(paths) ?? [], Directory.GetCurrentDirectory(), outFolder);
            var values = Parameters(parsed.GetValue(parameterFile) ?? [], parsed.GetValue(parameters) ?? [], notebooks);
            if (parsed.GetValue(shard) is { } part)
                notebooks = Shard.Parse(part)!.Of(notebooks);
            if (parsed.GetValue(leaks) && parsed.GetValue(kernel) == InteractiveKernel.Name)
                throw new WrongUseException("--leaks looks into this kernel's sessions; leave --kernel out");
            var options = new RunOptions
            {
                MissingData = Datasets.Missing,
                Repository = repository,
                Notebooks = notebooks,
                Out = outFolder,
                Profile = chosen,
                Device = parsed.GetValue(device)!,
                Engine = parsed.GetValue(engine) ?? BuiltEngine.Name,
                SessionProgram = parsed.GetValue(kernel) == InteractiveKernel.Name ? InteractiveKernel.Find(repository) : null,
                Jobs = parsed.GetValue(jobs),
                CellLimit = Seconds(parsed.GetValue(cellLimit)) ?? RunOptions.DefaultCellLimit(chosen),
                NotebookLimit = Seconds(parsed.GetValue(limit)) ?? RunOptions.DefaultNotebookLimit(chosen),
                MemoryLimit = parsed.GetValue(memory) is { } megabytes ? (long)megabytes << 20 : null,
                TimeBudgets = parsed.GetValue(cellLimit) is null && parsed.GetValue(limit) is null,
                MemoryBudgets = parsed.GetValue(memory) is null,
                Parameters = values,
                Changed = parsed.GetValue(changed),
                DataFolders = DataFolders.FromEnvironment() is var data ? [.. data.Searched, data.Cache] : [],
                RetryFlaky = parsed.GetValue(retry),
                Leaks = parsed.GetValue(leaks),
                KeepGoing = parsed.GetValue(keepGoing),
                FailFast = parsed.GetValue(failFast),
                Student = parsed.GetValue(student),
            };
            // Whether results can be written and recorded is found out before the run, not after an hour.
            Probe(outFolder, "--out");
            if (parsed.GetValue(record) is { } known)
            {
                if (Directory.Exists(known))
                    throw new WrongUseException($"--record {known} is a folder; name a JSON file in it.");
                RunRecord.ReadFor(options, known);
                Probe(Path.GetDirectoryName(Path.GetFullPath(known))!, "--record");
            }
            if (parsed.GetValue(engine) is { } wanted && !await PrepareAsync(wanted, repository, cancel))
                return ExitCode.Failed;
            var report = await Execute(options, parsed.GetValue(json), cancel);
            if (parsed.GetValue(record) is { } file)
                RunRecord.ReadFor(options, file).With(report, GitCommit.Of(repository ?? Directory.GetCurrentDirectory()), options.Threads).Write(file);
            return cancel.IsCancellationRequested ? ExitCode.Interrupted : report.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    /// <summary>What the command line gives, checked against the notebooks that declare it.</summary>
    /// <exception cref="WrongUseException">A parameter is no name=value, unknown, or does not fit.</exception>
    private static Dictionary<string, string> Parameters(string[] files, string[] given, IReadOnlyList<string> notebooks)
    {
        var values = new Dictionary<string, string>();
        try
        {
            foreach (var (name, value) in files.SelectMany(NotebookParameters.ReadFile))
                values[name] = value;
            foreach (string text in given)
            {
                if (text.IndexOf('=') is not (> 0 and var at))
                    throw new WrongUseException($"-p takes name=value, not '{text}'.");
                values[text[..at].Trim()] = text[(at + 1)..];
            }
            if (values.Count > 0)
                NotebookParameters.Check(notebooks.Select(TryRead).OfType<Notebook>(), values);
            return values;
        }
        catch (ParameterException e)
        {
            throw new WrongUseException(e.Message);
        }
    }

    /// <summary>A notebook that cannot be read is reported by the run.</summary>
    private static Notebook? TryRead(string path)
    {
        try
        {
            return Notebook.Read(path);
        }
        catch (NotebookFormatException)
        {
            return null;
        }
    }

    /// <summary>Builds an engine and loads it once; false, with at most five lines on standard error, when it cannot be used here.</summary>
    private static async Task<bool> PrepareAsync(string engine, string? repository, CancellationToken cancel)
    {
        string? complaint = EnginePreflight.Complaint(engine);
        if (complaint is null && !await EngineBuild.RunAsync(engine, repository, cancel))
            return false;
        complaint ??= await EnginePreflight.LoadComplaintAsync(engine, repository!, cancel);
        if (complaint is not null)
            Console.Error.WriteLine($"course: {complaint}");
        return complaint is null;
    }

    private static async Task<RunReport> Execute(RunOptions options, bool json, CancellationToken cancel)
    {
        await using var progress = RunProgress.Start(options);
        var runner = new CourseRunner(options, progress);
        var report = await runner.RunAsync(cancel);
        await progress.DisposeAsync();
        if (json)
            Console.Write(report.ToJson());
        else
            RunSummary.Print(report, options, runner);
        return report;
    }

    /// <exception cref="WrongUseException">No file can be written into the folder.</exception>
    private static void Probe(string folder, string option)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongUseException($"{option} {folder} cannot be written: {e.Message}");
        }
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;
}
