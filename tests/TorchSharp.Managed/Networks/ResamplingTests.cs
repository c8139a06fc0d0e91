using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>Pooling at random distances, interpolation that leaves nothing out, half precision, and Jacobians of several functions; the numbers are the real library's.</summary>
public class ResamplingTests
{
    private static double[] D(Tensor x) => x.detach().to(float64).flatten().data<double>().ToArray();

    private static void Close(double[] expected, Tensor actual) => Assert.Equal(expected, D(actual), (a, b) => Math.Abs(a - b) <= 1e-6 * Math.Max(1, Math.Abs(a)));

    [Fact]
    public void FractionalMaxPool2d_FromASeed_GivesLibtorchsWindows()
    {
        manual_seed(1);
        var (values, indices) = nn.functional.fractional_max_pool2d_with_indices(arange(36, float32).view(1, 1, 6, 6), 2, 3);
        Close([7, 9, 11, 19, 21, 23, 31, 33, 35], values);
        Assert.Equal([7L, 9, 11, 19, 21, 23, 31, 33, 35], indices.flatten().data<long>().ToArray());
        Close([0.40306926], rand(1));
        manual_seed(1);
        Close([8, 11, 13, 29, 32, 34, 43, 46, 48, 57, 59, 62, 78, 80, 83, 92, 94, 97], nn.functional.fractional_max_pool2d(arange(98, float32).view(1, 2, 7, 7), 2, output_ratio: 0.5));
        manual_seed(1);
        Close([9, 10, 11, 13, 30, 31, 32, 34, 44, 45, 46, 48, 58, 59, 60, 62, 72, 73, 74, 76, 93, 94, 95, 97], nn.functional.fractional_max_pool2d(arange(98, float64).view(1, 2, 7, 7), (2L, 3L), output_ratio: (0.5, 0.6)));
        manual_seed(1);
        Close([8, 9, 11, 13, 22, 23, 25, 27, 29, 30, 32, 34, 43, 44, 46, 48], nn.functional.fractional_max_pool2d(arange(49, float32).view(1, 7, 7), 2, 4));
    }

    [Fact]
    public void FractionalMaxPool3d_FromASeed_GivesLibtorchsWindows()
    {
        manual_seed(1);
        Close([43, 45, 47, 55, 57, 59, 67, 69, 71, 115, 117, 119, 127, 129, 131, 139, 141, 143, 187, 189, 191, 199, 201, 203, 211, 213, 215],
            nn.functional.fractional_max_pool3d(arange(216, float32).view(1, 1, 6, 6, 6), 2, 3));
    }

    [Fact]
    public void FractionalMaxPool_AsAModule_HasItsSizes_AndAGradient()
    {
        manual_seed(1);
        using var pool = nn.FractionalMaxPool2d((2L, 3L), output_ratio: (0.5, 0.5));
        Assert.Equal([2L, 3], pool.kernel_size);
        Assert.Null(pool.output_size);
        var x = arange(36, float32).view(1, 1, 6, 6).requires_grad_();
        var y = pool.call(x);
        Close([8, 9, 11, 20, 21, 23, 32, 33, 35], y);
        y.sum().backward();
        Assert.Equal(9, x.grad!.sum().ToDouble());
        Assert.Throws<ArgumentNullException>(() => nn.FractionalMaxPool2d(2));
        Assert.Throws<ArgumentNullException>(() => nn.FractionalMaxPool2d(2, 3, 0.5));
    }

    [Fact]
    public void Interpolate_WithAntialias_GivesLibtorchsImages()
    {
        var x = arange(36, float64).view(1, 1, 6, 6);
        Close([4.660714285714286, 6.063492063492063, 7.507936507936508, 8.910714285714285, 15.375, 16.77777777777778, 18.22222222222222, 19.625, 26.08928571428571, 27.49206349206349, 28.936507936507937, 30.33928571428571],
            nn.functional.interpolate(x, [3, 4], mode: InterpolationMode.Bilinear, antialias: true));
        Close([6.428571428571428, 8, 9.75, 10.799999999999999, 19.86857142857143, 21.44, 23.19, 24.24, 28.62857142857143, 30.2, 31.95, 33],
            nn.functional.interpolate(x, [3, 4], mode: InterpolationMode.Bilinear, align_corners: true, antialias: true));
        Close([16.800083952823936, 28.893744353386687, 47.12895743494781, 67.79580506695915, 243.89858939203046, 289.3473223992612, 344.7148568556165, 398.7367770942958, 734.5057345195055, 813.3095401334042, 905.8093959645536, 993.1863888099011],
            nn.functional.interpolate(x.square(), [3, 4], mode: InterpolationMode.Bicubic, antialias: true));
        Close([0, 0.625, 1.375, 2, 1.2, 1.825, 2.575, 3.2, 3, 3.625, 4.375, 5, 4.8, 5.425, 6.175, 6.8, 6, 6.625, 7.375, 8],
            nn.functional.interpolate(arange(9, float64).view(1, 1, 3, 3), [5, 4], mode: InterpolationMode.Bilinear, antialias: true));
        Assert.Throws<ExternalException>(() => nn.functional.interpolate(x, [3, 4], antialias: true));
    }

    [Fact]
    public void Half_ConvertsAModule()
    {
        using var linear = nn.Linear(2, 2).half();
        Assert.Equal(float16, linear.weight!.dtype);
        Assert.Equal(float16, linear.call(ones(1, 2, float16)).dtype);
    }

    [Fact]
    public void Jacobian_OfSeveralFunctionsOfSeveralTensors_HasOneForEachPair()
    {
        Tensor[] all = [.. autograd.functional.jacobian((Tensor[] x) => new[] { x[0] * x[1], x[0].sum() }, tensor(new[] { 1.0, 2 }), tensor(new[] { 3.0, 4 }))];
        Assert.Equal(4, all.Length);
        Close([3, 0, 0, 4], all[0]);
        Close([1, 0, 0, 2], all[1]);
        Close([1, 1], all[2]);
        Close([0, 0], all[3]);
    }
}
