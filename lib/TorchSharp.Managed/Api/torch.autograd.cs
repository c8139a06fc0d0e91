using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>Adds the gradients of the sum of <paramref name="tensors"/> to <c>grad</c> of the leaves (or of <paramref name="inputs"/> only).</summary>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            AutogradEngine.Run(tensors, grad_tensors, retain_graph ?? create_graph, create_graph, inputs, accumulate: true);

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>Gradients of the sum of <paramref name="outputs"/> with respect to <paramref name="inputs"/>; no <c>grad</c> changes.</summary>
        /// <param name="allow_unused">An input on which no output depends has gradient null instead of an error.</param>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var gradients = AutogradEngine.Run(outputs, grad_outputs, retain_graph, create_graph, inputs, accumulate: false)!;
            if (!allow_unused && Array.IndexOf(gradients, null) is >= 0 and var missing)
                throw new ExternalException($"One of the differentiated Tensors appears to not have been used in the graph (input {missing}). Set allow_unused=True if this is the desired behavior.");
            return gradients!;
        }

        /// <summary>While on, backward stops at the first operation that yields NaN and names it.</summary>
        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);
    }
}

public class AnomalyMode : IDisposable
{
    private readonly bool _enabledBefore = IsEnabled;
    private readonly bool _checkBefore = ShouldCheckNaN;

    public AnomalyMode(bool enabled, bool check_nan = true)
    {
        IsEnabled = enabled;
        ShouldCheckNaN = check_nan;
    }

    public static bool IsEnabled { get; private set; }

    public static bool ShouldCheckNaN { get; private set; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        IsEnabled = _enabledBefore;
        ShouldCheckNaN = _checkBefore;
    }
}
