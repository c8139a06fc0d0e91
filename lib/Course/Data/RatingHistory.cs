namespace Course;

/// <summary>
/// What a recommender knows at some moment: the ratings before it, as damped means by film, user, and user and genre. A damped mean
/// Σ / (n + damping) leaves a film with one rating near the average (Koren, Bell, Volinsky 2009, Computer 42(8)).
/// </summary>
public sealed class RatingHistory
{
    private readonly double _damping;
    private readonly Dictionary<int, (double Sum, int Count)> _films = [], _users = [];
    private readonly Dictionary<(int User, string Genre), (double Sum, int Count)> _tastes = [];
    private readonly Dictionary<int, string[]> _genresOf;

    /// <param name="ratings">All that is known.</param>
    /// <param name="movies">Every film that may be asked for.</param>
    /// <param name="damping">How many ratings the average is worth; 0 is the plain mean.</param>
    /// <exception cref="ArgumentException">There is no rating, or one of a film that is not in the list.</exception>
    public RatingHistory(IReadOnlyList<Rating> ratings, IReadOnlyList<Movie> movies, double damping = 5)
    {
        if (ratings.Count == 0)
            throw new ArgumentException("A history needs at least one rating.", nameof(ratings));
        ArgumentOutOfRangeException.ThrowIfNegative(damping);
        _damping = damping;
        _genresOf = movies.ToDictionary(m => m.MovieId, m => m.Genres.Split('|'));
        if (ratings.FirstOrDefault(r => !_genresOf.ContainsKey(r.MovieId)) is { } unknown)
            throw new ArgumentException($"Film {unknown.MovieId} was rated by user {unknown.UserId}, but is not among the {movies.Count} films.", nameof(movies));
        Genres = [.. _genresOf.Values.SelectMany(g => g).Distinct().Order()];
        Mean = ratings.Average(r => r.Stars);
        foreach (var r in ratings)
            Add(_films, r.MovieId, r.Stars - Mean);
        foreach (var r in ratings)
            Add(_users, r.UserId, r.Stars - Mean - FilmBias(r.MovieId));
        foreach (var r in ratings)
            foreach (string genre in _genresOf[r.MovieId])
                Add(_tastes, (r.UserId, genre), r.Stars - Bias(r.UserId, r.MovieId));
    }

    /// <summary>Mean stars of all ratings.</summary>
    public double Mean { get; }

    /// <summary>All genres, in the order of their features.</summary>
    public IReadOnlyList<string> Genres { get; }

    /// <summary>Names of what <see cref="Features"/> gives.</summary>
    public IReadOnlyList<string> FeatureNames => ["film", "user", "taste for its genres", "ln(1 + film's ratings)", "ln(1 + user's ratings)", .. Genres];

    /// <summary>How many ratings of this user are known.</summary>
    public int RatingsOf(int userId) => _users.GetValueOrDefault(userId).Count;

    /// <summary>How many ratings of this film are known.</summary>
    public int RatingsFor(int movieId) => _films.GetValueOrDefault(movieId).Count;

    /// <summary>How many stars above the mean the film is, damped; 0 for a film without ratings.</summary>
    public double FilmBias(int movieId) => Damped(_films.GetValueOrDefault(movieId));

    /// <summary>How many stars above the films' own level the user rates, damped; 0 for a stranger.</summary>
    public double UserBias(int userId) => Damped(_users.GetValueOrDefault(userId));

    /// <summary>The prediction without any taste: mean + film + user.</summary>
    public double Bias(int userId, int movieId) => Mean + FilmBias(movieId) + UserBias(userId);

    /// <summary>Everything that is known of a user and a film, as numbers for a network.</summary>
    /// <param name="without">The rating that is to be predicted, where it is part of the history: it is taken out of every mean, or the answer would be among the questions.</param>
    public float[] Features(int userId, int movieId, Rating? without = null)
    {
        var (film, user) = (_films.GetValueOrDefault(movieId), _users.GetValueOrDefault(userId));
        string[] genres = _genresOf[movieId];
        double own = without is null ? 0 : without.Stars - Mean - FilmBias(movieId), rest = without is null ? 0 : without.Stars - Bias(userId, movieId);
        if (without is not null)
            (film, user) = ((film.Sum - (without.Stars - Mean), film.Count - 1), (user.Sum - own, user.Count - 1));
        double taste = genres.Average(g =>
        {
            var known = _tastes.GetValueOrDefault((userId, g));
            return Damped(without is null ? known : (known.Sum - rest, known.Count - 1));
        });
        return
        [
            (float)Damped(film), (float)Damped(user), (float)taste, MathF.Log(1 + film.Count), MathF.Log(1 + user.Count),
            .. Genres.Select(g => genres.Contains(g) ? 1f : 0f),
        ];
    }

    private double Damped((double Sum, int Count) known) => known.Count == 0 ? 0 : known.Sum / (known.Count + _damping);

    private static void Add<TKey>(Dictionary<TKey, (double Sum, int Count)> means, TKey key, double value) where TKey : notnull
    {
        var (sum, count) = means.GetValueOrDefault(key);
        means[key] = (sum + value, count + 1);
    }
}
