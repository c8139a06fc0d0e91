namespace Course.Serving;

/// <summary>How a canary stands.</summary>
public enum CanaryState
{
    /// <summary>A share of the users sees it.</summary>
    Watched,

    /// <summary>It was surely worse: the old version is in service again.</summary>
    Withdrawn,

    /// <summary>All planned users were seen without an alarm: everybody gets it.</summary>
    Passed,
}

/// <summary>
/// A version that only a share of the users sees until it has shown that it is no worse. A guard looks after every user, with a p-value
/// that allows this (<see cref="SequentialTest"/>), and rolls the registry back by itself. Safe to use from several threads.
/// </summary>
public sealed class CanaryRelease
{
    private readonly ModelRegistry _registry;
    private readonly Assignment _assignment;
    private readonly SequentialTest _test;
    private readonly double _alpha;
    private readonly int _users;
    private readonly Lock _gate = new();

    /// <summary>Promotes the version; only the share of the users sees it.</summary>
    /// <param name="share">Share of the users who see the new version.</param>
    /// <param name="alpha">At most this share of equally good versions is withdrawn.</param>
    /// <param name="users">After so many users of the new version without an alarm it has passed.</param>
    /// <exception cref="InvalidOperationException">There is no version in service that it could be compared with, or it is the same.</exception>
    public CanaryRelease(ModelRegistry registry, string version, double share = 0.1, double alpha = 0.05, int users = 2000, double effect = 0.05)
    {
        Old = registry.CurrentVersion ?? throw new InvalidOperationException("No version is in service that a canary could be compared with: promote a first one.");
        if (Old == version)
            throw new InvalidOperationException($"Version {version} is in service already.");
        (_registry, New, _alpha, _users) = (registry, version, alpha, users);
        (_assignment, _test) = (new($"canary {Old} {version}", share), new(effect));
        registry.Promote(version);
    }

    /// <summary>The version that was in service before.</summary>
    public string Old { get; }

    /// <summary>The version on trial.</summary>
    public string New { get; }

    public CanaryState State { get; private set; }

    /// <summary>The guard's p-value: how surely the rates differ.</summary>
    public double P => _test.P;

    /// <summary>Users of the old version and of the new one, and how many of them were content.</summary>
    public ((int Users, int Successes) Old, (int Users, int Successes) New) Seen => (_test.First, _test.Second);

    /// <summary>Which version answers this user.</summary>
    public string VersionFor(string user) => State switch
    {
        CanaryState.Passed => New,
        CanaryState.Watched when _assignment.IsNew(user) => New,
        _ => Old,
    };

    /// <summary>Counts what became of one answer; this is where a bad version is withdrawn.</summary>
    /// <param name="version">The version that gave it, from <see cref="VersionFor"/>; others are ignored.</param>
    public CanaryState Record(string version, bool success)
    {
        lock (_gate)
        {
            if (State != CanaryState.Watched || (version != New && version != Old))
                return State;
            _test.Add(version == New, success);
            // The p-value counts differences in both directions; only a worse version is withdrawn.
            if (_test.P < _alpha && _test.Difference < 0)
            {
                // Somebody may have put another version into service meanwhile; that one is not ours to take away.
                if (_registry.CurrentVersion == New)
                    _registry.RollBack();
                State = CanaryState.Withdrawn;
            }
            else if (_test.Second.Users >= _users)
            {
                State = CanaryState.Passed;
            }
            return State;
        }
    }
}
