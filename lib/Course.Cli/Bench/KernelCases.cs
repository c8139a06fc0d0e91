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
            (64, 1024, 1024, "NT"), (1, 1024, 1024, "NT"), (8, 1024, 1024, "NN"),
        ];
        foreach ((long m, long n, long k, string transposes) in shapes)
        {
            Tensor a = transposes[0] == 'T' ? randn(k, m).t() : randn(m, k), b = transposes[1] == 'T' ? randn(n, k).t() : randn(k, n);
            yield return new BenchCase($"gemm {m}x{n}x{k} {transposes}", new { kind = "gemm", m, n, k, transposes }, () => a.matmul(b).Dispose(), 2.0 * m * n * k, "GFLOP/s");
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
            Tensor x = randn([batch, input, size, size], requires_grad: true), w = randn([output, input, kernel, kernel], requires_grad: true), g = randn(batch, output, outSize, outSize);
            string name = $"conv {batch}x{input}x{size}x{size} {output} k{kernel} s{stride} p{pad}";
            yield return new BenchCase(name, new { kind = "conv", batch, input, size, output, kernel, stride, pad, backward = false }, () =>
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                functional.conv2d(x, w, strides: [stride, stride], padding: [pad, pad]);
            }, work, "GFLOP/s");
            yield return new BenchCase(name + " with gradients", new { kind = "conv", batch, input, size, output, kernel, stride, pad, backward = true }, () =>
            {
                using var scope = NewDisposeScope();
                x.grad = null;
                w.grad = null;
                functional.conv2d(x, w, strides: [stride, stride], padding: [pad, pad]).backward([g]);
            }, 3 * work, "GFLOP/s");
        }
    }

    public static IEnumerable<BenchCase> Ops()
    {
        foreach (long size in new[] { 1000L, 100_000, 8_000_000 })
        {
            Tensor a = rand(size), b = rand(size), matrix = rand(size / 100, 100);
            (string Name, Func<Tensor> Work, double Arrays)[] operations =
            [
                ("add", () => a.add(b), 3), ("mul scalar", () => a.mul(0.5), 2), ("relu", () => functional.relu(a), 2), ("exp", () => a.exp(), 2), ("log", () => a.log(), 2), ("tanh", () => a.tanh(), 2),
                ("sigmoid", () => a.sigmoid(), 2), ("sum", () => a.sum(), 1), ("sum rows", () => matrix.sum(1L), 1), ("sum columns", () => matrix.sum(0L), 1),
                ("max", () => a.max(), 1), ("gelu", () => functional.gelu(a), 2), ("pow", () => a.pow(1.7), 2), ("greater", () => a.gt(b), 2.25), ("argmax", () => matrix.argmax(1), 1), ("cumsum", () => matrix.cumsum(1), 2),
                ("softmax", () => matrix.softmax(1), 2), ("copy transposed", () => matrix.t().contiguous(), 2), ("broadcast add", () => matrix.add(matrix[0]), 2),
            ];
            foreach ((string name, Func<Tensor> work, double arrays) in operations)
                yield return new BenchCase($"{name} {size}", new { kind = "op", name, size }, () =>
                {
                    using var scope = NewDisposeScope();
                    work();
                }, arrays * size * sizeof(float), "GB/s");
        }
    }
}
