namespace Course.Kernel.Cells;

/// <summary>An output that is already shown and can be replaced.</summary>
public sealed class DisplayedValue
{
    private readonly Action<object?> update;

    internal DisplayedValue(Action<object?> update) => this.update = update;

    public void Update(object? value) => update(value);

    // The value of a cell that ends in display(…) is not shown a second time.
    public override string ToString() => "";
}
