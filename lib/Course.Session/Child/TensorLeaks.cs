using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Session.Child.Display;

namespace Course.Session.Child;

/// <summary>
/// Tensors that a cell left behind: neither disposed, nor collected, nor within reach of the session's variables. Known by names alone:
/// an engine that finds <see cref="Made"/> in <see cref="AppContext"/> tells of each tensor that it gives to a program; of another one only
/// the counts of its <c>DisposeScopeManager</c> are there, so that bytes and lines are unknown.
/// </summary>
internal sealed class TensorLeaks
{
    /// <summary>How assemblies of cells begin.</summary>
    private const string CellAssembly = "cell-";

    private readonly Lock _gate = new();
    private readonly List<(WeakReference<object> Tensor, (string Cell, int Line) At)> _made = [];
    private readonly Dictionary<(MethodBase Method, int Offset), (string Cell, int Line)> _places = [];
    private bool _told;
    private long _countedBefore, _heldBefore;

    /// <summary>Null unless the host asks for it.</summary>
    public static TensorLeaks? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(CourseVariables.Leaks) != "1")
            return null;
        var leaks = new TensorLeaks();
        AppContext.SetData(CourseHooks.TensorMade, (Action<object>)leaks.Made);
        return leaks;
    }

    /// <summary>What the cell that has just ended left behind, for reader and runner; null when nothing.</summary>
    public JsonObject? EndCell(IEnumerable<object> submissions)
    {
        if (Engine() is not { } engine || engine.GetType("TorchSharp.torch+Tensor") is not { } type)
            return null;
        var held = Reachable.Of(submissions, type);
        if (!_told)
            return ByCounts(engine, held.Count);
        (object Tensor, (string Cell, int Line) At)[] left;
        lock (_gate)
        {
            left = [.. _made.Select(m => (Tensor: m.Tensor.TryGetTarget(out object? tensor) ? tensor : null, m.At)).Where(m => m.Tensor is not null && !Get<bool>(m.Tensor, "IsInvalid") && !held.Contains(m.Tensor))!];
            _made.Clear();
        }
        if (left.Length == 0)
            return null;
        long bytes = left.Sum(m => Get<long>(m.Tensor, "NumberOfElements") * Get<long>(m.Tensor, "ElementSize"));
        var most = left.CountBy(m => m.At).MaxBy(place => place.Value);
        string text = string.Create(CultureInfo.InvariantCulture,
            $"left behind: {left.Length} tensors, {bytes:N0} bytes; {most.Value} of them from {(most.Key.Line > 0 ? $"{most.Key.Cell}, line {most.Key.Line}" : "no cell's line")}");
        return Bundle(text, new() { ["tensors"] = left.Length, ["bytes"] = bytes, ["at"] = most.Key.Cell, ["line"] = most.Key.Line, ["most"] = most.Value });
    }

    private JsonObject? ByCounts(Assembly engine, int held)
    {
        if (engine.GetType("TorchSharp.DisposeScopeManager")?.GetProperty("Statistics")?.GetValue(null) is not { } statistics)
            return null;
        long counted = Get<long>(Get<object>(statistics, "TensorStatistics"), "ThreadTotalLiveCount");
        long left = counted - _countedBefore - (held - _heldBefore);
        (_countedBefore, _heldBefore) = (counted, held);
        return left <= 0 ? null : Bundle(string.Create(CultureInfo.InvariantCulture, $"left behind: {left} tensors by the count of this engine, which knows neither their bytes nor their lines"), new() { ["tensors"] = left });
    }

    private static JsonObject Bundle(string text, JsonObject values) => new() { [CourseMime.Leaks] = values, [MimeBundle.Plain] = text };

    private static Assembly? Engine() => AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == "TorchSharp");

    private static T Get<T>(object of, string property) => (T)of.GetType().GetProperty(property)!.GetValue(of)!;

    private void Made(object tensor)
    {
        _told = true;
        var trace = new StackTrace(1, fNeedFileInfo: false);
        for (int i = 0; i < trace.FrameCount; i++)
        {
            if (trace.GetFrame(i) is not { } frame || frame.GetMethod() is not { } method || method.Module.Assembly.GetName().Name?.StartsWith(CellAssembly, StringComparison.Ordinal) != true)
                continue;
            lock (_gate)
            {
                if (!_places.TryGetValue((method, frame.GetILOffset()), out var at))
                {
                    // Looking up lines takes long, so once for each place.
                    var known = new StackTrace(1, fNeedFileInfo: true).GetFrame(i);
                    _places[(method, frame.GetILOffset())] = at = (known?.GetFileName() ?? "", known?.GetFileLineNumber() ?? 0);
                }
                _made.Add((new WeakReference<object>(tensor), at));
            }
            return;
        }
        lock (_gate)
            _made.Add((new WeakReference<object>(tensor), ("", 0)));
    }
}
