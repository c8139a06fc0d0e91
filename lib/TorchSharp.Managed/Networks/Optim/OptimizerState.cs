using TorchSharp.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Walks over the fields of options or of a state in the order of TorchSharp's file format. One listing of the fields serves
/// for saving, loading, copying, comparing and disposing.
/// </summary>
internal abstract class FieldWalk
{
    internal abstract void Number(ref long value);

    internal abstract void Number(ref double value);

    internal abstract void Option(ref double? value);

    internal abstract void Option(ref bool? value);

    internal abstract void Tensor(ref Tensor? value, bool optional = false);
}

internal sealed class SaveWalk(BinaryWriter writer) : FieldWalk
{
    internal override void Number(ref long value) => writer.Write(value);

    internal override void Number(ref double value) => writer.Write(value);

    internal override void Option(ref double? value) => writer.Write(value ?? 0);

    internal override void Option(ref bool? value) => writer.Write(value ?? false);

    internal override void Tensor(ref Tensor? value, bool optional = false)
    {
        if (optional)
            writer.Write(value is not null);
        if (value is not null)
            TensorFile.Write(writer, value);
    }
}

/// <param name="parameter">The parameter whose state is read: its shape is the only one that fits.</param>
internal sealed class LoadWalk(BinaryReader reader, Parameter? parameter) : FieldWalk
{
    internal override void Number(ref long value) => value = reader.ReadInt64();

    internal override void Number(ref double value) => value = reader.ReadDouble();

    internal override void Option(ref double? value) => value = reader.ReadDouble();

    internal override void Option(ref bool? value) => value = reader.ReadBoolean();

    internal override void Tensor(ref Tensor? value, bool optional = false)
    {
        Tensor? loaded = null;
        if (!optional || reader.ReadBoolean())
        {
            var header = TensorFile.ReadHeader(reader, "the state of a parameter");
            if (parameter is not null)
                StateFile.RequireShape("the state of a parameter", parameter, header.Shape);
            loaded = TensorFile.ReadData(reader, header, "the state of a parameter").DetachFromDisposeScope();
        }
        value?.Dispose();
        value = loaded;
    }
}

/// <summary>Sets everything to 0.</summary>
/// <param name="zeros">A tensor of zeros in the shape of the parameter.</param>
internal sealed class ResetWalk(Func<Tensor> zeros) : FieldWalk
{
    internal override void Number(ref long value) => value = 0;

    internal override void Number(ref double value) => value = 0;

    internal override void Option(ref double? value) => value = null;

    internal override void Option(ref bool? value) => value = null;

    internal override void Tensor(ref Tensor? value, bool optional = false)
    {
        value?.Dispose();
        value = optional ? null : zeros();
    }
}

/// <summary>Lists the values.</summary>
internal sealed class ListWalk : FieldWalk
{
    internal List<object?> Values { get; } = [];

    internal override void Number(ref long value) => Values.Add(value);

    internal override void Number(ref double value) => Values.Add(value);

    internal override void Option(ref double? value) => Values.Add(value);

    internal override void Option(ref bool? value) => Values.Add(value);

    internal override void Tensor(ref Tensor? value, bool optional = false) => Values.Add(value);
}

/// <summary>Assigns listed values, copying tensors.</summary>
/// <param name="onlyMissing">Leave what is set already.</param>
internal sealed class AssignWalk(List<object?> values, bool onlyMissing = false) : FieldWalk
{
    private int _next;

    internal override void Number(ref long value) => value = (long)values[_next++]!;

    internal override void Number(ref double value) => value = (double)values[_next++]!;

    internal override void Option(ref double? value)
    {
        double? given = (double?)values[_next++];
        value = onlyMissing ? value ?? given : given;
    }

    internal override void Option(ref bool? value)
    {
        bool? given = (bool?)values[_next++];
        value = onlyMissing ? value ?? given : given;
    }

    internal override void Tensor(ref Tensor? value, bool optional = false)
    {
        var copy = ((Tensor?)values[_next++])?.clone().DetachFromDisposeScope();
        value?.Dispose();
        value = copy;
    }
}

/// <summary>Hyperparameters of a parameter group; what is null is taken from the optimiser.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    private protected virtual void Fields(FieldWalk walk) { }

    internal void FillFrom(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        InitialLearningRate = LearningRate ?? 0;
        if (defaults.GetType() == GetType())
            Fields(new AssignWalk(defaults.List(), onlyMissing: true));
    }

    private List<object?> List()
    {
        var list = new ListWalk();
        Fields(list);
        return list.Values;
    }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate ?? 0);
        Fields(new SaveWalk(writer));
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
        Fields(new LoadWalk(reader, null));
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        (InitialLearningRate, LearningRate) = (source.InitialLearningRate, source.LearningRate);
        if (source.GetType() == GetType())
            Fields(new AssignWalk(source.List()));
    }
}

/// <summary>What an optimiser remembers of one parameter.</summary>
public abstract class OptimizerState
{
    private protected readonly Parameter _parameter;

    private protected OptimizerState(Parameter parameter) => _parameter = parameter;

    private protected virtual void Fields(FieldWalk walk) { }

    /// <summary>The state before the first step: zeros, and without the optional tensors, unless the optimiser says otherwise.</summary>
    public virtual void Initialize(OptimizerOptions options) => Fields(new ResetWalk(Zeros));

    public virtual void SaveStateDict(BinaryWriter writer) => Fields(new SaveWalk(writer));

    public virtual void LoadStateDict(BinaryReader reader) => Fields(new LoadWalk(reader, _parameter));

    public virtual void LoadStateDict(OptimizerState source)
    {
        if (source.GetType() != GetType())
            throw new ArgumentException($"A state of {source.GetType()} does not fit {GetType()}.", nameof(source));
        Fields(new AssignWalk(source.List()));
    }

    /// <summary>The same numbers, and tensors that are close.</summary>
    public virtual bool ApproximatelyEquals(OptimizerState other) =>
        other.GetType() == GetType() && List().Zip(other.List()).All(pair => pair switch
        {
            (Tensor a, Tensor b) => a.allclose(b),
            var (a, b) => Equals(a, b),
        });

    public virtual void to(Device device) => InitializeDevice(device);

    private protected Tensor Zeros() => zeros_like(_parameter).DetachFromDisposeScope();

    internal void Release()
    {
        foreach (object? value in List())
            (value as Tensor)?.Dispose();
    }

    private List<object?> List()
    {
        var list = new ListWalk();
        Fields(list);
        return list.Values;
    }
}
