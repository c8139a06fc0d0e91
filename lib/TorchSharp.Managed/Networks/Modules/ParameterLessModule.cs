using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Marks modules without parameters, buffers or submodules: conversions leave them alone.</summary>
public interface IParameterLessModule
{
}

public abstract class ParameterLessModule<T1, TResult> : Module<T1, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    private protected override bool LivesOnADevice => false;
}

public abstract class ParameterLessModule<T1, T2, TResult> : Module<T1, T2, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    private protected override bool LivesOnADevice => false;
}

public abstract class ParameterLessModule<T1, T2, T3, TResult> : Module<T1, T2, T3, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    private protected override bool LivesOnADevice => false;
}

public abstract class ParameterLessModule<T1, T2, T3, T4, TResult> : Module<T1, T2, T3, T4, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    private protected override bool LivesOnADevice => false;
}

public abstract class ParameterLessModule<T1, T2, T3, T4, T5, TResult> : Module<T1, T2, T3, T4, T5, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    private protected override bool LivesOnADevice => false;
}

public abstract class ParameterLessModule<T1, T2, T3, T4, T5, T6, TResult> : Module<T1, T2, T3, T4, T5, T6, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    private protected override bool LivesOnADevice => false;
}
