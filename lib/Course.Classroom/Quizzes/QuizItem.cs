namespace Course.Classroom.Quizzes;

/// <summary>One question of a bank.</summary>
/// <param name="Objective">Which objective of the chapter it tests, counted from 1.</param>
/// <param name="Cells">Ids of the cells in which the answer can be found.</param>
/// <param name="Why">What is told with the right answer.</param>
public abstract record QuizItem(string Id, int Objective, IReadOnlyList<string> Cells, string Text, string Why)
{
    /// <summary>The word for the kind in the bank's file.</summary>
    public abstract string Kind { get; }
}

/// <summary>Exactly one option is right; each wrong one has its reason.</summary>
public sealed record ChoiceItem(string Id, int Objective, IReadOnlyList<string> Cells, string Text, string Why, string Right, IReadOnlyList<WrongOption> Wrong)
    : QuizItem(Id, Objective, Cells, Text, Why)
{
    public const string Name = "choice";

    public override string Kind => Name;

    /// <summary>The options in an order that depends on the item's id alone, so that everybody sees the same.</summary>
    public IReadOnlyList<string> Options => QuizForm.Shuffled([Right, .. Wrong.Select(w => w.Text)], option => $"{Id} {option}");
}

/// <param name="Reason">Why the option is wrong, told to who chose it.</param>
public sealed record WrongOption(string Text, string Reason);

/// <summary>A number is asked for.</summary>
/// <param name="Compute">A C# expression that computes the answer; a test holds the two together.</param>
/// <param name="Tolerance">By how much an answer may be off, in the unit of the answer.</param>
public sealed record NumberItem(string Id, int Objective, IReadOnlyList<string> Cells, string Text, string Why, double Answer, double Tolerance, string Compute)
    : QuizItem(Id, Objective, Cells, Text, Why)
{
    public const string Name = "number";

    public override string Kind => Name;

    public bool Accepts(double answer) => Math.Abs(answer - Answer) <= Tolerance;
}

/// <summary>A few lines of C# are asked for.</summary>
/// <param name="Stub">What the learner starts from: local functions that compile and fail the check.</param>
/// <param name="Check">A C# expression, true of a right answer.</param>
public sealed record CodeItem(string Id, int Objective, IReadOnlyList<string> Cells, string Text, string Why, string Stub, string Solution, string Check)
    : QuizItem(Id, Objective, Cells, Text, Why)
{
    public const string Name = "code";

    public override string Kind => Name;
}
