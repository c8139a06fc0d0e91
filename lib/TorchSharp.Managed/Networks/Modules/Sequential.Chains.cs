using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Modules in their order, each under a name that need not be its own.</summary>
internal sealed class ModuleChain : List<(string name, Module module)>
{
    internal string NextName => Count.ToString(CultureInfo.InvariantCulture);

    internal void Append(string name, Module module) => Add((name, module ?? throw new ArgumentNullException(nameof(module), $"Sequential takes modules; '{name}' is null.")));
}

// Chains whose first module takes several inputs or whose last gives no tensor: who derives from one of them writes its forward.

public abstract class Sequential<T, TResult> : Module<T, TResult>
{
    private readonly ModuleChain _chain = [];

    protected internal Sequential(params Module[] modules) : base("Sequential")
    {
        foreach (var module in modules)
            append(module);
    }

    protected internal Sequential(params (string name, Module submodule)[] modules) : base("Sequential")
    {
        foreach (var (name, module) in modules)
            append(name, module);
    }

    public int Count => _chain.Count;

    [IndexerName("SequentialItems")]
    public Module this[int index] => _chain[index].module;

    [IndexerName("SequentialItems")]
    public Sequential<T, TResult> this[Range index]
    {
        get
        {
            var (start, length) = index.GetOffsetAndLength(Count);
            return Slice(start, start + length);
        }
    }

    [IndexerName("SequentialItems")]
    public Sequential<T, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    public Sequential<T, TResult> append(Module module) => append(_chain.NextName, module);

    protected void Add(Module module) => append(module);

    protected void Add(string name, Module sm) => append(name, sm);

    public Sequential<T, TResult> append(string name, Module module)
    {
        _chain.Append(name, module);
        Adopt(module);
        return this;
    }

    /// <summary>A part of the chain, which only who derives from it can make.</summary>
    protected virtual Sequential<T, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not override Slice, which makes a part of a chain.");

    public override void train(bool on = true) => base.train(on);

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => base.named_buffers(recurse, include_persistent);

    private protected override IEnumerable<(string name, Module module)> Submodules => _chain;

    private protected override bool LivesOnADevice => false;
}

public abstract class Sequential<T1, T2, TResult> : Module<T1, T2, TResult>
{
    private readonly ModuleChain _chain = [];

    protected internal Sequential(params Module[] modules) : base("Sequential")
    {
        foreach (var module in modules)
            append(module);
    }

    protected internal Sequential(params (string name, Module submodule)[] modules) : base("Sequential")
    {
        foreach (var (name, module) in modules)
            append(name, module);
    }

    public int Count => _chain.Count;

    [IndexerName("SequentialItems")]
    public Module this[int index] => _chain[index].module;

    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, TResult> this[Range index]
    {
        get
        {
            var (start, length) = index.GetOffsetAndLength(Count);
            return Slice(start, start + length);
        }
    }

    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    public Sequential<T1, T2, TResult> append(Module module) => append(_chain.NextName, module);

    protected void Add(Module module) => append(module);

    protected void Add(string name, Module sm) => append(name, sm);

    public Sequential<T1, T2, TResult> append(string name, Module module)
    {
        _chain.Append(name, module);
        Adopt(module);
        return this;
    }

    /// <summary>A part of the chain, which only who derives from it can make.</summary>
    protected virtual Sequential<T1, T2, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not override Slice, which makes a part of a chain.");

    public override void train(bool on = true) => base.train(on);

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => base.named_buffers(recurse, include_persistent);

    private protected override IEnumerable<(string name, Module module)> Submodules => _chain;

    private protected override bool LivesOnADevice => false;
}

public abstract class Sequential<T1, T2, T3, TResult> : Module<T1, T2, T3, TResult>
{
    private readonly ModuleChain _chain = [];

    protected internal Sequential(params Module[] modules) : base("Sequential")
    {
        foreach (var module in modules)
            append(module);
    }

    protected internal Sequential(params (string name, Module submodule)[] modules) : base("Sequential")
    {
        foreach (var (name, module) in modules)
            append(name, module);
    }

    public int Count => _chain.Count;

    [IndexerName("SequentialItems")]
    public Module this[int index] => _chain[index].module;

    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, TResult> this[Range index]
    {
        get
        {
            var (start, length) = index.GetOffsetAndLength(Count);
            return Slice(start, start + length);
        }
    }

    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    public Sequential<T1, T2, T3, TResult> append(Module module) => append(_chain.NextName, module);

    protected void Add(Module module) => append(module);

    protected void Add(string name, Module sm) => append(name, sm);

    public Sequential<T1, T2, T3, TResult> append(string name, Module module)
    {
        _chain.Append(name, module);
        Adopt(module);
        return this;
    }

    /// <summary>A part of the chain, which only who derives from it can make.</summary>
    protected virtual Sequential<T1, T2, T3, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not override Slice, which makes a part of a chain.");

    public override void train(bool on = true) => base.train(on);

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => base.named_buffers(recurse, include_persistent);

    private protected override IEnumerable<(string name, Module module)> Submodules => _chain;

    private protected override bool LivesOnADevice => false;
}
