using Course.Base;
using Course.Notebooks;

namespace Course.Classroom.Editions;

/// <summary>What an edition holds.</summary>
/// <param name="Removed">Cells of the teacher's edition that learners do not get.</param>
public sealed record StudentEditionResult(string Folder, int Notebooks, int Exercises, int Removed);

/// <summary>
/// The student edition: a folder with notebooks and the libraries that they load, which runs from any place. In it
/// <c>notebooks/</c> and <c>artifacts/lib</c> stand to each other as in the repository.
/// </summary>
/// <param name="repository">Root of the teacher's checkout.</param>
/// <param name="engine">Whose libraries are copied, from <c>artifacts/lib-&lt;engine&gt;</c>.</param>
public sealed class StudentEdition(string repository, string engine)
{
    /// <summary>Files that notebooks link to are copied up to this size.</summary>
    private const long LargestLinkedFile = 1 << 20;

    /// <summary>A file of this name marks a folder that an earlier edition may replace.</summary>
    private const string Mark = "student-edition.txt";

    /// <param name="notebooks">Full paths of notebooks in the repository.</param>
    /// <param name="folder">Made anew; an existing one is replaced only when it is empty or an earlier edition.</param>
    /// <param name="command">The folder of the <c>course</c> command, to be copied too; null leaves it out.</param>
    /// <exception cref="ClassroomException">A notebook lies outside, the libraries are missing, or the folder holds something else.</exception>
    public StudentEditionResult Write(IReadOnlyList<string> notebooks, string folder, string? command)
    {
        string libraries = Libraries();
        var included = notebooks.Select(Relative).ToHashSet(StringComparer.Ordinal);
        var read = notebooks.Select(path => (Path: Relative(path), Notebook: Notebook.Read(path))).ToList();
        MakeRoom(folder);
        string fresh = $"{Path.TrimEndingDirectorySeparator(folder)}.{Guid.NewGuid():N}";
        try
        {
            int exercises = 0, removed = 0;
            foreach (var (path, teachers) in read)
            {
                var students = StudentNotebook.Of(teachers, target => Keep(path, target, included, fresh));
                students.Write(Path.Combine(fresh, path));
                exercises += students.Cells.Count(c => c.HasTag(CellTags.Exercise));
                removed += teachers.Cells.Count - students.Cells.Count;
            }
            CopyFolder(libraries, Path.Combine(fresh, "artifacts", "lib"));
            AtomicFile.WriteAllText(Path.Combine(fresh, "artifacts", "lib", "engine.txt"), engine + "\n");
            if (command is not null)
                CopyFolder(command, Path.Combine(fresh, "course"));
            AtomicFile.WriteAllText(Path.Combine(fresh, Mark), "Made by `course student`, which replaces this folder.\n");
            AtomicFile.WriteAllText(Path.Combine(fresh, "README.md"), Readme(read.Select(r => r.Path), command is not null));
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(folder))!);
            Directory.Move(fresh, folder);
            return new StudentEditionResult(folder, read.Count, exercises, removed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClassroomException($"the student edition cannot be written to {folder}: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(fresh))
                Directory.Delete(fresh, recursive: true);
        }
    }

    private string Libraries()
    {
        string folder = Path.Combine(repository, "artifacts", $"lib-{engine}");
        return File.Exists(Path.Combine(folder, "Course.dll")) ? folder
            : throw new ClassroomException($"there are no libraries of the engine {engine} in {folder}; build them once: dotnet build lib/Course.Serving{(engine == "managed" ? "" : $" -p:Engine={engine}")}");
    }

    private string Relative(string path)
    {
        string relative = Path.GetRelativePath(repository, path).Replace('\\', '/');
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? throw new ClassroomException($"{path} lies outside of the repository {repository}; the edition keeps the places of its notebooks, so name some of the repository's.")
            : relative;
    }

    private static void MakeRoom(string folder)
    {
        if (File.Exists(folder))
            throw new ClassroomException($"{folder} is a file; name a folder for the student edition.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, Mark)))
            throw new ClassroomException($"{folder} holds something else than a student edition; name an empty or new folder.");
    }

    /// <summary>Whether a link can stay; a small file of the repository is copied for it.</summary>
    private bool Keep(string notebook, string target, HashSet<string> included, string fresh)
    {
        if (target.StartsWith('#') || Uri.TryCreate(target, UriKind.Absolute, out var absolute) && !absolute.IsFile)
            return true;
        string file = Path.GetFullPath(Path.Combine(repository, Path.GetDirectoryName(notebook)!, Uri.UnescapeDataString(target.Split('#')[0])));
        string relative = Path.GetRelativePath(repository, file).Replace('\\', '/');
        if (relative.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
            return included.Contains(relative);
        if (relative.StartsWith("..", StringComparison.Ordinal) || !File.Exists(file) || new FileInfo(file).Length > LargestLinkedFile)
            return false;
        string copy = Path.Combine(fresh, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy, overwrite: true);
        return true;
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".pdb", StringComparison.Ordinal)))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    private static string Readme(IEnumerable<string> notebooks, bool withCommand) => $"""
        # Deep learning in C#: the student edition

        Notebooks with exercises, and the libraries that they load. You need .NET 10. Open a notebook in Jupyter or VS Code with the
        kernel **.NET (C#)**{(withCommand ? " (`dotnet course/Course.Cli.dll kernel install --user` registers it)" : "")}, replace each `Exercise.Todo` by your answer and run the check below it.

        Keep the cells where they are: your answers are found by the ids of their cells. Code that an answer needs may stand in a cell of
        your own directly above it, and an answer stands alone: it sees the course's solutions of earlier exercises, not yours. It may use
        numbers, texts, collections, LINQ, TorchSharp and the course's library; files, processes, threads, the network, reflection, and
        changes of the course's own variables are refused where answers are graded.
        {(withCommand ? "\n`dotnet course/Course.Cli.dll run --student notebooks` runs everything without a front end; what you have not solved yet is “not done”.\n" : "")}
        {string.Join('\n', notebooks.Select(path => $"- [{Path.GetFileNameWithoutExtension(path)}]({path})"))}

        """.ReplaceLineEndings("\n");
}
