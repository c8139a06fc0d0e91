namespace Course;

/// <summary>A short text and whether it praises (1) or complains (0).</summary>
public sealed record Review(string Text, int Label);

/// <summary>
/// Made-up product reviews: English simple enough to read a hundred, varied enough that a classifier must learn. In half of them a word
/// that says how the thing looks stands beside the judgement, in front of it or behind: an adjective that judges nothing.
/// </summary>
public static class Reviews
{
    private static readonly string[] Things = ["printer", "lamp", "router", "kettle", "chair", "camera", "keyboard", "backpack"];
    private static readonly string[] Good = ["excellent", "reliable", "quiet", "sturdy", "bright", "fast", "comfortable", "great"];
    private static readonly string[] Bad = ["noisy", "broken", "slow", "flimsy", "awful", "useless", "dim", "poor"];
    private static readonly string[] Looks = ["blue", "heavy", "wooden", "round", "yellow", "tall", "foldable", "second-hand"];
    private static readonly string[] Frames =
    [
        "the {0} is {1}", "my new {0} was {1} from the first day", "i find this {0} {1}", "a {1} {0} , as my neighbour said",
        "after a week the {0} is still {1}", "for the price the {0} turned out {1}", "everybody here calls the {0} {1}",
    ];

    /// <param name="count">Number of reviews, half of them praise.</param>
    /// <param name="negated">Fraction in which the judgement is turned round: "not sturdy" complains, "not noisy" praises.</param>
    /// <param name="seed">Same seed, same texts.</param>
    public static IReadOnlyList<Review> Generate(int count, double negated, int seed)
    {
        var random = new Random(seed);
        var reviews = Enumerable.Range(0, count).Select(i => One(random, i % 2, random.NextDouble() < negated)).ToArray();
        random.Shuffle(reviews);
        return reviews;
    }

    private static Review One(Random random, int label, bool negate)
    {
        string[] words = (label == 1) ^ negate ? Good : Bad;
        string judgement = (negate ? "not " : "") + words[random.Next(words.Length)];
        string said = random.Next(4) switch
        {
            0 => $"{Looks[random.Next(Looks.Length)]} and {judgement}",
            1 => $"{judgement} and {Looks[random.Next(Looks.Length)]}",
            _ => judgement,
        };
        return new Review(string.Format(System.Globalization.CultureInfo.InvariantCulture, Frames[random.Next(Frames.Length)], Things[random.Next(Things.Length)], said), label);
    }
}
