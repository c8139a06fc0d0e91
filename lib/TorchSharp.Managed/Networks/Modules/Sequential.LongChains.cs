using System.Runtime.CompilerServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

// As Sequential.Chains.cs, with four inputs and more.

public abstract class Sequential<T1, T2, T3, T4, TResult> : Module<T1, T2, T3, T4, TResult>
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
    public Sequential<T1, T2, T3, T4, TResult> this[Range index]
    {
        get
        {
            var (start, length) = index.GetOffsetAndLength(Count);
            return Slice(start, start + length);
        }
    }

    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    public Sequential<T1, T2, T3, T4, TResult> append(Module module) => append(_chain.NextName, module);

    protected void Add(Module module) => append(module);

    protected void Add(string name, Module sm) => append(name, sm);

    public Sequential<T1, T2, T3, T4, TResult> append(string name, Module module)
    {
        _chain.Append(name, module);
        Adopt(module);
        return this;
    }

    /// <summary>A part of the chain, which only who derives from it can make.</summary>
    protected virtual Sequential<T1, T2, T3, T4, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not override Slice, which makes a part of a chain.");

    public override void train(bool on = true) => base.train(on);

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => base.named_buffers(recurse, include_persistent);

    private protected override IEnumerable<(string name, Module module)> Submodules => _chain;

    private protected override bool LivesOnADevice => false;
}

public abstract class Sequential<T1, T2, T3, T4, T5, TResult> : Module<T1, T2, T3, T4, T5, TResult>
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
    public Sequential<T1, T2, T3, T4, T5, TResult> this[Range index]
    {
        get
        {
            var (start, length) = index.GetOffsetAndLength(Count);
            return Slice(start, start + length);
        }
    }

    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, T5, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    public Sequential<T1, T2, T3, T4, T5, TResult> append(Module module) => append(_chain.NextName, module);

    protected void Add(Module module) => append(module);

    protected void Add(string name, Module sm) => append(name, sm);

    public Sequential<T1, T2, T3, T4, T5, TResult> append(string name, Module module)
    {
        _chain.Append(name, module);
        Adopt(module);
        return this;
    }

    /// <summary>A part of the chain, which only who derives from it can make.</summary>
    protected virtual Sequential<T1, T2, T3, T4, T5, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not override Slice, which makes a part of a chain.");

    public override void train(bool on = true) => base.train(on);

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => base.named_buffers(recurse, include_persistent);

    private protected override IEnumerable<(string name, Module module)> Submodules => _chain;

    private protected override bool LivesOnADevice => false;
}

public abstract class Sequential<T1, T2, T3, T4, T5, T6, TResult> : Module<T1, T2, T3, T4, T5, T6, TResult>
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
    public Sequential<T1, T2, T3, T4, T5, T6, TResult> this[Range index]
    {
        get
        {
            var (start, length) = index.GetOffsetAndLength(Count);
            return Slice(start, start + length);
        }
    }

    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, T5, T6, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    public Sequential<T1, T2, T3, T4, T5, T6, TResult> append(Module module) => append(_chain.NextName, module);

    protected void Add(Module module) => append(module);

    protected void Add(string name, Module sm) => append(name, sm);

    public Sequential<T1, T2, T3, T4, T5, T6, TResult> append(string name, Module module)
    {
        _chain.Append(name, module);
        Adopt(module);
        return this;
    }

    /// <summary>A part of the chain, which only who derives from it can make.</summary>
    protected virtual Sequential<T1, T2, T3, T4, T5, T6, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not override Slice, which makes a part of a chain.");

    public override void train(bool on = true) => base.train(on);

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => base.named_buffers(recurse, include_persistent);

    private protected override IEnumerable<(string name, Module module)> Submodules => _chain;

    private protected override bool LivesOnADevice => false;
}
