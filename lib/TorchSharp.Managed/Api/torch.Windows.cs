namespace TorchSharp;

public static partial class torch
{
    /// <summary>Sampling windows; a periodic one lacks the last point of the symmetric one.</summary>
    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        hamming_window(len, periodic, 0.5f, 0.5f, dtype, device, requires_grad);

    public static Tensor hamming_window(long len, bool periodic = true, float alpha = 0.54f, float beta = 0.46f, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        double period = periodic ? len : len - 1, a = Math.Round(alpha, 6), b = Math.Round(beta, 6);
        return Factories.FromArray(Enumerable.Range(0, (int)len).Select(i => len == 1 ? 1 : a - b * Math.Cos(2 * Math.PI * i / period)).ToArray(), [len], dtype ?? get_default_dtype(), device, requires_grad);
    }

    public static Tensor bartlett_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Window(len, periodic, dtype, device, requires_grad, static t => 1 - Math.Abs(2 * t - 1));

    public static Tensor blackman_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Window(len, periodic, dtype, device, requires_grad, static t => 0.42 - 0.5 * Math.Cos(2 * Math.PI * t) + 0.08 * Math.Cos(4 * Math.PI * t));

    public static Tensor kaiser_window(long len, bool periodic = true, float beta = 12, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Window(len, periodic, dtype, device, requires_grad, t => SpecialFunctions.I0(beta * Math.Sqrt(Math.Max(0, 1 - (2 * t - 1) * (2 * t - 1)))) / SpecialFunctions.I0(beta));

    private static Tensor Window(long len, bool periodic, ScalarType? dtype, Device? device, bool requiresGrad, Func<double, double> f) =>
        Factories.FromArray(Enumerable.Range(0, (int)len).Select(i => len == 1 ? 1 : f(i / (double)(periodic ? len : len - 1))).ToArray(), [len], dtype ?? get_default_dtype(), device, requiresGrad);
}
