using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Fuzz;

/// <summary>Results as text: "Float32[3,4] 1 2 NaN …" for a tensor, several apart by " ; ", "! Exception: message" for a refusal.</summary>
internal static class Results
{
    internal const string Crash = "! crash";

    internal static string Text(object? result) => result switch
    {
        null => "null",
        Tensor tensor => Text(tensor),
        IEnumerable<Tensor> many => string.Join(" ; ", many.Select(Text)),
        ITuple tuple => string.Join(" ; ", Enumerable.Range(0, tuple.Length).Select(i => Text(tuple[i]))),
        IFormattable or bool => Convert.ToString(result, CultureInfo.InvariantCulture)!,
        _ => result.GetType().Name,
    };

    internal static string Text(Tensor tensor) => $"{tensor.dtype}[{string.Join(",", tensor.shape)}] {string.Join(" ", Numbers(tensor))}";

    private static IEnumerable<string> Numbers(Tensor tensor)
    {
        if (tensor.numel() == 0)
            return [];
        byte[] bytes = tensor.detach().contiguous().bytes.ToArray();
        return tensor.dtype switch
        {
            ScalarType.Float64 => As<double>(bytes),
            ScalarType.Float32 => As<float>(bytes),
            ScalarType.Float16 => As<Half>(bytes),
            ScalarType.BFloat16 => As<BFloat16>(bytes),
            ScalarType.Int64 => As<long>(bytes),
            ScalarType.Int32 => As<int>(bytes),
            ScalarType.Int16 => As<short>(bytes),
            _ => As<byte>(bytes),
        };
    }

    private static IEnumerable<string> As<T>(byte[] bytes) where T : unmanaged, IFormattable =>
        [.. MemoryMarshal.Cast<byte, T>(bytes).ToArray().Select(number => number.ToString(null, CultureInfo.InvariantCulture))];

    /// <summary>The type of the exception; where libtorch has no kernel for the type it says so, and that is kept.</summary>
    internal static string Text(Exception failure)
    {
        string message = failure.Message.ReplaceLineEndings(" ");
        return $"! {failure.GetType().Name}: {message[..Math.Min(message.Length, 160)]}";
    }

    /// <summary>In what two results differ: null, "exception", "refuses", "accepts", "kernel" (what libtorch has no kernel for), "type", "shape" or "values".</summary>
    /// <param name="type">Of the first input: products and sums of Float16 are rounded to that.</param>
    /// <param name="values">Of the inputs.</param>
    internal static string? Difference(string ours, string real, string type, string values)
    {
        if (ours == real)
            return null;
        bool refused = ours.StartsWith('!'), refuses = real.StartsWith('!');
        if (real == Crash)
            return null;
        if (refused != refuses)
            return refused ? "refuses" : real.Contains("not implemented for", StringComparison.Ordinal) ? "kernel" : "accepts";
        if (refused)
            return ours.Split(':')[0] == real.Split(':')[0] ? null : "exception";
        string[] mine = ours.Split(" ; "), theirs = real.Split(" ; ");
        if (mine.Length != theirs.Length)
            return "shape";
        foreach (var (a, b) in mine.Zip(theirs))
        {
            if (a == b)
                continue;
            string[] x = a.TrimEnd().Split(' '), y = b.TrimEnd().Split(' ');
            if (x[0].Split('[')[0] != y[0].Split('[')[0])
                return "type";
            if (x[0] != y[0])
                return "shape";
            if (!Close(x[0].Split('[')[0], x[1..], y[1..], type, values))
                return "values";
        }
        return null;
    }

    private static bool Close(string type, string[] x, string[] y, string input, string values)
    {
        double tolerance = type == "BFloat16" || input == "BFloat16" ? 1.6e-2 : type == "Float16" || input == "Float16" ? 2e-3 : type == "Float32" || input == "Float32" ? 1e-5 : type == "Float64" ? 1e-10 : 0;
        if (!type.Contains("Float", StringComparison.Ordinal) || x.Length != y.Length)
            return false;
        double[] a = [.. x.Select(Number)], b = [.. y.Select(Number)];
        // What cancels in a sum is as far off as its largest term; special values are so far apart that each stands for itself.
        double scale = values == "special" ? 1 : b.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        return a.Zip(b).All(pair => pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= tolerance * Math.Max(Math.Abs(pair.Second), scale));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
