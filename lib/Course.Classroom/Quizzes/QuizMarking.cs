using System.Globalization;

namespace Course.Classroom.Quizzes;

/// <summary>Says whether an answer is right.</summary>
internal static class QuizMarking
{
    /// <summary>Reads a number with a decimal point or comma.</summary>
    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text.Trim().Replace(',', '.').Replace('−', '-'), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>Marks by the bank, so that a changed file gains nothing; code keeps the mark that it got when it ran.</summary>
    /// <exception cref="ClassroomException">The answer is to an option that the bank does not have.</exception>
    public static bool? Mark(QuizItem item, GivenAnswer given) => item switch
    {
        ChoiceItem choice when given.Answer is not null && !choice.Options.Contains(given.Answer) =>
            throw new ClassroomException($"item {item.Id}: there is no option \"{given.Answer}\"; the sheet is of another version of the bank"),
        ChoiceItem choice => given.Answer == choice.Right,
        NumberItem number => given.Answer is not null && TryNumber(given.Answer, out double value) && number.Accepts(value),
        _ => given.Answer is null ? false : given.Right,
    };
}
