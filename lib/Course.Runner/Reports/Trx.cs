using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Course.Runner.Reports;

/// <summary>One test per code cell, in the format of Visual Studio's test results.</summary>
internal static class Trx
{
    private static readonly XNamespace Ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    private const string UnitTest = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b";
    private const string ResultsList = "8c84fa94-04c1-424b-9868-57a2d4851a1d";

    private sealed record Test(string Notebook, string Name, string Outcome, double Seconds, string? Message, string? Details)
    {
        public string Id { get; } = Identity($"{Notebook}\n{Name}");
        public string ExecutionId { get; } = Identity($"{Notebook}\n{Name}\nexecution");
    }

    public static string Write(RunReport report)
    {
        var tests = report.Notebooks.SelectMany(Tests).ToList();
        string start = report.Started.UtcDateTime.ToString("o", CultureInfo.InvariantCulture);
        string end = report.Started.UtcDateTime.AddSeconds(report.Seconds).ToString("o", CultureInfo.InvariantCulture);
        return XmlText.Document(new XElement(Ns + "TestRun",
            new XAttribute("id", Identity(start)), new XAttribute("name", $"notebooks {start}"),
            new XElement(Ns + "Times", new XAttribute("creation", start), new XAttribute("queuing", start), new XAttribute("start", start), new XAttribute("finish", end)),
            new XElement(Ns + "Results", tests.Select(t => Result(t, start))),
            new XElement(Ns + "TestDefinitions", tests.Select(Definition)),
            new XElement(Ns + "TestEntries", tests.Select(t => new XElement(Ns + "TestEntry",
                new XAttribute("testId", t.Id), new XAttribute("executionId", t.ExecutionId), new XAttribute("testListId", ResultsList)))),
            new XElement(Ns + "TestLists", new XElement(Ns + "TestList", new XAttribute("name", "Results Not in a List"), new XAttribute("id", ResultsList))),
            new XElement(Ns + "ResultSummary", new XAttribute("outcome", report.Failed > 0 ? "Failed" : "Completed"),
                new XElement(Ns + "Counters",
                    new XAttribute("total", tests.Count), new XAttribute("executed", report.Passed + report.Failed),
                    new XAttribute("passed", report.Passed), new XAttribute("failed", report.Failed), new XAttribute("notExecuted", tests.Count - report.Passed - report.Failed)))));
    }

    private static IEnumerable<Test> Tests(NotebookReport notebook)
    {
        if (notebook.Error is { } error)
            yield return new Test(notebook.Path, "notebook", "Failed", 0, $"{error.Type}: {error.Message}", null);
        foreach (var cell in notebook.Cells.Where(c => c.Status != RunStatus.NotRun))
        {
            yield return cell.CountsAsFailed ? new Test(notebook.Path, XmlText.TestName(cell), "Failed", cell.Seconds, XmlText.Message(cell), XmlText.Details(notebook.Path, cell))
                : cell.Status == RunStatus.Passed ? new Test(notebook.Path, XmlText.TestName(cell), "Passed", cell.Seconds, null, null)
                : new Test(notebook.Path, XmlText.TestName(cell), "NotExecuted", cell.Seconds, cell.Reason, null);
        }
    }

    private static XElement Result(Test test, string start) => new(Ns + "UnitTestResult",
        new XAttribute("executionId", test.ExecutionId), new XAttribute("testId", test.Id),
        new XAttribute("testName", XmlText.Clean($"{test.Notebook} {test.Name}")), new XAttribute("computerName", Environment.MachineName),
        new XAttribute("duration", TimeSpan.FromSeconds(test.Seconds).ToString("c", CultureInfo.InvariantCulture)),
        new XAttribute("startTime", start), new XAttribute("testType", UnitTest), new XAttribute("outcome", test.Outcome), new XAttribute("testListId", ResultsList),
        test.Message is null ? null : new XElement(Ns + "Output", new XElement(Ns + "ErrorInfo",
            new XElement(Ns + "Message", XmlText.Clean(test.Message)), test.Details is null ? null : new XElement(Ns + "StackTrace", test.Details))));

    private static XElement Definition(Test test) => new(Ns + "UnitTest",
        new XAttribute("name", XmlText.Clean($"{test.Notebook} {test.Name}")), new XAttribute("storage", XmlText.Clean(test.Notebook)), new XAttribute("id", test.Id),
        new XElement(Ns + "Execution", new XAttribute("id", test.ExecutionId)),
        new XElement(Ns + "TestMethod", new XAttribute("codeBase", XmlText.Clean(test.Notebook)),
            new XAttribute("className", XmlText.Clean(test.Notebook)), new XAttribute("name", XmlText.Clean(test.Name))));

    /// <summary>The same test has the same id in every run.</summary>
    private static string Identity(string text) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();
}
