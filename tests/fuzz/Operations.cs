using System.Reflection;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Fuzz;

/// <summary>
/// What is covered: every public method of Tensor, torch, torch.linalg, torch.special and torch.nn.functional that has a tensor and a
/// result, but for the names of <see cref="Excluded"/>. <see cref="AllShapes"/> says what the tensors of an operation look like that
/// does not take tensors of one shape, <see cref="Arguments"/> what the other parameters get.
/// </summary>
internal static class Operations
{
    /// <summary>Names, and why they are not called.</summary>
    private static readonly (string Names, string Why)[] Excluded =
    [
        (".*rand.*|bernoulli_?|binomial|multinomial|normal_?|log_normal_|poisson|.*dropout.*|rrelu_?|cauchy_|exponential_|geometric_|uniform_|fractional_.*", "random: tests/golden/random has the streams"),
        ("empty.*|new_empty.*", "memory as it is found"),
        (".*[Ll]oad|save|.*Stream|tolist|ToString|GetHashCode|Read.*|is_storage|is_tensor|set_|alias|data_.*", "files, text and memory"),
        ("backward|.*DisposeScope.*|Dispose|cuda|cpu|pin_memory|is_pinned|retain_grad|.*requires_grad.*|GetType|to|type|type_as|[A-Z].*Tensor", "not arithmetic"),
        ("as_strided", "reads what lies beside the tensor"),
        ("svd|eigh|qr|.*lu.*|lstsq|matrix_rank|pinv|pinverse|cond|householder_product|orgqr|.*cholesky.*|.*solve.*|tensorinv|.*inv_ex|matrix_exp", "depend on the conditions of the matrix: tests/golden has cases"),
        ("cummax|cummin|lcm_|nanmean", "an error of the real library ends the process: tests/golden has cases"),
        ("median|nanmedian|mode|topk", "which of several equal elements they take is left open: tests/golden has cases"),
        ("erfinv|hardtanh_?|div_?|divide_?|roll|var.*|std.*", "the real library computes something else: Differences.md"),
        ("multi_dot|chain_matmul|einsum|ctc_loss|max_unpool.*|fold|grid_sample|affine_grid|triplet_margin_with_distance_loss|histogram", "need arguments that fit one another: tests/golden has cases"),
    ];

    /// <summary>Names, and the shapes of their tensors in order; i: is Int64 from 0 to 2, b: Bool. All others take tensors of 3 4.</summary>
    private static readonly (string Names, string[] Shapes)[] AllShapes =
    [
        ("dot|vdot", ["4", "4"]), ("outer|ger", ["4", "3"]), ("bincount", ["i:5"]), ("vander|combinations|cartesian_prod", ["4", "3"]), ("kron|inner", ["3 4", "2 4"]),
        ("mm|matmul", ["3 4", "4 2"]), ("mv", ["3 4", "4"]), ("bmm", ["2 3 4", "2 4 2"]), ("addmm_?", ["3 2", "3 4", "4 2"]), ("addmv_?", ["3", "3 4", "4"]), ("addr_?", ["3 4", "3", "4"]),
        ("addbmm_?", ["3 2", "2 3 4", "2 4 2"]), ("baddbmm", ["2 3 2", "2 3 4", "2 4 2"]), ("tensordot", ["4 4", "4 4"]), ("cdist", ["3 4", "2 4"]), ("cross", ["4 3", "4 3"]),
        ("det|inv|inverse|logdet|slogdet|matrix_power|trace|eigvalsh", ["3 3"]), ("adjoint|svdvals|matrix_norm", ["2 3 4"]),
        ("gather|take_along_dim", ["3 4", "i:3 4"]), ("scatter_?|scatter_add_?", ["3 4", "i:3 4", "3 4"]), ("take", ["3 4", "i:5"]),
        ("index_select|index_fill_?", ["4 4", "i:3"]), ("index_add_?|index_copy_?", ["4 4", "i:4", "4 4"]), ("masked_fill_?|masked_select", ["3 4", "b:3 4"]), ("masked_scatter_?", ["3 4", "b:3 4", "12"]),
        ("where", ["b:3 4", "3 4", "3 4"]), ("nonzero_as_list", ["3 4"]), ("select_scatter", ["4 4", "4"]), ("diagonal_scatter", ["4 4", "4"]), ("slice_scatter", ["4 4", "4 4"]),
        ("bucketize", ["3 4", "5"]), ("searchsorted", ["5", "3 4"]), ("quantile|nanquantile", ["3 4", "0"]), ("repeat_interleave", ["4 4", "i:4"]), ("dsplit", ["2 3 4", "i:0"]), ("hsplit|vsplit|tensor_split", ["4 4", "i:0"]),
        ("linear", ["3 4", "2 4", "2"]), ("bilinear", ["3 4", "3 2", "2 4 2", "2"]), ("one_hot", ["i:5"]), ("nll_loss|cross_entropy", ["3 4", "i:3"]), ("multi_margin_loss", ["3 4", "i:3"]), ("multi_label_margin_loss", ["3 4", "i:3 4"]),
        ("cosine_embedding_loss", ["3 4", "3 4", "3"]), ("prelu", ["3 4", "1"]), ("batch_norm", ["3 4", "4", "4"]), ("layer_norm|normalize", ["3 4"]), ("group_norm", ["2 4 5"]), ("instance_norm|local_response_norm", ["2 4 5"]),
        ("conv1d.*", ["2 2 6", "3 2 2", "3"]), ("conv2d.*", ["1 2 5 5", "3 2 2 2", "3"]), ("conv3d.*", ["1 1 4 4 4", "2 1 2 2 2", "2"]), ("conv_transpose1d", ["2 2 6", "2 3 2", "3"]), ("conv_transpose2d", ["1 2 4 4", "2 3 2 2", "3"]), ("conv_transpose3d", ["1 1 3 3 3", "1 2 2 2 2", "2"]),
        (".*pool1d.*", ["1 2 8"]), (".*pool2d.*", ["1 2 6 6"]), (".*pool3d.*", ["1 1 4 4 4"]), ("pixel_shuffle|channel_shuffle", ["1 4 2 2"]), ("pixel_unshuffle|unfold", ["1 2 4 4"]), ("upsample_nearest1d", ["1 2 4"]), ("upsample.*|interpolate", ["1 2 4 4"]), ("upsample_nearest3d", ["1 1 2 2 2"]),
        ("pad", ["1 2 4 4"]), ("softmax2d", ["1 3 2 2"]), ("scaled_dot_product_attention", ["1 3 4", "1 5 4", "1 5 4"]),
    ];

    internal static IEnumerable<(string Name, MethodInfo Method)> All { get; } =
        [.. from holder in new[] { typeof(Tensor), typeof(torch), typeof(linalg), typeof(special), typeof(nn.functional) }
            from method in holder.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            where !method.IsGenericMethodDefinition && !method.IsSpecialName && method.ReturnType != typeof(void) && !Excluded.Any(entry => Whole(entry.Names, method.Name))
            let types = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray()
            where (!method.IsStatic || types.Any(type => type == typeof(Tensor) || type.IsAssignableFrom(typeof(Tensor[])))) && Arguments.Fit(method)
            let name = $"{holder.Name}.{method.Name}({string.Join(", ", types.Select(Spelling))})"
            orderby name
            select (name, method)];

    /// <summary>The shapes of its tensors; null when all have one shape.</summary>
    internal static string[]? Shapes(MethodInfo method) => AllShapes.Where(entry => Whole(entry.Names, method.Name)).Select(entry => entry.Shapes).FirstOrDefault();

    internal static bool Whole(string pattern, string name) => Regex.IsMatch(name, $"^(?:{pattern})$");

    private static string Spelling(Type type) => type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Spelling))}>" : type.Name;
}
