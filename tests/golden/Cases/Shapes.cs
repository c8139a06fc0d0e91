using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Views, rearrangements and selections.</summary>
internal static class Shapes
{
    internal static void Add(CaseWriter g)
    {
        Tensor Integers(long high, params long[] shape) => g.Draws.Integers(high, shape);
        foreach (var type in Elementwise.Both)
        {
            Tensor X(params long[] shape) => g.Draws.Real(shape, type);
            g.Add("reshape", [X(2, 6)], new { shape = new[] { 3, 4 } });
            g.Add("view", [X(2, 6)], new { shape = new[] { -1, 3 } });
            g.Add("flatten", [X(2, 3, 4)], new { start = 1, end = -1 });
            g.Add("unflatten", [X(2, 6)], new { dim = 1, shape = new[] { 2, 3 } });
            g.Add("permute", [X(2, 3, 4)], new { dims = new[] { 2, 0, 1 } });
            g.Add("transpose", [X(2, 3, 4)], new { a = 0, b = 2 });
            g.Add("t", [X(2, 3)]);
            g.Add("squeeze", [X(2, 1, 3)], new { dim = 1 });
            g.Add("unsqueeze", [X(2, 3)], new { dim = 1 });
            g.Add("expand", [X(2, 1)], new { shape = new[] { 2, 3 } });
            g.Add("repeat", [X(2, 3)], new { shape = new[] { 2, 2 } });
            g.Add("tile", [X(2, 3)], new { shape = new[] { 3 } });
            g.Add("repeat_interleave", [X(2, 3)], new { repeats = 2, dim = 1 });
            g.Add("flip", [X(2, 3)], new { dims = new[] { 1 } });
            g.Add("roll", [X(3, 4)], new { shift = 1, dim = 1 });
            g.Add("tril", [X(3, 4)], new { k = -1 });
            g.Add("triu", [X(3, 4)], new { k = 1 });
            g.Add("diag", [X(4)]);
            g.Add("diag", [X(3, 3)]);
            g.Add("diagonal", [X(3, 4)]);
            g.Add("narrow", [X(5, 2)], new { dim = 0, start = 1, length = 3 });
            g.Add("select", [X(3, 4)], new { dim = 1, index = 2 });
            g.Add("cat", [X(2, 3), X(1, 3)], new { dim = 0 });
            g.Add("cat", [X(2, 3), X(2, 2)], new { dim = 1 });
            g.Add("stack", [X(2, 3), X(2, 3)], new { dim = 1 });
            g.Add("hstack", [X(2, 3), X(2, 2)]);
            g.Add("vstack", [X(2, 3), X(1, 3)]);
            g.Add("split", [X(5, 2)], new { sizes = new[] { 2, 3 } });
            g.Add("chunk", [X(5, 2)], new { chunks = 2 });
            g.Add("unbind", [X(3, 2)]);
            g.Add("gather", [X(3, 4), Integers(4, 3, 2)], new { dim = 1 });
            g.Add("scatter", [X(3, 4), tensor(new long[] { 0, 2, 1, 3, 2, 0 }, [3, 2]), X(3, 2)], new { dim = 1 });
            g.Add("scatter_add", [X(3, 4), Integers(4, 3, 2), X(3, 2)], new { dim = 1 });
            g.Add("index_select", [X(4, 3), Integers(4, 5)], new { dim = 0 });
            g.Add("index_add", [X(4, 3), Integers(4, 5), X(5, 3)], new { dim = 0 });
            g.Add("index", [X(4, 3), Integers(4, 5)]);
            g.Add("take_along_dim", [X(3, 4), Integers(4, 3, 2)], new { dim = 1 });
            g.Add("masked_fill", [X(3, 4), Integers(2, 3, 4).to_type(ScalarType.Bool)], new { value = 0.5 });
            g.Add("masked_select", [X(3, 4), tensor(new[] { true, false, true, false }).expand(3, 4)]);
            g.Add("clone", [X(2, 3)]);
            g.Add("contiguous", [X(2, 3)], new { transposed = true });
            g.Add("unfold_dim", [X(2, 7)], new { dim = 1, size = 3, step = 2 });
            g.Add("movedim", [X(2, 3, 4)], new { a = 0, b = 2 });
            foreach (var (pad, mode) in new (int[], string)[] { ([1, 2], "constant"), ([1, 1, 2, 0], "constant"), ([1, 2], "reflect"), ([1, 1], "replicate"), ([1, 1], "circular") })
                g.Add("pad", [X(2, 3, 4)], new { pad, mode, value = mode == "constant" ? 0.5 : 0.0 });
            foreach (string mode in new[] { "reflect", "replicate", "circular" })
                g.Add("pad", [X(1, 2, 3, 4)], new { pad = new[] { 1, 1, 1, 1 }, mode, value = 0.0 });
        }
    }
}
