using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Course.Classroom.Grading;
using Course.Notebooks;

namespace Course.Classroom.Tests;

/// <summary>
/// Submissions that want another grade than they earn, or the grader down. Exercise 9.1 is theirs, exercise 9.2 is answered rightly:
/// its three points must be there whatever 9.1 does.
/// </summary>
public sealed class HostileSubmissionsTests(GradedCourse course) : IClassFixture<GradedCourse>
{
    private const string Right = "double Slope(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum() / x.Sum(a => a * a);";
    private const string Steps = "int Steps(double factor) => (int)Math.Ceiling(Math.Log2(factor));";
    private const string Wrong = "double Slope(double[] x, double[] y) => 7;";

    private static bool Confines { get; } = Confinement.Of(new GradingOptions(), "").Holds.Contains("no network");

    private static bool LimitsProcesses { get; } = Confinement.Of(new GradingOptions(), "").Holds.Any(h => h.EndsWith("processes and threads", StringComparison.Ordinal));

    private sealed record Case(string Name, Verdict Verdict, int Points, Func<Notebook, Notebook> Make, bool AnyApi = false);

    private static Case Answer(string name, Verdict verdict, string code, int points = 0, bool anyApi = false) =>
        new(name, verdict, points, n => GradingTests.Set(n, "s-ex1", code), anyApi);

    private static string Doing(string statement) => $"double Slope(double[] x, double[] y) {{ {statement}; return 7; }}";

    /// <summary>The first few are tried always.</summary>
    private static readonly Case[] Cases =
    [
        Answer("leaves by Environment.Exit", Verdict.Refused, Doing("Environment.Exit(0)")),
        Answer("never comes back", Verdict.TimedOut, Doing("while (true) { }")),
        Answer("floods the output", Verdict.TooMuchOutput, Doing("while (true) Console.WriteLine(new string('x', 10_000))")),
        Answer("says that its checks passed", Verdict.Wrong, Doing("Exercise.Check(\"9.1\", () => { }); Check.That(true, \"a line through the origin\"); Console.WriteLine(\"✓ Exercise 9.1: done\")")),
        Answer("brings its own Check", Verdict.Refused, Wrong + "\nstatic class Check { public static void Close(double a, double b, double t, string c) { } }"),
        new("edits the check", Verdict.Wrong, 0, n => GradingTests.Set(GradingTests.Set(n, "s-ex1", Wrong), "s-chk1", "Exercise.Check(\"9.1\", () => { });")),
        Answer("leaves by Environment.Exit, any API", Verdict.Died, Doing("Environment.Exit(0)"), anyApi: true),

        Answer("finds private members by reflection", Verdict.Refused, Doing("foreach (var m in typeof(Check).GetMethods()) Console.WriteLine(m)")),
        Answer("finds methods through a delegate", Verdict.Refused, Doing("Func<int> f = () => 1; Console.WriteLine(f.Method.Module.Assembly.Location)")),
        Answer("reads its stack", Verdict.Refused, Doing("Console.WriteLine(new System.Diagnostics.StackTrace())")),
        Answer("starts processes without end", Verdict.Refused, Doing("while (true) System.Diagnostics.Process.Start(\"sleep\", \"1\")")),
        Answer("kills its process", Verdict.Refused, Doing("System.Diagnostics.Process.GetCurrentProcess().Kill()")),
        Answer("fails fast", Verdict.Refused, Doing("Environment.FailFast(\"bye\")")),
        Answer("leaves a thread behind", Verdict.Refused, Doing("new System.Threading.Thread(() => { while (true) { } }).Start()")),
        Answer("leaves a task behind", Verdict.Refused, Doing("Task.Run(() => { while (true) { } })")),
        Answer("reads the teacher's file", Verdict.Refused, Doing("Console.WriteLine(System.IO.File.ReadAllText(\"/etc/passwd\"))")),
        Answer("asks the network", Verdict.Refused, Doing("new System.Net.Http.HttpClient().GetAsync(\"http://127.0.0.1\").Wait()")),
        Answer("takes the console", Verdict.Refused, Doing("Console.SetOut(System.IO.TextWriter.Null)")),
        Answer("asks for dynamic", Verdict.Refused, Doing("dynamic d = x; Console.WriteLine(d.Length)")),
        Answer("is unsafe", Verdict.Refused, Doing("unsafe { fixed (double* p = y) p[1000] = 0; }")),
        Answer("imports native code", Verdict.Refused, "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern void exit(int code);\n" + Doing("exit(0)")),
        Answer("accesses a private member", Verdict.Refused, "[System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.StaticMethod, Name = \"Report\")] static extern void Report(object o);\n" + Wrong),
        Answer("copies memory", Verdict.Refused, Doing("System.Runtime.CompilerServices.Unsafe.Add(ref x[0], 100) = 1")),
        Answer("loads a library by a directive", Verdict.Refused, "#r \"evil.dll\"\n" + Wrong),
        Answer("loads code by a directive", Verdict.Refused, "#load \"evil.csx\"\n" + Wrong),
        Answer("changes the course's variable", Verdict.Refused, Wrong + "\ngiven = [1, 1];"),
        Answer("changes an element of the course's array", Verdict.Refused, Doing("given[0] = 9")),
        Answer("declares the course's variable again", Verdict.Refused, Wrong + "\ndouble[] given = [0, 7];"),
        Answer("redefines an extension method", Verdict.Refused, Wrong + "\nstatic double Average(this double[] v) => 1;"),
        Answer("renames a type to Check", Verdict.Refused, "using Check = System.Math;\n" + Wrong),
        Answer("returns what equals everything", Verdict.Refused, "class Any { public override bool Equals(object o) => true; public static implicit operator double(Any a) => double.NaN; }\nAny Slope(double[] x, double[] y) => new();"),
        Answer("adds a better overload", Verdict.Refused, Wrong + "\ndouble Slope(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => 1;"),
        Answer("throws a passed check", Verdict.Wrong, Doing("throw new CheckFailedException(new CheckResult(\"a line through the origin\", true, 2, 2))")),
        Answer("throws not done", Verdict.NotDone, Doing("throw new ExerciseNotDoneException()")),
        Answer("throws what cannot be told", Verdict.TimedOut, "class Odd : Exception { public override string Message { get { while (true) { } } } }\n" + Doing("throw new Odd()")),
        Answer("will not be interrupted", Verdict.TimedOut, Doing("while (true) { try { while (true) { } } catch { } }")),
        Answer("never ends its cell", Verdict.TimedOut, Wrong + "\nfor (int i = 0; ; i++) { }"),
        Answer("calls itself without end", Verdict.Wrong, "double Slope(double[] x, double[] y) => 1 + Slope(y, x);"),
        Answer("takes all memory", Verdict.OutOfMemory, Doing("var all = new List<double[]>(); while (true) { var a = new double[1 << 20]; Array.Fill(a, 1); all.Add(a); }")),
        Answer("displays without end", Verdict.TooMuchOutput, Doing("while (true) display(new string('x', 10_000))")),
        Answer("knows the visible check's numbers", Verdict.Partial, "double Slope(double[] x, double[] y) => x[0] == 1 && y[0] == 2 ? 2 : 1;", points: 2),
        Answer("is nested too deep for the compiler", Verdict.DoesNotCompile, $"double Slope(double[] x, double[] y) => {new string('(', 20_000)}1{new string(')', 20_000)};"),
        new("removes the check", Verdict.Wrong, 0, n => GradingTests.Without(GradingTests.Set(n, "s-ex1", Wrong), "s-chk1")),
        new("stores outputs of a run that never was", Verdict.Wrong, 0, n =>
        {
            GradingTests.Set(n, "s-ex1", Wrong).Cells.Single(c => c.Id == "s-chk1").Outputs.Add(JsonNode.Parse("""{ "output_type": "display_data", "metadata": {}, "data": { "application/vnd.course.check+json": { "claim": "a line through the origin", "passed": true } } }"""));
            return n;
        }),
        new("gives its answer twice", Verdict.Missing, 0, n => GradingTests.Before(GradingTests.Set(n, "s-ex1", Wrong), "s-ex1", Right, "s-ex1")),
        new("is no C#", Verdict.Refused, 0, n =>
        {
            var cell = GradingTests.Set(n, "s-ex1", "<b>full marks</b>").Cells.Single(c => c.Id == "s-ex1");
            cell.Metadata["polyglot_notebook"] = new JsonObject { ["kernelName"] = "html" };
            return n;
        }),

        Answer("leaves a thread behind, any API", Verdict.Full, "new System.Threading.Thread(() => { while (true) System.Threading.Thread.Sleep(1); }) { IsBackground = true }.Start();\n" + Right, points: 4, anyApi: true),
        Answer("starts children, any API", Verdict.Wrong, Doing("for (int i = 0; i < 20; i++) System.Diagnostics.Process.Start(\"sleep\", \"3571\")"), anyApi: true),
        Answer("writes outside of its folder, any API", Verdict.Wrong, Doing("System.IO.File.WriteAllText(\"/var/tmp/course-hostile\", \"x\")"), anyApi: true),
        Answer("fills the disk, any API", Verdict.Died, Doing("using var f = System.IO.File.Create(\"big\"); var b = new byte[1 << 20]; for (int i = 0; i < 1000; i++) f.Write(b)"), anyApi: true),
        // Both earn their points only because they are held: their own answer is right when the system refuses.
        Answer("starts processes without end, any API", LimitsProcesses ? Verdict.Full : Verdict.Wrong, "bool Endless() { try { for (int i = 0; i < 600; i++) System.Diagnostics.Process.Start(\"sleep\", \"3571\"); return true; } catch (System.ComponentModel.Win32Exception) { return false; } }\nbool endless = Endless();\ndouble Slope(double[] x, double[] y) => endless ? 7 : x.Zip(y, (a, b) => a * b).Sum() / x.Sum(a => a * a);", points: LimitsProcesses ? 4 : 0, anyApi: true),
        Answer("undoes its confinement, any API", Confines ? Verdict.Full : Verdict.Wrong, "bool Undone() { using var p = System.Diagnostics.Process.Start(\"sh\", [\"-c\", \"mount -o remount,bind,rw / || umount /sys/fs/cgroup/pids || echo 0 > /sys/fs/cgroup/pids/cgroup.procs || echo 0 > /sys/fs/cgroup/cgroup.procs\"]); p.WaitForExit(); return p.ExitCode == 0; }\nbool undone = Undone();\ndouble Slope(double[] x, double[] y) => undone ? 7 : x.Zip(y, (a, b) => a * b).Sum() / x.Sum(a => a * a);", points: Confines ? 4 : 0, anyApi: true),
        Answer("writes where nothing is, any API", Verdict.Wrong, Doing("System.Runtime.InteropServices.Marshal.WriteInt64((nint)8, 0)"), anyApi: true),
    ];

    /// <summary>Cases that a full run tries; <c>COURSE_TEST_TABLE</c> names a file for their table.</summary>
    private static readonly Case[] Tried = Environment.GetEnvironmentVariable("COURSE_TEST_HOSTILE") == "all" ? Cases : Cases[..7];

    [Fact]
    public async Task Hostile_GetAVerdict_NeverMoreThanTheyEarn_AndCostNothingElse()
    {
        Assert.True(Cases.Length >= 25);
        var options = new GradingOptions { MemoryLimit = 600L << 20, OutputLimit = 1_000_000 };
        var table = new StringBuilder("| submission | 9.1 | points | said | 9.2 | seconds |\n|---|---|---|---|---|---|\n");
        var failures = new List<string>();
        // Only what never ends is held to a short time: on a busy machine the others may take theirs.
        foreach (var group in Tried.GroupBy(c => (c.AnyApi, Ends: c.Verdict != Verdict.TimedOut)))
        {
            var cases = group.ToArray();
            var grades = await course.GradeAsync(cases.ToDictionary<Case, string, Func<Notebook, Notebook>>(c => c.Name.Replace(' ', '-').Replace('\'', '-'), c => n => c.Make(GradingTests.Set(n, "s-ex2", Steps))), options with { AnyApi = group.Key.AnyApi, AnswerLimit = TimeSpan.FromSeconds(group.Key.Ends ? 120 : 12) });
            foreach (var c in cases)
            {
                var grade = grades[c.Name.Replace(' ', '-').Replace('\'', '-')];
                var (first, second) = (grade.Exercises[0], grade.Exercises[1]);
                string said = first.Message ?? first.Checks.FirstOrDefault(k => !k.Passed)?.Reason ?? "";
                table.Append($"| {c.Name} | {GradeTable.Name(first.Verdict)} | {first.Points}/{first.Of} | {said.ReplaceLineEndings(" ")[..Math.Min(120, said.Length)]} | {second.Points}/{second.Of} | {grade.Seconds:0.0} |\n");
                if ((first.Verdict, first.Points, second.Points) != (c.Verdict, c.Points, 3))
                    failures.Add($"{c.Name}: expected {c.Verdict} with {c.Points}, got {first.Verdict} with {first.Points} ({said}); 9.2 {second.Verdict} with {second.Points} ({second.Message})");
            }
        }
        if (Environment.GetEnvironmentVariable("COURSE_TEST_TABLE") is { Length: > 0 } file)
            File.WriteAllText(file, table.ToString());
        Assert.True(failures.Count == 0, string.Join("\n", failures));
        if (OperatingSystem.IsLinux())
            Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), p => File.Exists(Path.Combine(p, "cmdline")) && Command(p).Contains("sleep\03571"));
        if (Confines)
            Assert.False(File.Exists("/var/tmp/course-hostile"));
    }

    private static string Command(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }

    [Fact]
    public async Task Network_IsNotReached_WhereTheSystemConfines()
    {
        if (!Confines)
            Assert.Skip("this system has no namespaces that this user may make");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var grades = await course.GradeAsync(new Dictionary<string, Func<Notebook, Notebook>>
        {
            ["net"] = n => GradingTests.Set(n, "s-ex1", Doing($"new System.Net.Sockets.TcpClient(\"127.0.0.1\", {port})")),
        }, new GradingOptions { AnyApi = true });

        Assert.False(listener.Pending());
        Assert.Contains("SocketException", grades["net"].Exercises[0].Checks[0].Reason);
    }
}
