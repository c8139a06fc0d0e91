using static System.Math;

namespace Course;

public static partial class Datasets
{
    /// <summary>MovieLens (small) where it is on this machine, else ratings of a generated audience; <see cref="RatingData.Source"/> says which.</summary>
    /// <exception cref="InvalidDataException">A file is there but damaged; names file and line.</exception>
    public static RatingData MovieLensOrGenerated() => MovieLens() ?? SyntheticRatings.Generate().Ratings;
}

/// <summary>An audience whose tastes are known, because they were drawn: ratings for tests, and a truth against which recommendations can be tried.</summary>
/// <remarks>
/// <para>A film has a quality (deviation 0.35 stars), one or two of eight genres, a year, a hidden character of two numbers, and a popularity that falls as
/// 1/rank^0.8 and grows with its quality. A user has a mood (0.35), a taste for each genre (0.4), a hidden preference of two numbers, and an
/// activity: 12 to some 300 ratings, log-normal.</para>
/// <para>Expected stars = 3.4 + quality + mood + mean taste of the film's genres + 0.35 · (preference · character). A rating adds noise of 0.75 and
/// is rounded to half stars between 0.5 and 5. A user comes at a random moment of ten years and rates in one evening, one user in three
/// comes again for two more; films are chosen by popularity and by what the user expects of them, from those that are out.</para>
/// </remarks>
public sealed class SyntheticRatings
{
    private static readonly string[] GenreNames = ["Action", "Comedy", "Drama", "Family", "Horror", "Mystery", "Romance", "Science Fiction"];

    /// <summary>1 January 1996, and seconds in ten years.</summary>
    private const long Start = 820_454_400, Decade = 315_532_800;

    private readonly Film[] _films;
    private readonly Person[] _people;

    private SyntheticRatings(Film[] films, Person[] people, RatingData ratings) => (_films, _people, Ratings) = (films, people, ratings);

    public RatingData Ratings { get; }

    private sealed record Film(double Quality, int[] Genres, int Year, double[] Character, double Popularity);

    private sealed record Person(double Mood, double[] Tastes, double[] Preference);

    /// <summary>The same audience on every machine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 20 users or 50 films.</exception>
    public static SyntheticRatings Generate(int users = 400, int films = 500, ulong seed = 1997)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(users, 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(films, 50);
        Film[] all = [.. Enumerable.Range(0, films).Select(i => MakeFilm(new SplitMix(seed, (ulong)i), i))];
        Person[] people = [.. Enumerable.Range(0, users).Select(i => MakePerson(new SplitMix(seed + 1, (ulong)i)))];
        var ratings = people.SelectMany((_, i) => Evenings(all, people[i], i, new SplitMix(seed + 2, (ulong)i))).OrderBy(r => r.Timestamp).ToArray();
        Movie[] movies = [.. all.Select((f, i) => new Movie(i + 1, FormattableString.Invariant($"Film {i + 1} ({f.Year})"), string.Join('|', f.Genres.Select(g => GenreNames[g]))))];
        return new(all, people, new RatingData(ratings, movies, "Ratings of a generated audience (SyntheticRatings), because MovieLens is not on this machine.", false));
    }

    /// <summary>The stars that this user would give on average: the truth, which no real data set tells.</summary>
    public double Expected(int userId, int movieId) => Expected(_people[userId - 1], _films[movieId - 1]);

    private static double Expected(Person person, Film film) => 3.4 + film.Quality + person.Mood + film.Genres.Average(g => person.Tastes[g])
        + 0.35 * (person.Preference[0] * film.Character[0] + person.Preference[1] * film.Character[1]);

    private static Film MakeFilm(SplitMix random, int rank)
    {
        double quality = 0.35 * random.NextNormal();
        int first = random.Next(GenreNames.Length), second = random.Next(GenreNames.Length);
        int year = 1970 + (int)(35 * Sqrt(random.Next()));
        double[] character = [random.NextNormal(), random.NextNormal()];
        return new(quality, first == second ? [first] : [Min(first, second), Max(first, second)], year, character, Exp(1.2 * quality) / Pow(rank + 3, 0.8));
    }

    private static Person MakePerson(SplitMix random)
    {
        double mood = 0.35 * random.NextNormal();
        double[] tastes = [.. GenreNames.Select(_ => 0.4 * random.NextNormal())], preference = [random.NextNormal(), random.NextNormal()];
        return new(mood, tastes, preference);
    }

    private static List<Rating> Evenings(Film[] films, Person person, int index, SplitMix random)
    {
        int count = Clamp((int)(45 * Exp(0.8 * random.NextNormal())), 12, films.Length * 3 / 5);
        double arrival = random.Next();
        int evenings = random.Next() < 1.0 / 3 ? 3 : 1;
        var seen = new HashSet<int>();
        var ratings = new List<Rating>();
        for (int evening = 0; evening < evenings; evening++)
        {
            double moment = arrival + (1 - arrival) * evening / 3.0;
            long time = Start + (long)(moment * Decade);
            int year = 1996 + (int)(10 * moment);
            for (int left = count / evenings; left > 0; left--)
            {
                int film = Choose(films, person, year, seen, ref random);
                if (film < 0)
                    break;
                seen.Add(film);
                double stars = Expected(person, films[film]) + 0.75 * random.NextNormal();
                ratings.Add(new(index + 1, film + 1, Clamp(Round(2 * stars) / 2, 0.5, 5), time));
                time += 60 + random.Next(120);
            }
        }
        return ratings;
    }

    /// <summary>One unseen film that is out, drawn in proportion to popularity · e^(half of the expected stars); −1 where none is left.</summary>
    private static int Choose(Film[] films, Person person, int year, HashSet<int> seen, ref SplitMix random)
    {
        var (chosen, total) = (-1, 0.0);
        for (int i = 0; i < films.Length; i++)
        {
            if (films[i].Year > year || seen.Contains(i))
                continue;
            double weight = films[i].Popularity * Exp(0.5 * Expected(person, films[i]));
            total += weight;
            if (random.Next() * total < weight)
                chosen = i;
        }
        return chosen;
    }
}
