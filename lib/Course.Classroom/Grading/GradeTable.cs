using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Course.Classroom.Grading;

/// <summary>The grades as a table for a terminal and as CSV.</summary>
public static class GradeTable
{
    /// <summary>One line for each submission: student, notebook, points, verdict, and what is not in full of its exercises.</summary>
    public static string Text(GradeBook book)
    {
        string[][] rows =
        [
            ["student", "notebook", "points", "verdict", "exercises that lack points"],
            .. book.Submissions.Select(s => new[]
            {
                Plain(s.Student), Plain(s.Notebook), $"{s.Points}/{s.Of}", Name(s.Verdict),
                s.Message ?? string.Join(", ", s.Exercises.Where(e => e.Points < e.Of).Select(e => $"{e.Id} {e.Points}/{e.Of} {Name(e.Verdict)}")),
            }),
        ];
        int[] widths = Enumerable.Range(0, 4).Select(column => rows.Max(r => r[column].Length)).ToArray();
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, i) => i < widths.Length ? cell.PadRight(widths[i]) : cell)).TrimEnd() + "\n"));
    }

    /// <summary>One line for each exercise of each submission.</summary>
    public static string Csv(GradeBook book)
    {
        var csv = new StringBuilder("student,notebook,exercise,points,of,verdict,message\r\n");
        foreach (var s in book.Submissions)
            if (s.Exercises.Count == 0)
                Line(csv, s.Student, s.Notebook, "", Number(s.Points), Number(s.Of), Name(s.Verdict), s.Message ?? "");
            else
                foreach (var e in s.Exercises)
                    Line(csv, s.Student, s.Notebook, e.Id, Number(e.Points), Number(e.Of), Name(e.Verdict), e.Message ?? "");
        return csv.ToString();
    }

    public static string Name(Verdict verdict) => JsonNamingPolicy.KebabCaseLower.ConvertName(verdict.ToString()).Replace('-', ' ');

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder csv, params string[] cells) => csv.AppendJoin(',', cells.Select(Quoted)).Append("\r\n");

    /// <summary>Quoted where CSV asks for it; what a spreadsheet would take for a formula becomes text.</summary>
    private static string Quoted(string cell)
    {
        string text = cell.Length > 0 && "=+-@\t\r".Contains(cell[0]) ? "'" + cell : cell;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }

    /// <summary>Names come from files: control characters are none of a terminal's business.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
