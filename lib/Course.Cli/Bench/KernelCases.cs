using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Cli.Bench;

/// <summary>Matrix products, convolutions and element-wise operations of several sizes, through the public API.</summary>
internal static class KernelCases
{
    public static IEnumerable<BenchCase> Gemm()
    {
        (long M, long N, long K, string Transposes)[] shapes =
        [
            (1024, 1024, 1024, "NN"), (1024, 1024, 1024, "NT"), (512, 512, 512, "NN"), (64, 50, 320, "NT"), (50, 320, 64, "TN"), (64, 320, 50, "NN"),
            (64, 1024, 1024, "NT"), (1, 1024, 1024, "NT"), (8, 1024, 1024, "NN"), (504, 504, 504, "NN"), (1536, 1536, 1536, "NN"),
        ];
        // What keeps a GPU busy takes one core of a CPU seconds.
        if (get_default_device().type == TorchSharp.DeviceType.CUDA)
            shapes = [.. shapes, (4096, 4096, 4096, "NN")];
        foreach ((long m, long n, long k, string transposes) in shapes)
        {
            yield return new BenchCase($"gemm {m}x{n}x{k} {transposes}", new { kind = "gemm", m, n, k, transposes }, () =>
            {
                Tensor a = transposes[0] == 'T' ? randn(k, m).t() : randn(m, k), b = transposes[1] == 'T' ? randn(n, k).t() : randn(k, n);
                return () => a.matmul(b).Dispose();
            }, 2.0 * m * n * k, "GFLOP/s");
        }
    }

    public static IEnumerable<BenchCase> Conv()
    {
        (long Batch, long In, long Size, long Out, long Kernel, long Stride, long Pad)[] shapes =
        [
            (64, 1, 28, 10, 5, 1, 0), (64, 10, 12, 20, 5, 1, 0), (8, 64, 56, 64, 3, 1, 1), (8, 64, 56, 128, 3, 2, 1), (8, 256, 14, 256, 3, 1, 1), (2, 3, 224, 64, 7, 2, 3), (8, 64, 56, 64, 1, 1, 0),
        ];
        foreach (var (batch, input, size, output, kernel, stride, pad) in shapes)
        {
            long outSize = (size + 2 * pad - kernel) / stride + 1;
            double work = 2.0 * batch * output * outSize * outSize * input * kernel * kernel;
            string name = $"conv {batch}x{input}x{size}x{size} {output} k{kernel} s{stride} p{pad}";
            yield return new BenchCase(name, new { kind = "conv", batch, input, size, output, kernel, stride, pad, backward = false }, () =>
            {
                Tensor x = randn(batch, input, size, size), w = randn(output, input, kernel, kernel);
                return () => functional.conv2d(x, w, strides: [stride, stride], padding: [pad, pad]).Dispose();
            }, work, "GFLOP/s");
            yield return new BenchCase(name + " with gradients", new { kind = "conv", batch, input, size, output, kernel, stride, pad, backward = true }, () =>
            {
                Tensor x = randn([batch, input, size, size], requires_grad: true), w = randn([output, input, kernel, kernel], requires_grad: true), g = randn(batch, output, outSize, outSize);
                return () =>
                {
                    using var scope = NewDisposeScope();
                    x.grad = null;
                    w.grad = null;
                    functional.conv2d(x, w, strides: [stride, stride], padding: [pad, pad]).backward([g]);
                };
            }, 3 * work, "GFLOP/s");
        }
    }

    public static IEnumerable<BenchCase> Ops()
    {
        foreach (long size in new[] { 1000L, 100_000, 8_000_000 })
        {
            (string Name, double Arrays, Func<Tensor, Tensor, Tensor, Tensor> Work)[] operations =
            [
                ("add", 3, (a, b, _) => a.add(b)), ("mul scalar", 2, (a, _, _) => a.mul(0.5)), ("relu", 2, (a, _, _) => functional.relu(a)),
                ("exp", 2, (a, _, _) => a.exp()), ("log", 2, (a, _, _) => a.log()), ("tanh", 2, (a, _, _) => a.tanh()), ("sigmoid", 2, (a, _, _) => a.sigmoid()),
                ("sum", 1, (a, _, _) => a.sum()), ("sum rows", 1, (_, _, m) => m.sum(1L)), ("sum columns", 1, (_, _, m) => m.sum(0L)), ("max", 1, (a, _, _) => a.max()),
                ("gelu", 2, (a, _, _) => functional.gelu(a)), ("pow", 2, (a, _, _) => a.pow(1.7)), ("greater", 2.25, (a, b, _) => a.gt(b)), ("argmax", 1, (_, _, m) => m.argmax(1)),
                ("cumsum", 2, (_, _, m) => m.cumsum(1)), ("softmax", 2, (_, _, m) => m.softmax(1)), ("copy transposed", 2, (_, _, m) => m.t().contiguous()),
                ("broadcast add", 2, (_, _, m) => m.add(m[0])),
            ];
            foreach (var (name, arrays, work) in operations)
                yield return new BenchCase($"{name} {size}", new { kind = "op", name, size }, () =>
                {
                    Tensor a = rand(size), b = rand(size), matrix = rand(size / 100, 100);
                    return () =>
                    {
                        using var scope = NewDisposeScope();
                        work(a, b, matrix);
                    };
                }, arrays * size * sizeof(float), "GB/s");
        }
    }
}
