using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Shape, type and device; the elements are printed by <c>str()</c> and by the overloads with a style.</summary>
        public override string ToString() => IsInvalid ? "Tensor invalid -- empty handle." : ToString(TensorStringStyle.Metadata);

        /// <param name="fltFormat">A .NET format for floating-point elements.</param>
        /// <param name="width">Characters a line (Julia style).</param>
        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default)
                style = PrintOptions.Style;
            using var scope = DisposeScope.ForTemporaries();
            using var mode = GradMode.Set(false);
            return new TensorPrinter(this, fltFormat ?? PrintOptions.Format, width ?? PrintOptions.Width, cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? PrintOptions.NewLine).Print(style);
        }

        public string ToString(bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null) =>
            ToString(TensorStringStyle.Julia, fltFormat, width, cultureInfo, newLine);
    }

    public static readonly TensorStringStyle julia = TensorStringStyle.Julia;

    public static readonly TensorStringStyle numpy = TensorStringStyle.Numpy;

    public static readonly TensorStringStyle csharp = TensorStringStyle.CSharp;

    /// <summary>The style that printing uses when none is given.</summary>
    public static TensorStringStyle TensorStringStyle
    {
        get => PrintOptions.Style;
        set => PrintOptions.Style = value == TensorStringStyle.Default ? TensorStringStyle.Julia : value;
    }

    public static void set_printoptions(int precision, int? linewidth = null, string? newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
        set_printoptions(null, (sci_mode ? "E" : "F") + precision.ToString(CultureInfo.InvariantCulture), linewidth, newLine, maxRows, maxColumns);

    public static void set_printoptions(TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        PrintOptions.Style = style ?? PrintOptions.Style;
        PrintOptions.Format = floatFormat ?? PrintOptions.Format;
        PrintOptions.Width = linewidth ?? PrintOptions.Width;
        PrintOptions.NewLine = newLine ?? PrintOptions.NewLine;
        PrintOptions.MaxRows = maxRows ?? PrintOptions.MaxRows;
        PrintOptions.MaxColumns = maxColumns ?? PrintOptions.MaxColumns;
    }
}

public static partial class TensorExtensionMethods
{
    public static string str(this torch.Tensor tensor, string? fltFormat = null, int? width = null, string? newLine = null, CultureInfo? cultureInfo = null, TensorStringStyle style = TensorStringStyle.Default) =>
        tensor.ToString(style, fltFormat, width, cultureInfo, newLine);

    public static string jlstr(this torch.Tensor tensor, string? fltFormat = null, int? width = null, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.Julia, fltFormat, width, cultureInfo, newLine);

    public static string npstr(this torch.Tensor tensor, string fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.Numpy, fltFormat, width, cultureInfo, newLine);

    public static string cstr(this torch.Tensor tensor, string fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.CSharp, fltFormat, width, cultureInfo, newLine);

    public static string metastr(this torch.Tensor tensor) => tensor.ToString(TensorStringStyle.Metadata);

    /// <summary>Writes the elements to the console and returns the tensor.</summary>
    public static torch.Tensor print(this torch.Tensor t, string fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null, TensorStringStyle style = TensorStringStyle.Default)
    {
        Console.WriteLine(t.ToString(style, fltFormat, width, cultureInfo, newLine));
        return t;
    }
}
