using Course.Classroom.Editions;
using Course.Notebooks;

namespace Course.Classroom.Grading;

/// <summary>Some chapters read their own text or another chapter's. A session finds the learners' edition of them, never a solution.</summary>
internal sealed class Neighbours : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("course-neighbours-");

    private Neighbours()
    {
    }

    public string Folder => _folder.FullName;

    /// <summary>The notebook and those in its folder.</summary>
    public static Neighbours Of(Notebook notebook)
    {
        var made = new Neighbours();
        try
        {
            foreach (string path in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!, "*.ipynb"))
                StudentNotebook.Of(Notebook.Read(path), _ => true).Write(Path.Combine(made.Folder, Path.GetFileName(path)));
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
