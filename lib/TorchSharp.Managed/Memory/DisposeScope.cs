namespace TorchSharp;

/// <summary>
/// Everything created while a scope is open is disposed when it closes, except what is moved out of it. Scopes nest, per thread.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic] private static DisposeScope? _current;

    /// <summary>A closed scope of temporaries that the next one of this thread takes over: operations open one at every call.</summary>
    [ThreadStatic] private static DisposeScope? _spare;

    // Tensors know their scope and their place in it, so that leaving one is a swap with the last; other objects are few and are searched.
    private readonly List<IDisposable> _items = [];
    private readonly bool _ofTemporaries;
    private DisposeScope? _outer;
    private bool _closed;

    internal DisposeScope() => Open();

    private DisposeScope(bool ofTemporaries)
    {
        _ofTemporaries = ofTemporaries;
        Open();
    }

    private void Open()
    {
        _closed = false;
        _outer = _current;
        _current = this;
    }

    /// <summary>
    /// A scope for what an operation makes on the way to its result. A program sees neither the scope nor, in the statistics, what
    /// lives and ends in it; a tensor that is moved out of it counts as made there and then.
    /// </summary>
    internal static DisposeScope ForTemporaries()
    {
        if (_spare is not { } scope)
            return new DisposeScope(ofTemporaries: true);
        _spare = null;
        scope.Open();
        return scope;
    }

    /// <summary>The innermost open scope, be it of temporaries.</summary>
    internal static DisposeScope? Current => _current;

    /// <summary>The innermost scope that a program has opened.</summary>
    internal static DisposeScope? CurrentOfProgram
    {
        get
        {
            var scope = _current;
            while (scope is { _ofTemporaries: true })
                scope = scope._outer;
            return scope;
        }
    }

    internal DisposeScope? OuterScope => _outer;

    public int DisposablesCount => _items.Count;

    public IReadOnlyList<IDisposable> DisposablesView => _items.ToArray();

    internal static void Register(torch.Tensor tensor)
    {
        if (_current is not { } scope)
            Count(tensor, inScope: false);
        else
        {
            if (!scope._ofTemporaries)
                Count(tensor, inScope: true);
            scope.Add(tensor);
        }
    }

    private static void Count(torch.Tensor tensor, bool inScope)
    {
        tensor.IsCounted = true;
        MadeTensors.Told?.Invoke(tensor);
        DisposeScopeManager.Statistics.TensorStatistics.Created(inScope);
    }

    /// <summary>Whether a tensor was a temporary until now, that a program gets in this scope (null: in none).</summary>
    private static bool BecomesVisible(IDisposable disposable, DisposeScope? scope)
    {
        if (disposable is not torch.Tensor { IsCounted: false } tensor || scope is { _ofTemporaries: true })
            return false;
        Count(tensor, inScope: scope is not null);
        return true;
    }

    private void Add(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor)
        {
            tensor.Scope = this;
            tensor.ScopeIndex = _items.Count;
        }
        _items.Add(disposable);
    }

    internal bool Remove(IDisposable disposable)
    {
        int index;
        if (disposable is torch.Tensor tensor)
        {
            if (tensor.Scope != this)
                return false;
            index = tensor.ScopeIndex;
            tensor.Scope = null;
        }
        else
        {
            index = _items.FindIndex(item => ReferenceEquals(item, disposable));
            if (index < 0)
                return false;
        }
        var last = _items[^1];
        _items[index] = last;
        if (last is torch.Tensor moved && moved.Scope == this)
            moved.ScopeIndex = index;
        _items.RemoveAt(_items.Count - 1);
        return true;
    }

    internal void Replace(torch.Tensor tensor, torch.Tensor by)
    {
        (by.Scope, by.ScopeIndex) = (this, tensor.ScopeIndex);
        _items[by.ScopeIndex] = by;
        tensor.Scope = null;
    }

    public bool Contains(IDisposable disposable) => disposable is torch.Tensor tensor ? tensor.Scope == this : _items.Any(item => ReferenceEquals(item, disposable));

    /// <summary>Puts an object under this scope, out of the one that it belonged to.</summary>
    public void Attach(IDisposable disposable) => Place(disposable);

    public void Attach(params IDisposable[] disposables) => PlaceAll(disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var list = disposables.ToArray();
        PlaceAll(list);
        return list;
    }

    private void PlaceAll(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
            Place(disposable);
    }

    private void Place(IDisposable disposable)
    {
        if (disposable is null || Contains(disposable))
            return;
        if (disposable is torch.Tensor tensor)
        {
            tensor.Scope?.Remove(tensor);
            if (!BecomesVisible(tensor, this))
                DisposeScopeManager.Statistics.TensorStatistics.Attached();
        }
        Add(disposable);
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        if (Remove(disposable) && disposable is torch.Tensor && !BecomesVisible(disposable, null))
            DisposeScopeManager.Statistics.TensorStatistics.Detached();
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable => (Detach(first), Detach(second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
            Detach<IDisposable>(disposable);
    }

    /// <summary>Keeps an object alive beyond this scope: the enclosing scope takes it, or nobody when there is none.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(_outer!, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable => (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
            MoveToOuter<IDisposable>(disposable);
    }

    public T MoveToOther<T>(DisposeScope scope, T disposable) where T : IDisposable
    {
        if (!Remove(disposable))
            return disposable;
        bool visible = BecomesVisible(disposable, scope);
        if (scope is not null)
            scope.Add(disposable);
        else if (disposable is torch.Tensor && !visible)
            DisposeScopeManager.Statistics.TensorStatistics.Detached();
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope scope, T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
            MoveToOther<IDisposable>(scope, disposable);
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var keep = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        var items = _items.ToArray();
        _items.Clear();
        foreach (var item in items)
        {
            if (keep.Contains(item))
                Add(item);
            else
                DisposeItem(item);
        }
    }

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    /// <summary>Forgets an object that somebody else has disposed.</summary>
    public void MarkAsDisposed(IDisposable disposable) => Remove(disposable);

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        for (int i = _items.Count - 1; i >= 0; i--)
            DisposeItem(_items[i]);
        _items.Clear();
        // Scopes normally close from the inside out; one that is closed early leaves the inner ones open.
        for (var scope = _current; scope is not null; scope = scope._outer)
        {
            if (scope != this)
                continue;
            _current = _outer;
            break;
        }
        if (_ofTemporaries)
            _spare = this;
    }

    private static void DisposeItem(IDisposable item)
    {
        if (item is torch.Tensor tensor)
        {
            tensor.Scope = null;
            if (tensor.IsCounted)
                DisposeScopeManager.Statistics.TensorStatistics.Disposed(inScope: true);
            tensor.Release();
        }
        else
            item.Dispose();
    }
}

public static partial class torch
{
    /// <summary>Opens a scope; use it with <c>using</c>.</summary>
    public static DisposeScope NewDisposeScope() => new();

    public static DisposeScope CurrentDisposeScope => DisposeScope.CurrentOfProgram!;

    /// <summary>Evaluates an expression and disposes everything that it created but its result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(expr());
    }
}
