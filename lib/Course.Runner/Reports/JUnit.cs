using System.Globalization;
using System.Xml.Linq;

namespace Course.Runner.Reports;

/// <summary>One test suite per notebook, one test per code cell, as CI systems read JUnit's XML.</summary>
internal static class JUnit
{
    public static string Write(RunReport report) => XmlText.Document(new XElement("testsuites",
        new XAttribute("name", "notebooks"),
        new XAttribute("tests", report.Passed + report.Failed + report.Skipped),
        new XAttribute("failures", report.Failed),
        new XAttribute("skipped", report.Skipped),
        new XAttribute("time", Seconds(report.Seconds)),
        report.Notebooks.Select(n => Suite(report, n))));

    private static XElement Suite(RunReport report, NotebookReport notebook) => new("testsuite",
        new XAttribute("name", XmlText.Clean(notebook.Path)),
        new XAttribute("tests", notebook.Passed + notebook.Failed + notebook.Skipped),
        new XAttribute("failures", notebook.Failed),
        new XAttribute("errors", 0),
        new XAttribute("skipped", notebook.Skipped),
        new XAttribute("time", Seconds(notebook.Seconds)),
        new XAttribute("timestamp", report.Started.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)),
        notebook.Error is not { } error ? null : new XElement("testcase",
            new XAttribute("classname", XmlText.Clean(notebook.Path)), new XAttribute("name", "notebook"), new XAttribute("file", XmlText.Clean(notebook.Path)),
            new XElement("failure", new XAttribute("type", XmlText.Clean(error.Type)), new XAttribute("message", XmlText.Clean(error.Message)))),
        notebook.Cells.Where(c => c.Status != RunStatus.NotRun).Select(c => Case(notebook.Path, c)));

    private static XElement Case(string path, CellReport cell) => new("testcase",
        new XAttribute("classname", XmlText.Clean(path)),
        new XAttribute("name", XmlText.Clean(XmlText.TestName(cell))),
        new XAttribute("file", XmlText.Clean(path)),
        cell.Error?.Line is { } line ? new XAttribute("line", line) : null,
        new XAttribute("time", Seconds(cell.Seconds)),
        cell.CountsAsFailed
            ? new XElement("failure", new XAttribute("type", XmlText.Clean(cell.Error?.Type ?? cell.Status.ToString())), new XAttribute("message", XmlText.Message(cell)), XmlText.Details(path, cell))
            : cell.Status is RunStatus.Skipped or RunStatus.NotDone ? new XElement("skipped", new XAttribute("message", XmlText.Clean(cell.Reason ?? ""))) : null);

    private static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);
}
