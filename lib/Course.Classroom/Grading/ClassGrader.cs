using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Course.Notebooks;

namespace Course.Classroom.Grading;

/// <summary>Grades a folder of submissions, some at a time.</summary>
/// <param name="teachers">The teacher's edition of every notebook that can be handed in.</param>
/// <param name="earlier">The grades of an earlier run; what did not change since is taken from it.</param>
public sealed class ClassGrader(IReadOnlyList<Notebook> teachers, GradingOptions options, GradeBook? earlier = null)
{
    /// <summary>A notebook with more bytes is not read.</summary>
    private const long LargestNotebook = 50L << 20;

    private readonly List<Assignment> _assignments = [.. teachers.Where(n => n.IsCSharp).Select(Assignment.Of).Where(a => a.Points > 0)];

    private readonly Confinement _confinement = Confinement.Of(options, "");
    private Dictionary<Assignment, Lazy<AnswerPolicy>> _policies = [];
    private Dictionary<Assignment, Lazy<Neighbours>> _neighbours = [];

    /// <param name="graded">Told after each submission, with all grades so far; one call at a time.</param>
    /// <exception cref="ClassroomException">There is no submission, or the teacher's own notebook fails.</exception>
    public async Task<GradeBook> GradeAsync(string folder, Action<SubmissionGrade, GradeBook> graded, CancellationToken cancel)
    {
        if (_assignments.Count == 0)
            throw new ClassroomException("none of the teacher's notebooks has an exercise with a check, so there is nothing to grade.");
        var files = Submission.Find(folder);
        var read = files.Select(Read).ToList();
        // What did not change is taken over first, so that an interrupted run loses none of it.
        var known = (earlier?.Submissions ?? []).GroupBy(s => (s.Student, s.Notebook, s.Fingerprint)).ToDictionary(g => g.Key, g => g.First());
        var grades = read.Select(r => r.Submission is null ? r.Grade : known.GetValueOrDefault((r.Grade.Student, r.Grade.Notebook, r.Grade.Fingerprint))).ToArray();
        var todo = new ConcurrentQueue<int>(Enumerable.Range(0, files.Count).Where(i => grades[i] is null));
        var telling = new Lock();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _policies = _assignments.ToDictionary(a => a, a => new Lazy<AnswerPolicy>(() => new AnswerPolicy(a, options.Engine)));
        _neighbours = _assignments.ToDictionary(a => a, a => new Lazy<Neighbours>(() => Neighbours.Of(a.Notebook)));
        GradeBook Book() => new(_confinement.Holds, _confinement.Lacks, [.. grades.OfType<SubmissionGrade>()]);
        async Task WorkAsync()
        {
            try
            {
                while (!stop.IsCancellationRequested && todo.TryDequeue(out int i))
                {
                    var grade = await GradeAsync(read[i].Submission!, read[i].Grade, stop.Token);
                    lock (telling)
                    {
                        grades[i] = grade;
                        graded(grade, Book());
                    }
                }
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
        foreach (var grade in grades.OfType<SubmissionGrade>())
            graded(grade, Book());
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Clamp(options.Jobs, 1, files.Count)).Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
        }
        finally
        {
            foreach (var made in _neighbours.Values.Where(n => n.IsValueCreated))
                made.Value.Dispose();
        }
        cancel.ThrowIfCancellationRequested();
        return Book();
    }

    private async Task<SubmissionGrade> GradeAsync(Submission submission, SubmissionGrade empty, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        await using var grader = new SubmissionGrader(submission, options.AnyApi ? null : _policies[submission.Assignment].Value, _neighbours[submission.Assignment].Value.Folder, options, cancel);
        var exercises = await grader.GradeAsync();
        int points = exercises.Sum(e => e.Points), of = exercises.Sum(e => e.Of);
        return empty with { Verdict = SubmissionGrade.Overall(points, of, exercises), Points = points, Of = of, Exercises = exercises, Seconds = Math.Round(clock.Elapsed.TotalSeconds, 2) };
    }

    /// <summary>What is to be graded and the grade before it; without a submission, the grade says why there is none.</summary>
    private (Submission? Submission, SubmissionGrade Grade) Read(SubmittedFile file)
    {
        var empty = new SubmissionGrade(file.Student, file.Name, "", Verdict.Unreadable, 0, 0, [], null, 0);
        try
        {
            if (new FileInfo(file.Path).Length > LargestNotebook)
                return (null, empty with { Message = $"the file is larger than {LargestNotebook >> 20} MB; hand in the notebook without its outputs (course clean)" });
            var notebook = Notebook.Read(file.Path);
            return Submission.Of(notebook, _assignments) is { } submission
                ? (submission, empty with { Fingerprint = Fingerprint(notebook, submission.Assignment) })
                : (null, empty with { Message = "none of its cells has the id of an exercise; hand in the student edition's own notebook with the answers in it" });
        }
        catch (NotebookFormatException e)
        {
            return (null, empty with { Message = e.Message });
        }
    }

    /// <summary>Of the submission, the teacher's notebook and what else decides a grade.</summary>
    private string Fingerprint(Notebook submitted, Assignment assignment)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(submitted.ToString()));
        hash.AppendData(Encoding.UTF8.GetBytes(assignment.Notebook.ToString()));
        hash.AppendData(Encoding.UTF8.GetBytes((options with { Jobs = 1 }).ToString()));
        hash.AppendData(typeof(ClassGrader).Module.ModuleVersionId.ToByteArray());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
