using TorchSharp.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters that share options.</summary>
public class ParamGroup : optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions? Options { get; set; }

    public double LearningRate
    {
        get => Options?.LearningRate ?? 0;
        set => (Options ??= new OptimizerOptions()).LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options?.InitialLearningRate ?? 0;
        set => (Options ??= new OptimizerOptions()).InitialLearningRate = value;
    }
}

public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup() { }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null) => (Parameters, base.Options) = (parameters, options);

    public new TOptions Options
    {
        get => (TOptions)base.Options!;
        set => base.Options = value;
    }
}

/// <summary>What all optimisers with parameter groups share: groups, states, files.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private protected OptimizerOptions _defaults = new();
    private readonly Dictionary<Tensor, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    private Func<OptimizerOptions>? _newOptions;
    private Func<Parameter, OptimizerState>? _newState;

    /// <summary>What every constructor ends with.</summary>
    /// <param name="state">A fresh state of the optimiser's kind.</param>
    private protected void AddGroups<TOptions>(TOptions defaults, Func<Parameter, OptimizerState> state, IEnumerable<ParamGroup> groups) where TOptions : OptimizerOptions, new()
    {
        (_defaults, _newOptions, _newState) = (defaults, static () => new TOptions(), state);
        _defaults.InitialLearningRate = defaults.LearningRate ?? 0;
        foreach (var group in groups)
            add_param_group(group);
        if (_parameter_groups.Count == 0 || !parameters().Any())
            throw new ArgumentException($"{GetType().Name} got no parameters.", nameof(groups));
    }

    private protected static void Require(bool holds, string name, object value, string expected)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"Invalid {name}: {value}, expected {expected}."), name);
    }

    private protected static void RequireNotNegative(params ReadOnlySpan<(string name, double value)> options)
    {
        foreach (var (name, value) in options)
            Require(value >= 0, name, value, "0 or more");
    }

    private protected static void RequireBetas(double beta1, double beta2)
    {
        Require(beta1 is >= 0 and < 1, nameof(beta1), beta1, "from 0 to below 1");
        Require(beta2 is >= 0 and < 1, nameof(beta2), beta2, "from 0 to below 1");
    }

    public override void add_param_group(ParamGroup param_group)
    {
        param_group.Parameters = [.. param_group.Parameters];
        var options = param_group.Options ?? _newOptions!();
        if (options.GetType() != _defaults.GetType())
            throw new ArgumentException($"{GetType().Name} got options of {options.GetType()}.", nameof(param_group));
        options.FillFrom(_defaults);
        param_group.Options = options;
        foreach (var parameter in param_group.Parameters)
        {
            var state = _newState!(parameter);
            if (!_states.TryAdd(parameter, state))
                throw new ArgumentException("A parameter appears in two groups, or twice in one.", nameof(param_group));
            state.Initialize(options);
        }
        _parameter_groups.Add(param_group);
    }

    private protected TState State<TState>(Parameter parameter) where TState : OptimizerState => (TState)_states[parameter];

    /// <summary>Runs the closure with gradients, then the update of each group without.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
            using (enable_grad())
                loss = loss_closure();
        using (no_grad())
        using (DisposeScope.ForTemporaries())
            foreach (var group in _parameter_groups)
                body((T)group);
        return loss;
    }

    /// <summary>One update: calls the rule for every parameter that has a gradient.</summary>
    private protected Tensor? Update<TOptions, TState>(Func<Tensor>? closure, Action<TOptions, TState, Parameter, Tensor> rule)
        where TOptions : OptimizerOptions where TState : OptimizerState => _step<ParamGroup>(group =>
    {
        var options = (TOptions)group.Options!;
        foreach (var parameter in group.Parameters)
            if (parameter.Meta?.Grad is { IsInvalid: false } gradient)
                rule(options, State<TState>(parameter), parameter, gradient);
    }, closure);

    /// <summary>The same with a rule that gathers the parameters of a group, which then are stepped together.</summary>
    private protected Tensor? Update<TOptions, TState, TRule>(Func<Tensor>? closure, GroupUpdate<TRule> update, Action<TOptions, TState, Parameter, Tensor, GroupUpdate<TRule>> rule)
        where TOptions : OptimizerOptions where TState : OptimizerState where TRule : struct, IEquatable<TRule> => _step<ParamGroup>(group =>
    {
        var options = (TOptions)group.Options!;
        update.Begin();
        foreach (var parameter in group.Parameters)
            if (parameter.Meta?.Grad is { IsInvalid: false } gradient)
                rule(options, State<TState>(parameter), parameter, gradient, update);
        update.Finish();
        GC.KeepAlive(_states);
    }, closure);

    /// <summary>The same with what most rules do first: negate the gradient where the options ask to ascend, then add the decay times the parameter.</summary>
    private protected Tensor? Update<TOptions, TState>(Func<Tensor>? closure, Func<TOptions, (bool? maximize, double? decay)> prepare, Action<TOptions, TState, Parameter, Tensor> rule)
        where TOptions : OptimizerOptions where TState : OptimizerState => Update<TOptions, TState>(closure, (options, state, parameter, gradient) =>
    {
        var (maximize, decay) = prepare(options);
        if (maximize == true)
            gradient = gradient.neg();
        if (decay is { } rate and not 0)
            gradient = gradient.add(parameter, rate);
        rule(options, state, parameter, gradient);
    });

    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            result.Options.Add(group.Options!);
            var positions = new List<int>();
            foreach (var parameter in group.Parameters)
            {
                positions.Add(result.State.Count);
                result.State.Add(_states[parameter]);
            }
            result.StateIndexRef.Add(positions);
        }
        return result;
    }

    /// <exception cref="ArgumentException">The state belongs to other parameter groups.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        RequireCounts(own, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (mine, theirs) in own.Options.Zip(state_dict.Options))
            if (!ReferenceEquals(mine, theirs))
                mine.LoadStateDict(theirs);
        foreach (var (mine, theirs) in own.State.Zip(state_dict.State))
            if (!ReferenceEquals(mine, theirs))
                mine.LoadStateDict(theirs);
    }

    public void save_state_dict(string location) => AtomicFile.Write(location, stream =>
    {
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    });

    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.Encode(own.Options.Count);
        writer.Encode(own.State.Count);
        foreach (var options in own.Options)
            options.SaveStateDict(writer);
        foreach (var state in own.State)
            state.SaveStateDict(writer);
        writer.Flush();
    }

    /// <exception cref="InvalidDataException">The file is damaged, or of another optimiser.</exception>
    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <summary>Reads what <c>save_state_dict</c> wrote. When that fails the optimiser is as before.</summary>
    public void load_state_dict(BinaryReader reader)
    {
        using var before = new MemoryStream();
        using (var writer = new BinaryWriter(before, System.Text.Encoding.UTF8, leaveOpen: true))
            save_state_dict(writer);
        try
        {
            Read(reader);
        }
        catch (Exception failure)
        {
            before.Position = 0;
            using (var backup = new BinaryReader(before))
                Read(backup);
            if (failure is EndOfStreamException)
                throw new InvalidDataException($"The state of {GetType().Name} was cut off.", failure);
            throw;
        }
    }

    private void Read(BinaryReader reader)
    {
        string name = reader.ReadString();
        if (name != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{name}' in the loaded stream.");
        var own = state_dict();
        RequireCounts(own, reader.Decode("the number of groups"), reader.Decode("the number of states"));
        foreach (var options in own.Options)
            options.LoadStateDict(reader);
        foreach (var state in own.State)
            state.LoadStateDict(reader);
    }

    private static void RequireCounts(StateDictionary own, long groups, long states)
    {
        if (groups != own.Options.Count || states != own.State.Count)
            throw new ArgumentException($"Invalid optimizer state: {groups} parameter groups and {states} parameters, expected {own.Options.Count} and {own.State.Count}.");
    }

    public void to(Device device)
    {
        foreach (var state in _states.Values)
            state.to(device);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        foreach (var state in _states.Values)
            state.Release();
    }
}
