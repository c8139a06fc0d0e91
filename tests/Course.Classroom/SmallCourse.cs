using Course.Notebooks;
using Course.Tests.Data;

namespace Course.Classroom.Tests;

/// <summary>A repository with one small chapter and the libraries that this checkout built.</summary>
internal sealed class SmallCourse : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallCourse()
    {
        File.WriteAllText(_folder.File("Course.sln"), "");
        Directory.CreateDirectory(_folder.File("artifacts"));
        string built = Path.Combine(Checkout, "artifacts", "lib-managed");
        Directory.CreateDirectory(_folder.File("artifacts", "lib-managed"));
        foreach (string file in Directory.GetFiles(built))
            File.Copy(file, _folder.File("artifacts", "lib-managed", Path.GetFileName(file)));
    }

    public static string Checkout { get; } = Course.Base.Checkout.Above(AppContext.BaseDirectory)!;

    public string Root => _folder.Path;

    public string PathOf(params string[] parts) => _folder.File(parts);

    public string Write(string name, Notebook notebook)
    {
        string path = _folder.File("notebooks", name);
        notebook.Write(path);
        return path;
    }

    /// <summary>A chapter with two exercises: a slope with a hidden variant, and a number.</summary>
    public static Notebook Chapter()
    {
        var notebook = Notebook.Create("09-small.ipynb");
        notebook.Add("markdown", "# 09 Small\n\nSee [the other](10-other.ipynb), [itself](09-small.ipynb#exercises), [a file](../lib/thing.txt) and [elsewhere](https://example.org/).", "s-title");
        notebook.Add("code", "#r \"../artifacts/lib/TorchSharp.dll\"\n#r \"../artifacts/lib/Course.dll\"\nusing Course;\nusing static TorchSharp.torch;", "s-setup", CellTags.Setup);
        notebook.Add("markdown", "## Exercises", "s-text");
        notebook.Add("code", "double[] given = [1, 2, 4];\ndouble Mean(double[] values) => values.Average();", "s-data");
        notebook.Add("code", "double Slope(double[] x, double[] y) => Exercise.Todo<double>();", "s-ex1", CellTags.Exercise);
        notebook.Add("code", "double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();\ndouble Slope(double[] x, double[] y) => Dot(x, y) / Dot(x, x);", "s-sol1", CellTags.Solution);
        notebook.Add("code", "Exercise.Check(\"9.1\", () =>\n{\n    Check.Close(Slope([1, 2], [2, 4]), 2, 1e-9, \"a line through the origin\");\n    Check.Close(Slope(given, given), 1, 1e-9, \"itself\");\n});", "s-chk1", CellTags.Check);
        notebook.Add("code", "Exercise.Check(\"9.1\", () =>\n{\n    Check.Close(Slope([3, 1], [-9, -3]), -3, 1e-9, \"a falling line\");\n    Check.Close(Slope([2, 1], [3, 4]), 2, 1e-9, \"points beside the line\");\n});", "s-hid1", CellTags.Hidden);
        notebook.Add("markdown", "Between.", "s-between");
        notebook.Add("code", "int Steps(double factor) => Exercise.Todo<int>();", "s-ex2", CellTags.Exercise);
        notebook.Add("code", "int Steps(double factor) => (int)Math.Ceiling(Math.Log2(factor));", "s-sol2", CellTags.Solution);
        notebook.Add("code", "Exercise.Check(\"9.2\", () =>\n{\n    Check.Equal(Steps(8), 3, \"2³ = 8\");\n    Check.Equal(Steps(9), 4, \"8 is not enough for 9\");\n});", "s-chk2", CellTags.Check);
        notebook.Add("code", "Exercise.Check(\"9.2\", () => Check.Equal(Steps(1000), 10, \"2¹⁰ = 1024\"));", "s-hid2", CellTags.Hidden);
        notebook.Add("code", "$\"{Slope(given, given):0.0} at {Mean(given):0.0}\"", "s-after");
        notebook.Add("markdown", "## Teacher notes\n\nSay xylophone.", "s-teacher", CellTags.Teacher);
        return notebook;
    }

    public void Dispose() => _folder.Dispose();
}
