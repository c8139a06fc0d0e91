using Microsoft.Extensions.Logging;

namespace Course.Serving;

/// <summary>A model in service with all that its requests need. Counts who uses it, so that it goes when nobody does any more.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _users;
    private volatile bool _retired;

    public ServedModel(IPredictor predictor, ServiceOptions options, ServiceMetrics metrics, ILogger log)
    {
        Info = predictor.Info;
        Rules = new InputRules(Info.Preprocessing, options.MaxInputsPerRequest);
        Pictures = PictureRules.For(Info.Preprocessing);
        Answers = new AnswerWriter(Info);
        Inputs = new InputPool(Rules.Size, options.QueueCapacity);
        Batcher = new MicroBatcher(predictor, options, metrics, log);
    }

    public ArtefactInfo Info { get; }

    /// <summary>Name and version, as answers and logs have it.</summary>
    public string Title => $"{Info.Name} {Info.Version}";

    public InputRules Rules { get; }

    /// <summary>Null when the model takes no pictures.</summary>
    public PictureRules? Pictures { get; }

    public AnswerWriter Answers { get; }

    public InputPool Inputs { get; }

    public MicroBatcher Batcher { get; }

    /// <summary>Requests that have this model now.</summary>
    public int Users => Volatile.Read(ref _users);

    /// <returns>False when the model has been retired: ask again which one is in service.</returns>
    public bool TryEnter()
    {
        Interlocked.Increment(ref _users);
        if (!_retired)
            return true;
        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _retired)
            _unused.TrySetResult();
    }

    /// <summary>Lets nobody in any more; completes when the last request has its answer.</summary>
    public Task RetireAsync()
    {
        _retired = true;
        if (Users == 0)
            _unused.TrySetResult();
        return _unused.Task;
    }

    public void Dispose() => Batcher.Dispose();
}
