using Course.Cli.Recording;
using Course.Jupyter.Install;

namespace Course.Cli.Doctor;

/// <summary>The kernel's registration, Jupyter, and the data sets.</summary>
internal static class NotebookChecks
{
    private const string Course = "dotnet run --project lib/Course.Cli --";

    public static Finding Kernel()
    {
        var ours = new KernelSpecStore(JupyterPaths.Default).List().Where(spec => spec.IsOurs).ToList();
        if (ours.Count == 0)
            return Finding.Optional("kernel", "not registered with Jupyter (course run needs no registration)", $"{Course} kernel install --user");
        return ours.FirstOrDefault(spec => spec.Problem is not null) is { } broken
            ? Finding.Missing("kernel", $"{broken.Name} in {broken.Folder} cannot start: {broken.Problem}", $"{Course} kernel install --replace --name {broken.Name}")
            : Finding.Ok("kernel", string.Join(", ", ours.Select(spec => $"{spec.Name} in {spec.Folder}")));
    }

    public static Finding Jupyter() => CommandOutput.All("jupyter", ["--version"]) is { } output
        ? Finding.Ok("Jupyter", string.Join(", ", output.Split('\n').Where(line => line.StartsWith("notebook", StringComparison.Ordinal) || line.StartsWith("jupyterlab ", StringComparison.Ordinal) || line.StartsWith("jupyter_client", StringComparison.Ordinal))
            .Select(line => string.Join(' ', line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))).DefaultIfEmpty(output.Split('\n')[0])))
        : Finding.Optional("Jupyter", "not on the PATH (VS Code and course run need none)", "pipx install jupyterlab");

    public static IEnumerable<Finding> Data()
    {
        var store = new DataStore(Catalogue.Default, DataFolders.FromEnvironment());
        foreach (var entry in store.Catalogue.Entries)
        {
            var reports = store.Verify(entry);
            string get = $"{Course} data get {entry.Name}";
            yield return reports.FirstOrDefault(r => r.Status is FileStatus.WrongContent or FileStatus.Unreadable or FileStatus.Unverifiable) is { } wrong
                ? Finding.Missing($"data: {entry.Name}", $"{wrong.Path}: {wrong.Detail}", $"delete that file, then {get}")
                : reports.All(r => r.Status == FileStatus.Verified)
                    ? Finding.Ok($"data: {entry.Name}", $"verified, in {Path.GetDirectoryName(reports[0].Path)}")
                    : Finding.Optional($"data: {entry.Name}", "not here; the notebooks draw their own or leave it out, and say so", get);
        }
    }
}
