namespace Course.Serving;

/// <summary>What a gate decided about a candidate.</summary>
/// <param name="Candidate">Version of the candidate.</param>
/// <param name="Against">The version that was in service when it came, and that it was compared with.</param>
/// <param name="Test">Both on the same examples; the second is the candidate.</param>
/// <param name="Promoted">True when it is in service now.</param>
public sealed record Promotion(string Candidate, string Against, McNemar Test, bool Promoted);

/// <summary>
/// Lets a retrained model into service only when it beats the version that is in service at that moment, on the same hold-out examples
/// and beyond chance (McNemar's test). A comparison with some earlier version would let a step back pass.
/// </summary>
public sealed class PromotionGate
{
    private readonly ModelRegistry _registry;
    private readonly Func<ModelArtefact, bool[]> _right;
    private readonly double _alpha;

    /// <param name="right">Which of the hold-out examples a model gets right; always the same examples in the same order.</param>
    /// <param name="alpha">The level of the test; small, because many candidates will come.</param>
    public PromotionGate(ModelRegistry registry, Func<ModelArtefact, bool[]> right, double alpha = 0.01) =>
        (_registry, _right, _alpha) = (registry, right, alpha);

    /// <summary>Examines a candidate, and promotes it when it wins. It enters the registry only then.</summary>
    /// <param name="alsoRequired">A further condition, for example that old kinds of pictures are not forgotten; null for none.</param>
    /// <exception cref="InvalidOperationException">Nothing is in service, or another version came into service during the exam: ask again.</exception>
    public Promotion Propose(ModelArtefact candidate, Func<bool>? alsoRequired = null)
    {
        string current = _registry.CurrentVersion ?? throw new InvalidOperationException("No version is in service that a candidate could beat: promote a first one.");
        var test = Compare.Classifiers(_right(_registry.Load(current)), _right(candidate));
        bool wins = test.Difference > 0 && test.P < _alpha && (alsoRequired?.Invoke() ?? true);
        if (wins)
        {
            _registry.Add(candidate);
            _registry.Promote(candidate.Info.Version, insteadOf: current);
        }
        return new(candidate.Info.Version, current, test, wins);
    }
}
