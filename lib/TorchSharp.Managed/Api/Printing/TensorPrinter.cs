using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

public enum TensorStringStyle
{
    Metadata = 0,
    Julia = 1,
    Numpy = 2,
    CSharp = 3,
    Default = 4,
}

/// <summary>A tensor as text in TorchSharp's styles. What does not fit is left out in the middle, with an ellipsis.</summary>
internal sealed class TensorPrinter(Tensor tensor, string format, int width, CultureInfo culture, string newLine)
{
    private readonly StringBuilder _text = new();

    internal string Print(TensorStringStyle style)
    {
        switch (style)
        {
            case TensorStringStyle.Julia: Julia(); break;
            case TensorStringStyle.Numpy: Numpy(tensor, 0); break;
            case TensorStringStyle.CSharp: CSharp(); break;
            default: Metadata(); break;
        }
        return _text.ToString();
    }

    private int Rank => (int)tensor.Dimensions;

    private void Metadata() => _text.Append('[').AppendJoin('x', tensor.Layout.Shape).Append("], type = ").Append(tensor.dtype).Append(", device = ").Append(tensor.device);

    private string Cell(Tensor element, bool csharp = false)
    {
        var value = element.ToScalar();
        if (value.Type == ScalarType.Bool)
            return csharp ? (value.ToBoolean() ? "true" : "false") : value.ToBoolean().ToString(culture);
        if (!value.IsFloating)
            return value.Integer.ToString(culture) + (csharp && value.Type == ScalarType.Int64 ? "L" : "");
        string text = value.Type == ScalarType.Float64 ? value.Real.ToString(format, culture) : ((float)value.Real).ToString(format, culture);
        return csharp && element.dtype != ScalarType.Float64 ? text + "f" : text;
    }

    /// <summary>The shape, then matrices one below the other, each with its columns aligned.</summary>
    private void Julia()
    {
        Metadata();
        if (Rank == 0)
        {
            _text.Append(", value = ").Append(Cell(tensor));
            return;
        }
        _text.Append(newLine);
        if (tensor.numel() == 0)
            return;
        if (Rank == 1)
            JuliaRows(tensor.unsqueeze(0));
        else
            JuliaMatrices(tensor, []);
    }

    private void JuliaMatrices(Tensor x, long[] at)
    {
        if (x.Dimensions == 2)
        {
            if (at.Length > 0)
                _text.Append('[').AppendJoin(',', at).Append(",..,..] =").Append(newLine);
            JuliaRows(x);
            return;
        }
        for (long i = 0; i < x.Layout.Shape[0]; i++)
        {
            if (i > 0)
                _text.Append(newLine);
            JuliaMatrices(x[i], [.. at, i]);
        }
    }

    private void JuliaRows(Tensor x)
    {
        long rows = x.Layout.Shape[0], columns = x.Layout.Shape[1];
        var cells = new List<string[]>();
        int used = 0;
        for (long c = 0; c < columns; c++)
        {
            string[] column = new string[rows];
            for (long r = 0; r < rows; r++)
                column[r] = Cell(x[r, c]);
            int widest = column.Max(cell => cell.Length);
            if (c > 0 && used + widest + 1 > width)
                break;
            used += widest + 1;
            for (long r = 0; r < rows; r++)
                column[r] = column[r].PadLeft(widest);
            cells.Add(column);
        }
        for (long r = 0; r < rows; r++)
        {
            foreach (string[] column in cells)
                _text.Append(' ').Append(column[r]);
            if (cells.Count < columns)
                _text.Append(" ...");
            _text.Append(newLine);
        }
    }

    /// <summary>Which elements of a dimension are shown: all of few, else the first and last half.</summary>
    private static IEnumerable<long> Shown(long size, int limit)
    {
        for (long i = 0; i < size; i++)
        {
            if (size > limit && i == limit / 2)
            {
                yield return -1;
                i = size - limit / 2;
            }
            yield return i;
        }
    }

    private void Numpy(Tensor x, int depth)
    {
        if (x.Dimensions == 0)
        {
            _text.Append(Cell(x));
            return;
        }
        _text.Append('[');
        bool last = x.Dimensions == 1;
        bool first = true;
        foreach (long i in Shown(x.Layout.Shape[0], last ? PrintOptions.MaxColumns : PrintOptions.MaxRows))
        {
            if (!first && last)
                _text.Append(_text[^1] == '.' ? " " : ", ");
            else if (!first)
            {
                for (int k = 1; k < x.Dimensions; k++)
                    _text.Append(newLine);
                _text.Append(' ', depth + 1);
            }
            first = false;
            if (i < 0)
                _text.Append("...");
            else
                Numpy(x[i], depth + 1);
        }
        _text.Append(']');
    }

    private void CSharp()
    {
        Metadata();
        _text.Append(", value = ");
        if (Rank == 0)
        {
            _text.Append(Cell(tensor));
            return;
        }
        if (Rank > 1)
            _text.Append(newLine);
        _text.Append(TypeName()).Append(" [").Append(',', Rank - 1).Append("] {");
        if (Rank > 1)
            _text.Append(newLine);
        CSharpBody(tensor, 1);
        if (Rank > 1)
            _text.Append(newLine);
        _text.Append('}');
    }

    private void CSharpBody(Tensor x, int depth)
    {
        bool last = x.Dimensions == 1;
        bool first = true;
        foreach (long i in Shown(x.Layout.Shape[0], last ? PrintOptions.MaxColumns : PrintOptions.MaxRows))
        {
            bool afterEllipsis = _text[^1] == '.';
            if (last)
                _text.Append(first ? "" : afterEllipsis ? " " : ", ");
            else
            {
                if (!first)
                    _text.Append(afterEllipsis ? "" : ",").Append(newLine);
                if (!first || depth == 1)
                    _text.Append(' ', depth);
            }
            first = false;
            if (i < 0)
            {
                _text.Append("...");
                continue;
            }
            if (last)
                _text.Append(Cell(x[i], csharp: true));
            else
            {
                _text.Append('{');
                CSharpBody(x[i], depth + 1);
                _text.Append('}');
            }
        }
    }

    private string TypeName() => tensor.dtype switch
    {
        ScalarType.Byte => "byte",
        ScalarType.Int8 => "sbyte",
        ScalarType.Int16 => "short",
        ScalarType.Int32 => "int",
        ScalarType.Int64 => "long",
        ScalarType.Float16 => "float16",
        ScalarType.BFloat16 => "bfloat16",
        ScalarType.Float32 => "float",
        ScalarType.Float64 => "double",
        ScalarType.Bool => "bool",
        var other => other.ToString(),
    };
}

/// <summary>What printing uses where the caller does not say.</summary>
internal static class PrintOptions
{
    internal static TensorStringStyle Style { get; set; } = TensorStringStyle.Julia;

    internal static string Format { get; set; } = "g5";

    internal static int Width { get; set; } = 100;

    internal static string NewLine { get; set; } = Environment.NewLine;

    internal static int MaxRows { get; set; } = 6;

    internal static int MaxColumns { get; set; } = 6;
}
