namespace TorchSharp;

/// <summary>Whether operations record themselves for backward, per thread.</summary>
internal static class GradMode
{
    [ThreadStatic] private static bool _disabled;
    [ThreadStatic] private static bool _inference;

    internal static bool Enabled => !_disabled;

    internal static bool Inference => _inference;

    internal static Restore Set(bool enabled, bool? inference = null)
    {
        var restore = new Restore(_disabled, _inference);
        _disabled = !enabled;
        if (inference is { } mode)
            _inference = mode;
        return restore;
    }

    /// <summary>Puts the former mode back when disposed; a struct, so that the engine's own use allocates nothing.</summary>
    internal readonly struct Restore(bool disabled, bool inference) : IDisposable
    {
        public void Dispose()
        {
            _disabled = disabled;
            _inference = inference;
        }
    }
}

public static partial class torch
{
    /// <summary>Until disposed, results do not require gradients whatever their inputs do.</summary>
    public static IDisposable no_grad() => GradMode.Set(false);

    public static IDisposable enable_grad(bool enabled = true) => GradMode.Set(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => GradMode.Set(mode);

    public static IDisposable inference_mode(bool mode = true) => mode ? GradMode.Set(false, true) : GradMode.Set(true, false);

    public static bool is_grad_enabled() => GradMode.Enabled;

    public static bool is_inference_mode_enabled() => GradMode.Inference;
}
