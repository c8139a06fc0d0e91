using System.Net;
using System.Text;

namespace Course.Classroom.Grading;

/// <summary>The feedback for one submission as a page: exercise, claim, expected and found.</summary>
public static class StudentPage
{
    public static string Html(SubmissionGrade grade)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{E(grade.Student)}: {E(grade.Notebook)}</title>\n<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }} ")
            .Append("div { overflow-x: auto } table { border-collapse: collapse } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #bbb }</style>\n</head>\n<body>\n<main>\n")
            .Append($"<h1>{E(grade.Notebook)}</h1>\n<p>{E(grade.Student)}: <strong>{grade.Points} of {grade.Of} points</strong>, {GradeTable.Name(grade.Verdict)}.</p>\n");
        if (grade.Message is not null)
            page.Append($"<p>{E(grade.Message)}</p>\n");
        foreach (var exercise in grade.Exercises)
        {
            page.Append($"<h2>Exercise {E(exercise.Id)}: {exercise.Points} of {exercise.Of}, {GradeTable.Name(exercise.Verdict)}</h2>\n");
            if (exercise.Message is not null)
                page.Append($"<p>{E(exercise.Message)}</p>\n");
            if (exercise.Checks.Count == 0)
                continue;
            page.Append("<div><table>\n<tr><th>point</th><th>claim</th><th>expected</th><th>found</th></tr>\n");
            foreach (var check in exercise.Checks)
                page.Append(check.Hidden
                    // What a hidden variant asks would be its end.
                    ? $"<tr><td>{Mark(check)}</td><td>a hidden variant</td><td></td><td></td></tr>\n"
                    : $"<tr><td>{Mark(check)}</td><td>{E(check.Claim)}</td><td>{E(check.Expected)}</td><td>{E(check.Found ?? check.Reason)}</td></tr>\n");
            page.Append("</table></div>\n");
        }
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Mark(CheckGrade check) => check.Passed ? "1 ✓" : "0 ✗";

    private static string E(string? text) => WebUtility.HtmlEncode(text ?? "");
}
