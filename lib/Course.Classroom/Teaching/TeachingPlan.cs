namespace Course.Classroom.Teaching;

/// <summary>A part of a plan: when, which notebooks, and what of them.</summary>
/// <param name="When">Hours of the day, or the number of the week.</param>
/// <param name="Notebooks">Names of files without their ending.</param>
/// <param name="Minutes">In class.</param>
public sealed record PlannedLesson(string When, IReadOnlyList<string> Notebooks, int Minutes, string What);

/// <summary>The course in one day, and in eight weeks of two lessons of 90 minutes.</summary>
public static class TeachingPlan
{
    public static IReadOnlyList<PlannedLesson> OneDay { get; } =
    [
        new("9:00–9:45", ["01-background"], 45, "Warm-up, three of the six obstacles (1.1), what it is worth (1.5). Why a model lands or does not."),
        new("9:45–10:30", ["00-tensors"], 45, "Sections 0.1, 0.2 and 0.7 with exercises 0.2 and 0.7."),
        new("10:45–12:15", ["03-linear-regression"], 90, "Everything but section 3.3; exercises 3.1, 3.3 and 3.5."),
        new("13:15–14:45", ["04-cnn-case-study"], 90, "Sections 2 to 5 and 7; training runs while section 3 is at the board."),
        new("15:00–15:45", ["04c-cnn-looking-inside"], 45, "Sections 1 and 3: maps, and bets on the attack figure."),
        new("15:45–16:45", ["05-deployment"], 60, "Artefact, service, drift; the queue as homework."),
        new("16:45–17:00", ["06-faq"], 15, "One question that the class chooses, with its figure."),
    ];

    public static IReadOnlyList<PlannedLesson> EightWeeks { get; } =
    [
        new("1", ["00-tensors", "01-background"], 105, "Tensors; why models do not land. Home: the rest of the exercises of 00."),
        new("2", ["02-concepts", "02b-kinds-of-learning"], 180, "The words, each at work; other kinds of learning. Home: the graded tasks of both."),
        new("3", ["03-linear-regression", "03b-optimisers", "03c-classes-and-uncertainty"], 180, "How a machine learns, equation by equation. Home: exercises 3.4 and 3.5; this is the first week to grade."),
        new("4", ["04-cnn-case-study", "04b-cnn-better-networks"], 180, "A network that reads digits, and a better one. Home: 04b's design of your own."),
        new("5", ["04c-cnn-looking-inside", "06-faq"], 150, "Looking inside and attacking; questions 1 to 6. Home: one claim of the FAQ on other data."),
        new("6", ["05-deployment", "05b-operating"], 135, "Artefact, queue, service, drift; registry and A/B test. Home: the scorecard for the learner's own model."),
        new("7", ["05c-lean-and-learning", "05d-protect-and-survive"], 120, "Smaller networks, feedback, keys, attacks and failures. Home: the graded tasks of 05c."),
        new("8", ["06b-faq-trust", "L1-recommender", "L2-credit-risk"], 180, "Questions 7 to 13; one lab in class, the other at home, each with its deployment note."),
    ];
}
