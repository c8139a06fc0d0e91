using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Every public operation, function and module is compared with PyTorch, with gradients wherever there are any.</summary>
public class CoverageTests
{
    /// <summary>Without a case of their own, and why.</summary>
    private static readonly Dictionary<string, string> Exempt = Reasons(
        ("containers, which the tests of modules cover", "ModuleList ModuleDict ParameterList ParameterDict"),
        ("PyTorch's Python and C++ draw its initial weights in different orders; its layers are covered", "Transformer"),
        ("as in two dimensions", "ReflectionPad3d ReplicationPad3d"),
        ("random numbers: the tests of streams compare them", "fractional_max_pool2d fractional_max_pool2d_with_indices fractional_max_pool3d fractional_max_pool3d_with_indices FractionalMaxPool2d FractionalMaxPool3d bernoulli bernoulli_ cauchy_ exponential_ geometric_ log_normal_ normal_ random_ uniform_ multinomial normal rand rand_like randint randint_like randn randn_like randperm rrelu_ get_rng_state"),
        ("uninitialised memory", "empty empty_like empty_strided new_empty"),
        ("who owns a tensor, and where it lies: the tests of tensors and scopes cover them", "DetachFromDisposeScope DetatchFromDisposeScope MoveToOtherDisposeScope MoveToOuterDisposeScope WrappedTensorDisposeScope cpu cuda with_requires_grad requires_grad_ detach detach_ set_ load Load pin_memory"),
        ("makes a tensor of arrays: the tests of tensors cover them", "frombuffer from_file BoolTensor ByteTensor DoubleTensor FloatTensor IntTensor LongTensor ShortTensor as_tensor from_array tensor"),
        ("indexing: the tests of tensors and of gradients cover it", "index_put_"),
        ("real numbers have nothing to resolve", "resolve_conj resolve_neg"),
        ("numbers of 16 bits, which the files do not hold", "bfloat16 half"));

    /// <summary>Compared without gradients although the numbers are real, and why.</summary>
    private static readonly Dictionary<string, string> ExemptFromGradients = Reasons(
        ("steps: the derivative is zero or undefined", "floor_divide floor_divide_ heaviside heaviside_ nextafter nextafter_ frexp zero_ fill_ poisson binomial histogram mode angle bincount histc ceil floor round trunc sign"),
        ("a copy in another type", "float double to to_type type type_as"),
        ("a constant that depends on the shape only", "zeros_like ones_like full_like new_zeros new_ones new_full"),
        ("libtorch's derivative counts the triangle that is not read", "cholesky_inverse"),
        ("libtorch cannot differentiate it", "zeta gammainc gammaincc igamma igammac"));

    private static Dictionary<string, string> Reasons(params (string reason, string names)[] groups) =>
        groups.SelectMany(group => group.names.Split(' ').Select(name => (name, group.reason))).ToDictionary(item => item.name, item => item.reason);

    private static readonly Lazy<Coverage> Covered = new(() => new Coverage());

    private sealed class Coverage
    {
        private readonly HashSet<string> _byTable = [], _byTableWithGradients = [];
        private readonly HashSet<(Type, string)> _called = [], _calledWithGradients = [];
        private readonly HashSet<(Type, string)> _realNumbers = [];

        internal Coverage()
        {
            foreach (var item in GoldenTests.groups.SelectMany(GoldenCase.Load))
            {
                bool gradients = item.HasGradients && item.Gradients().Any(gradient => gradient is not null);
                bool real = item.Inputs().Any(input => input.is_floating_point()) && item.Outputs().Any(output => output.is_floating_point());
                if (!item.ByName)
                {
                    _byTable.Add(Plain(item.Op));
                    if (gradients || !real)
                        _byTableWithGradients.Add(Plain(item.Op));
                    continue;
                }
                foreach (var overload in GoldenCall.Overloads(item))
                {
                    var key = (overload.Method.DeclaringType!, overload.Method.Name);
                    _called.Add(key);
                    if (gradients)
                        _calledWithGradients.Add(key);
                    if (real)
                        _realNumbers.Add(key);
                }
            }
        }

        internal bool Has(Type holder, string name) => _byTable.Contains(Plain(name)) || _called.Contains((holder, name));

        /// <summary>Compared with gradients, or nothing in it can have one.</summary>
        internal bool HasGradients(Type holder, string name) =>
            _byTableWithGradients.Contains(Plain(name)) || _calledWithGradients.Contains((holder, name)) || (_called.Contains((holder, name)) && !_realNumbers.Contains((holder, name)));
    }

    /// <summary>cross_entropy, CrossEntropy and F.cross_entropy are one name; variants are counted with their operation.</summary>
    private static string Plain(string name)
    {
        name = name.StartsWith("F.", StringComparison.Ordinal) ? name[2..] : name;
        foreach (string variant in new[] { "_with_indices", "_padding", "_from_pretrained", "_mode", "_same", "_dim", "_dims", "_scalar" })
            if (name.EndsWith(variant, StringComparison.Ordinal))
                name = name[..^variant.Length];
        return name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    private static bool GivesTensors(Type type) => type == typeof(Tensor) || type == typeof(Tensor[]) || type.IsAssignableTo(typeof(IEnumerable<Tensor>))
        || (type.IsAssignableTo(typeof(ITuple)) && type.GetGenericArguments().Contains(typeof(Tensor)));

    private static List<string> Operations(Type holder) => [.. holder.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal) && GivesTensors(method.ReturnType)).Select(method => method.Name).Distinct().Order(StringComparer.Ordinal)];

    public static TheoryData<Type> Holders => [.. GoldenCall.Holders];

    [Theory, MemberData(nameof(Holders))]
    public void Operations_AllHaveAGoldenCase(Type holder) => RequireNone(Operations(holder).Where(name => !Covered.Value.Has(holder, name)));

    [Theory, MemberData(nameof(Holders))]
    public void Operations_OnRealNumbers_HaveAGoldenCaseWithGradients(Type holder) =>
        RequireNone(Operations(holder).Where(name => !ExemptFromGradients.ContainsKey(name) && !Covered.Value.HasGradients(holder, name)));

    [Fact]
    public void Modules_AllHaveAGoldenCaseWithGradients() =>
        RequireNone(typeof(nn).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType.IsAssignableTo(typeof(nn.Module)))
            .Select(method => method.Name).Distinct().Where(name => !Covered.Value.HasGradients(typeof(nn), name)));

    private static void RequireNone(IEnumerable<string> names)
    {
        string missing = string.Join(' ', names.Where(name => !Exempt.ContainsKey(name)));
        Assert.True(missing.Length == 0, "without a case in tests/golden: " + missing);
    }
}
