namespace Course.Serving;

/// <summary>A predictor with faults that can be switched on and off while it serves: how a service is shown to survive them.</summary>
/// <param name="inner">Answers, when no fault is on.</param>
public sealed class FaultyPredictor(IPredictor inner) : IPredictor
{
    private readonly ManualResetEventSlim _free = new(true);
    private long _delay;
    private volatile bool _fails;

    public ArtefactInfo Info => inner.Info;

    /// <summary>Every call takes this much longer.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delay));
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    /// <summary>Every call throws.</summary>
    public bool Fails
    {
        get => _fails;
        set => _fails = value;
    }

    /// <summary>Every call stands still until this is false again.</summary>
    public bool Hangs
    {
        get => !_free.IsSet;
        set
        {
            if (value)
                _free.Reset();
            else
                _free.Set();
        }
    }

    public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs)
    {
        if (Delay > TimeSpan.Zero)
            Thread.Sleep(Delay);
        _free.Wait();
        return Fails ? throw new InvalidOperationException("A fault that was switched on.") : inner.Predict(inputs);
    }
}
