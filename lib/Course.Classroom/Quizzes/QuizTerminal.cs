using System.Globalization;

namespace Course.Classroom.Quizzes;

/// <summary>Asks the items one after another; answers are read line by line, so that a file can give them too.</summary>
/// <param name="input">Where answers come from; at its end the remaining items count as not answered.</param>
public sealed class QuizTerminal(TextReader input, TextWriter output)
{
    /// <param name="form">pre, post or all.</param>
    public AnswerSheet Ask(QuizBank bank, string form, string learner)
    {
        var items = QuizForm.Items(bank, form);
        output.WriteLine($"{bank.Chapter}: {items.Count} questions. An empty line skips one.");
        var answers = new List<GivenAnswer>();
        foreach (var item in items)
        {
            output.WriteLine($"\n{answers.Count + 1} of {items.Count}. {item.Text}");
            string? answer = item switch
            {
                ChoiceItem choice => Choice(choice),
                NumberItem => Number(),
                CodeItem code => Code(code),
                _ => null,
            };
            bool? right = false;
            string? problem = null;
            if (answer is not null)
                right = item is CodeItem code ? QuizCode.Passes(code, answer, out problem) : QuizMarking.Mark(item, new GivenAnswer(item.Id, answer, null));
            answers.Add(new GivenAnswer(item.Id, answer, right));
            output.WriteLine(Feedback(item, answer, right == true, problem));
        }
        output.WriteLine($"\n{answers.Count(a => a.Right == true)} of {items.Count} right.");
        return new AnswerSheet(QuizBank.Schema, bank.Chapter, bank.Version, form, learner, answers);
    }

    private string? Choice(ChoiceItem item)
    {
        for (int i = 0; i < item.Options.Count; i++)
            output.WriteLine($"   {(char)('a' + i)}) {item.Options[i]}");
        while (Line("   Letter: ") is { } line)
            if (line.Length == 1 && char.ToLowerInvariant(line[0]) - 'a' is var index && index >= 0 && index < item.Options.Count)
                return item.Options[index];
            else
                output.WriteLine($"   a letter from a to {(char)('a' + item.Options.Count - 1)}, please");
        return null;
    }

    private string? Number()
    {
        while (Line("   Number: ") is { } line)
            if (QuizMarking.TryNumber(line, out _))
                return line;
            else
                output.WriteLine("   a number, please, such as 0.25 or 3e-4");
        return null;
    }

    private string? Code(CodeItem item)
    {
        output.WriteLine(item.Stub);
        output.WriteLine("   Your code, ended by a line with a single point:");
        var lines = new List<string>();
        while (input.ReadLine() is { } line && line.Trim() != ".")
        {
            if (lines.Count == 0 && line.Length == 0)
                return null;
            lines.Add(line);
        }
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    private string? Line(string prompt)
    {
        output.Write(prompt);
        return input.ReadLine()?.Trim() is { Length: > 0 } line ? line : null;
    }

    private static string Feedback(QuizItem item, string? answer, bool right, string? problem)
    {
        if (right)
            return $"   Right. {item.Why}";
        string wrong = answer is null ? "Not answered." : item is ChoiceItem choice ? $"No. {choice.Wrong.First(w => w.Text == answer).Reason}" : problem is null ? "No." : $"No: {problem}.";
        string solution = item switch
        {
            ChoiceItem c => $"Right is: {c.Right}.".Replace("..", ".", StringComparison.Ordinal),
            NumberItem n => string.Create(CultureInfo.InvariantCulture, $"Right is {n.Answer}."),
            CodeItem c => $"A solution:\n{c.Solution}\n  ",
            _ => "",
        };
        return $"   {wrong} {solution} {item.Why}";
    }
}
