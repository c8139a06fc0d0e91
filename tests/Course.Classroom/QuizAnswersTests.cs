using System.Globalization;
using System.Text.RegularExpressions;
using Course.Classroom.Quizzes;
using Course.Tests.Data;

namespace Course.Classroom.Tests;

public sealed class QuizAnswersTests
{
    private static readonly QuizBank Bank = new("09-small", 3, ["add", "write"],
    [
        new ChoiceItem("09.1a", 1, ["a"], "What is 1 + 1?", "Counting says so.", "two", [new("three", "One too many."), new("eleven", "That is text.")]),
        new NumberItem("09.1b", 1, ["a"], "What is 1 / 3?", "A third.", 0.333, 0.001, "1.0 / 3"),
        new CodeItem("09.2a", 2, ["b"], "Double it.", "Twice.", "int Twice(int x) => x;", "int Twice(int x) => 2 * x;", "Twice(4) == 8 && Twice(-1) == -2"),
    ]);

    [Fact]
    public void Terminal_ReadsLettersNumbersAndCode_TellsReasons_AndMarks()
    {
        char right = (char)('a' + ((ChoiceItem)Bank.Items[0]).Options.ToList().IndexOf("two"));
        var (sheet, shown) = Ask($"z\n{right}\nabc\n0,3334\nint Twice(int x) => x + x;\n.\n");
        Assert.Equal([true, true, true], sheet.Answers.Select(a => a.Right));
        Assert.Equal(["two", "0,3334", "int Twice(int x) => x + x;"], sheet.Answers.Select(a => a.Answer));
        Assert.Contains("a letter from a to c, please", shown);
        Assert.Contains("a number, please", shown);
        Assert.Contains("3 of 3 right.", shown);

        char wrong = (char)('a' + ((ChoiceItem)Bank.Items[0]).Options.ToList().IndexOf("eleven"));
        (sheet, shown) = Ask($"{wrong}\n0.34\nint Twice(int x) => y;\n.\n");
        Assert.Equal([false, false, false], sheet.Answers.Select(a => a.Right));
        Assert.Contains("No. That is text. Right is: two. Counting says so.", shown);
        Assert.Contains("Right is 0.333.", shown);
        Assert.Contains("No: line 1: The name 'y' does not exist in the current context (CS0103).", shown);
        Assert.Contains("A solution:\nint Twice(int x) => 2 * x;", shown);
    }

    [Fact]
    public void Terminal_SkipsAnEmptyLine_AndEndsWithItsInput()
    {
        var (sheet, shown) = Ask("\n");
        Assert.Equal([null, null, null], sheet.Answers.Select(a => a.Answer));
        Assert.Equal([false, false, false], sheet.Answers.Select(a => a.Right));
        Assert.Contains("0 of 3 right.", shown);
    }

    [Fact]
    public void Code_ThatThrows_GetsAVerdictWithItsError()
    {
        Assert.False(QuizCode.Passes((CodeItem)Bank.Items[2], "int Twice(int x) => throw new Exception(\"oh\");", out string? problem));
        Assert.Equal("Exception: oh", problem);
        Assert.Equal(2.5, QuizCode.Number("new[] { 1.0, 4 }.Average()"));
    }

    [Fact]
    public void Sheet_SurvivesItsFile_AndAnotherFileIsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var sheet = Ask("a\n1\n").Sheet;
        sheet.Write(folder.File("sheet.json"));
        var read = AnswerSheet.Read(folder.File("sheet.json"));
        Assert.Equal(sheet.Answers, read.Answers);
        Assert.Equal((1, "09-small", 3, "all", "Ada"), (read.Schema, read.Chapter, read.Bank, read.Form, read.Learner));
        File.WriteAllText(folder.File("other.json"), "{\"schema\": 1}");
        Assert.Contains("other.json is no answer file of a quiz", Assert.Throws<ClassroomException>(() => AnswerSheet.Read(folder.File("other.json"))).Message);
    }

    /// <summary>
    /// Four learners with 3, 2, 1 and 0 of three items right, Guttman's ladder. For the middle item the shares of the other two are
    /// 1, ½, ½, 0 against 1, 1, 0, 0: r = 0.5 / (1 · √0.5) = 0.7071.
    /// </summary>
    [Fact]
    public void Analysis_TellsDifficultyAndDiscrimination()
    {
        AnswerSheet[] sheets = [Sheet("two", "0.333", true), Sheet("two", "0.333", false), Sheet("two", "1", false), Sheet("eleven", null, false)];
        var form = Assert.Single(ItemAnalysis.Of(sheets, _ => Bank));
        Assert.Equal([0.75, 0.5, 0.25], form.Items.Select(i => i.Difficulty));
        Assert.Equal(Math.Sqrt(0.5), form.Items[1].Discrimination!.Value, 1e-9);
        Assert.Equal(0.5, form.Score, 1e-9);
        Assert.Equal(new Dictionary<string, int> { ["two"] = 3, ["three"] = 0, ["eleven"] = 1 }, form.Items[0].Chosen);
        Assert.Equal("few sheets (under 20)", form.Items[0].Remark);

        var many = Assert.Single(ItemAnalysis.Of([.. Enumerable.Range(0, 40).Select(i => Sheet(i % 2 == 0 ? "two" : "eleven", i % 2 == 0 ? "1" : "0.333", i % 2 == 1))], _ => Bank));
        Assert.StartsWith("who knows more answers it less often", many.Items[0].Remark);
    }

    [Fact]
    public void Analysis_MarksByTheBank_LeavesUnmarkedCodeOut_AndRefusesUnknownItems()
    {
        var cheated = Sheet("eleven", "1", null) with { };
        var form = Assert.Single(ItemAnalysis.Of([cheated with { Answers = [cheated.Answers[0] with { Right = true }, .. cheated.Answers.Skip(1)] }], _ => Bank));
        Assert.Equal(["09.1a", "09.1b"], form.Items.Select(i => i.Item));
        Assert.Equal(0, form.Items[0].Difficulty);
        Assert.Null(form.Items[0].Discrimination);
        Assert.Contains("answers item 09.9z, which the bank does not have", Assert.Throws<ClassroomException>(() =>
            ItemAnalysis.Of([cheated with { Answers = [new("09.9z", "x", true)] }], _ => Bank)).Message);
        Assert.Contains("no option \"four\"", Assert.Throws<ClassroomException>(() => ItemAnalysis.Of([Sheet("four", "1", true)], _ => Bank)).Message);
    }

    [Fact]
    public void Page_IsOneFile_LabelsEveryControl_AndHoldsNoScriptOfAnItem()
    {
        var bank = Bank with { Items = [.. Bank.Items, new ChoiceItem("09.2b", 2, ["b"], "Is `a < b`? <script>alert(1)</script>", "No.", "</script>", [new("x", "No."), new("y", "No.")])] };
        string page = QuizPage.Html(bank, QuizForm.All);
        Assert.DoesNotMatch(@"(src|href)\s*=\s*""|https?://", page);
        Assert.DoesNotContain("<script>alert", page);
        Assert.Equal(2, Regex.Count(page, "</script>"));
        Assert.Contains("<code>a &lt; b</code>", page);
        Assert.Contains("<html lang=\"en\">", page);
        Assert.Equal(bank.Items.Count, Regex.Count(page, "<fieldset"));
        // Each control stands in a label or names the text that labels it.
        Assert.Equal(Regex.Count(page, "<(input|textarea)"), Regex.Count(page, "<label[^>]*>[^<]*<input") + Regex.Count(page, "<textarea[^>]*aria-labelledby"));
    }

    private static AnswerSheet Sheet(string choice, string? number, bool? code) => new(1, Bank.Chapter, Bank.Version, QuizForm.All, "",
        [new("09.1a", choice, null), new("09.1b", number, null), new("09.2a", "code", code)]);

    private static (AnswerSheet Sheet, string Shown) Ask(string lines)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        return (new QuizTerminal(new StringReader(lines), output).Ask(Bank, QuizForm.All, "Ada"), output.ToString());
    }
}
