using Microsoft.Extensions.Logging;

namespace Course.Serving;

/// <summary>The models of a service: one is current, others may be loaded beside it.</summary>
internal sealed class ServedModels(ServiceOptions options, ServiceMetrics metrics, ILogger log) : IDisposable
{
    private readonly Lock _gate = new();
    private volatile ServedModel[] _loaded = [];
    private volatile ServedModel? _current;

    /// <summary>All that are loaded, the current one included.</summary>
    public IReadOnlyList<ServedModel> Loaded => _loaded;

    /// <summary>The one that answers requests which name no version.</summary>
    public ServedModel Current => _current ?? throw new InvalidOperationException("No model is loaded yet.");

    /// <summary>Inputs that wait for an answer, over all models.</summary>
    public int Waiting => _loaded.Sum(model => model.Batcher.Waiting);

    /// <summary>Takes the current model for one request; <see cref="ServedModel.Leave"/> gives it back.</summary>
    public ServedModel Enter()
    {
        while (true)
        {
            var model = Current;
            if (model.TryEnter())
                return model;
        }
    }

    /// <summary>Takes a model by name and version for one request.</summary>
    /// <param name="version">Null means the current one of that name, or else the one loaded last.</param>
    /// <returns>Null when there is no such model.</returns>
    public ServedModel? Enter(string name, string? version)
    {
        while (true)
        {
            var model = Find(name, version);
            if (model is null || model.TryEnter())
                return model;
        }
    }

    public ServedModel? Find(string name, string? version)
    {
        bool Fits(ServedModel model) => model.Info.Name == name && (version is null || model.Info.Version == version);
        return _current is { } current && Fits(current) ? current : _loaded.LastOrDefault(Fits);
    }

    /// <summary>Tests a model and loads it beside the others.</summary>
    /// <exception cref="ModelRefusedException">It fails the test; nothing has changed.</exception>
    public ServedModel Load(IPredictor predictor)
    {
        LoadGate.Check(predictor.Info);
        LoadGate.Try(predictor);
        var model = new ServedModel(predictor, options, metrics, log);
        lock (_gate)
        {
            if (Find(model.Info.Name, model.Info.Version) is not null)
            {
                model.Dispose();
                throw new ModelRefusedException($"'{model.Info.Name}' {model.Info.Version} is loaded already; unload it first, or give the new model a new version.");
            }
            _loaded = [.. _loaded, model];
            _current ??= model;
        }
        return model;
    }

    /// <summary>From now on this model answers; requests that have the former one keep it to their end.</summary>
    public void Promote(ServedModel model)
    {
        lock (_gate)
            _current = _loaded.Contains(model) ? model : throw new InvalidOperationException($"'{model.Info.Name}' {model.Info.Version} is not loaded.");
    }

    /// <summary>Takes a model out of service once its last request is answered.</summary>
    /// <exception cref="InvalidOperationException">It is the current one.</exception>
    public async Task UnloadAsync(ServedModel model)
    {
        lock (_gate)
        {
            if (model == _current)
                throw new InvalidOperationException($"'{model.Info.Name}' {model.Info.Version} is the current model; promote another one first.");
            _loaded = [.. _loaded.Where(other => other != model)];
        }
        await model.RetireAsync();
        model.Dispose();
    }

    public void Dispose()
    {
        foreach (var model in _loaded)
            model.Dispose();
    }
}
