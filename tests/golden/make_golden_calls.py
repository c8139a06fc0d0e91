"""Cases of group "calls": operations called by their name, with the arguments in TorchSharp's order.

A case has "call": the arguments, where "$0" is input 0 and "$*" the list of all inputs. The runner in C# finds every overload of
Tensor, torch, torch.linalg, torch.special, torch.fft and torch.nn.functional with this name to which the arguments fit, and runs
each of them, and the in-place variant where there is one.
"""
import math

import torch

from make_golden import BOTH, Group, draw, ints

D, S = torch.float64, torch.float32


def calls():
    g = Group("calls")

    def c(name, inputs, *rest, fn=None, grads=True, call=None):
        """fn: what PyTorch calls, where it is not the function of the same name with the same arguments."""
        def same(*tensors):
            place, _, own = name.rpartition(".")
            for holder in (torch, torch.Tensor, torch.linalg, torch.special, torch.nn.functional):
                if hasattr(holder, own) and (place != "linalg" or holder is torch.linalg):
                    return getattr(holder, own)(*tensors, *rest)
            raise ValueError(name)
        g.add(name, inputs, fn or same, grads=grads, call=call if call is not None else ["$%d" % i for i in range(len(inputs))] + list(rest))

    def x(*shape, domain="any", dtype=D):
        return draw(shape, dtype, domain)

    def mask(*shape):
        return ints(2, shape).bool()

    elementwise(c, x)
    comparisons(c, x, mask)
    shapes(c, x)
    selections(c, x, mask)
    reductions(c, x)
    matrices(c, x)
    creation(c, x)
    volumes(c, x)
    images(c, x)
    sequences(g, x)
    distributions(g, x)
    for mean in (0.4, 6.0, 40.0):
        g.add("poisson", [x(2, 12, domain="pos") * mean], lambda t: (torch.manual_seed(7), torch.poisson(t))[1], grads=False)
    for trials in (5.0, 200.0):
        g.add("binomial", [torch.full((2, 12), trials, dtype=D), x(12, domain="prob")], lambda n, p: (torch.manual_seed(7), torch.binomial(n, p))[1], grads=False)
    return g


def elementwise(c, x):
    # Where 1.13 gives a wrong gradient (sgn) another function of the same values stands in.
    for dtype in BOTH:
        for name, domain in {"absolute": "away", "negative": "any", "fix": "away", "sgn": "away", "angle": "away", "arccos": "unit", "arcsin": "unit", "arctan": "any",
                             "arccosh": "gt1", "arcsinh": "any", "arctanh": "unit", "i0": "any", "conj": "any", "conj_physical": "any", "silu": "any", "relu6": "away",
                             "gelu": "any", "selu": "away", "hardsigmoid": "away", "hardswish": "any", "ravel": "any", "expit": "any", "gammaln": "pos", "psi": "pos",
                             "entr": "pos", "ndtr": "any", "i0e": "any", "i1": "any", "i1e": "any"}.items():
            c(name, [x(2, 3, domain=domain, dtype=dtype)], grads=name != "angle",
              fn={"silu": torch.nn.functional.silu, "relu6": torch.nn.functional.relu6, "gelu": torch.nn.functional.gelu, "hardsigmoid": torch.nn.functional.hardsigmoid,
                  "hardswish": torch.nn.functional.hardswish, "conj": lambda t: t * 1.0, "sgn": torch.sign}.get(name))
        for name, domain in {"arctan2": "away", "divide": "away", "multiply": "any", "subtract": "any", "true_divide": "away", "logaddexp2": "any", "float_power": "pos",
                             "ldexp": "unit"}.items():
            if name == "float_power" and dtype == S:
                continue
            c(name, [x(2, 3, domain=domain, dtype=dtype), x(3, domain=domain, dtype=dtype)])
    c("ndtri", [x(2, 3, domain="prob")])
    c("polygamma", [x(2, 3, domain="pos")], 2, fn=lambda t: torch.polygamma(2, t), call=["$0", 2])
    c("polygamma", [x(2, 3, domain="pos")], fn=lambda t: torch.polygamma(2, t), call=[2, "$0"])
    c("mvlgamma", [x(2, 3, domain="gt1")], 2)
    c("multigammaln", [x(2, 3, domain="gt1")], 2)
    c("log_sigmoid", [x(2, 3)], fn=torch.nn.functional.logsigmoid)
    c("xlog1py", [x(2, 3), x(3, domain="pos")])
    c("zeta", [x(2, 3, domain="gt1"), x(3, domain="pos")], grads=False)
    for name in ("gammainc", "gammaincc", "igamma", "igammac"):
        c(name, [x(2, 3, domain="pos"), x(3, domain="pos") * 2], grads=False)
    c("clip", [x(2, 3)], -0.5, 0.5)
    c("clamp_min", [x(2, 3)], -0.5)
    c("clamp_max", [x(2, 3)], 0.5)
    c("clamp", [x(2, 3), x(3) - 2, x(3) + 2])
    c("add", [x(2, 3), x(3)], 0.5, fn=lambda a, b: torch.add(a, b, alpha=0.5))
    c("round", [x(2, 3)], 2, fn=lambda t: torch.round(t, decimals=2))
    c("div", [x(2, 3, domain="away"), x(3, domain="gt1")], "floor", fn=lambda a, b: torch.div(a, b, rounding_mode="floor"), grads=False)
    c("leaky_relu", [x(2, 3, domain="away")], 0.2, fn=lambda t: torch.nn.functional.leaky_relu(t, 0.2))
    c("elu", [x(2, 3)], 1.3, fn=lambda t: torch.nn.functional.elu(t, 1.3))
    c("celu", [x(2, 3)], 1.5, fn=lambda t: torch.nn.functional.celu(t, 1.5))
    c("hardtanh", [x(2, 3)], -0.7, 0.6, fn=lambda t: torch.nn.functional.hardtanh(t, -0.7, 0.6))
    c("threshold", [x(2, 3)], 0.1, 5.0, fn=lambda t: torch.nn.functional.threshold(t, 0.1, 5.0))
    c("softplus", [x(2, 3)], 2.0, 3.0, fn=lambda t: torch.nn.functional.softplus(t, 2.0, 3.0))
    c("glu", [x(2, 4)], 1, fn=lambda t: torch.nn.functional.glu(t, 1))
    c("prelu", [x(2, 3, domain="away"), x(3, domain="prob")])
    c("rrelu", [x(2, 3, domain="away")], 0.1, 0.3, fn=lambda t: torch.nn.functional.rrelu(t, 0.1, 0.3))
    c("xlogy", [x(2, 3), x(3, domain="pos")])
    c("heaviside", [x(2, 3), x(3)], grads=False)
    c("nextafter", [x(2, 3), x(3)], grads=False)
    c("logit", [x(2, 3, domain="prob")], 0.1)
    c("softmax", [x(2, 3)], 1)
    c("log_softmax", [x(2, 3)], 1)
    c("addcmul", [x(2, 3), x(3), x(2, 1)], 0.7, fn=lambda a, b, d: torch.addcmul(a, b, d, value=0.7))
    c("addcdiv", [x(2, 3), x(3), x(2, 1, domain="gt1")], 0.7, fn=lambda a, b, d: torch.addcdiv(a, b, d, value=0.7))
    for name in ("gcd", "lcm", "bitwise_left_shift", "bitwise_right_shift"):
        c(name, [ints(20, (2, 3), 1), ints(6, (3,), 1)], grads=False)
    c("bitwise_not", [ints(9, (2, 3))], grads=False)
    c("fmod", [x(2, 3, domain="away")], 1.3)
    c("remainder", [x(2, 3, domain="away")], 1.3)
    c("frexp", [x(2, 3)], grads=False)
    c("zero_", [x(2, 3)], fn=lambda t: t * 0, grads=False)
    c("fill_", [x(2, 3)], 1.5, fn=lambda t: t * 0 + 1.5, grads=False)
    c("copy_", [x(2, 3), x(3)], fn=lambda a, b: b.expand(2, 3) + 0 * a)
    for name in ("float", "double", "int", "long", "short", "char", "byte", "bool", "half"):
        if name != "half":
            c(name, [x(2, 3) * 3 if name != "byte" else x(2, 3, domain="pos") * 3], grads=False, fn=lambda t: to_listed(getattr(t, name)()))
    c("to_type", [x(2, 3)], "Float32", fn=lambda t: t.float(), grads=False)
    c("type", [x(2, 3)], "Float32", fn=lambda t: t.float(), grads=False)
    c("to", [x(2, 3)], "Float32", fn=lambda t: t.float(), grads=False)
    c("type_as", [x(2, 3), x(1, dtype=S)], grads=False)


def to_listed(t):
    """The files hold no int8 and int16."""
    return t.to(torch.int64) if t.dtype in (torch.int8, torch.int16) else t


def comparisons(c, x, mask):
    for name in ("greater", "greater_equal", "less", "less_equal", "not_equal", "eq", "ne", "lt", "le", "gt", "ge", "isclose"):
        c(name, [x(2, 3).round(), x(3).round()], grads=False)
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        c(name, [x(2, 3).round()], 1, grads=False)
    for name in ("logical_and", "logical_or", "logical_xor"):
        c(name, [mask(2, 3), mask(3)], grads=False)
    c("logical_not", [mask(2, 3)], grads=False)
    odd = torch.tensor([1.0, -0.0, math.nan, math.inf, -math.inf, -2.0], dtype=D)
    for name in ("isneginf", "isposinf", "isreal", "signbit"):
        c(name, [odd], grads=False)
    c("isin", [ints(5, (2, 3)), ints(5, (2,))], grads=False)
    c("equal", [ints(5, (2, 3)), ints(5, (2, 3))], grads=False, fn=torch.eq)
    c("count_nonzero", [x(2, 3).round()], grads=False)
    c("nonzero", [x(2, 3).round()], grads=False)
    c("argwhere", [x(2, 3).round()], grads=False)
    c("nonzero_as_list", [x(2, 3).round()], grads=False, fn=lambda t: torch.nonzero(t, as_tuple=True))
    c("all", [mask(2, 3)], grads=False)
    c("any", [mask(2, 3)], grads=False)
    c("bucketize", [x(2, 3), torch.tensor([-1.0, 0.0, 1.0], dtype=D)], grads=False)
    c("searchsorted", [torch.tensor([-1.0, 0.0, 1.0], dtype=D), x(2, 3)], grads=False)
    c("bincount", [ints(5, (12,)), x(12)], grads=False)
    c("histc", [x(20)], 5, -2, 2, grads=False)


def shapes(c, x):
    for n, name in ((0, "atleast_1d"), (0, "atleast_2d"), (1, "atleast_2d"), (1, "atleast_3d"), (2, "atleast_3d")):
        c(name, [x(*range(2, 2 + n))])
    c("adjoint", [x(2, 3, 2)], fn=lambda t: t.transpose(-1, -2))
    for name in ("atleast_1d", "atleast_2d", "atleast_3d"):
        c(name, [x(), x(2)], fn=lambda a, b: getattr(torch, name)([a, b]), call=["$*"])
    c("torch.vander", [x(3)], 3, True, fn=lambda t: torch.stack([t ** 0, t, t ** 2], -1))
    c("linalg.vander", [x(3)], 3, fn=lambda t: torch.stack([t ** 0, t, t ** 2], -1))
    c("alias", [x(2, 3)], fn=lambda t: t * 1)
    c("as_strided", [x(3, 4)], [2, 2], [4, 1], 1)
    c("broadcast_to", [x(2, 1)], [2, 3])
    c("broadcast_tensors", [x(2, 1), x(3)], call=["$*"])
    c("channel_shuffle", [x(1, 4, 2, 2)], 2, fn=lambda t: t.view(1, 2, 2, 2, 2).transpose(1, 2).reshape(1, 4, 2, 2))
    c("diag_embed", [x(2, 3)], 1, -2, -1, call=["$0", 1, -2, -1])
    c("diagflat", [x(2, 2)], 1)
    c("diagonal", [x(3, 4)], 1)
    c("diagonal_scatter", [x(3, 3), x(3)])
    c("expand_as", [x(2, 1), ints(2, (2, 3))])
    c("view_as", [x(2, 3), ints(2, (3, 2))])
    c("fliplr", [x(2, 3)])
    c("flipud", [x(2, 3)])
    c("moveaxis", [x(2, 3, 4)], [0], [2])
    c("swapaxes", [x(2, 3, 4)], 0, 2)
    c("swapdims", [x(2, 3, 4)], 0, 2)
    c("rot90", [x(2, 3)], 1)
    c("slice", [x(5, 2)], 0, 1, 4, 2, fn=lambda t: t[1:4:2])
    c("select_scatter", [x(2, 3), x(3)], 0, 1)
    c("slice_scatter", [x(4, 3), x(2, 3)], 0, 1, 3, 1)
    c("squeeze", [x(2, 1, 3)])
    c("tensor_split", [x(5, 2)], 2, 0)
    c("hsplit", [x(2, 4)], 2)
    c("vsplit", [x(4, 2)], [2])
    c("dsplit", [x(2, 2, 4)], 2)
    c("torch.unfold", [x(2, 7)], 1, 3, 2, fn=lambda t: t.unfold(1, 3, 2))
    # torch.vander itself cannot be differentiated in 1.13 (it multiplies in place).
    c("torch.vander", [x(3)], 3, fn=lambda t: torch.stack([t ** 2, t, t ** 0], -1))
    for name in ("column_stack", "dstack", "row_stack", "hstack", "vstack"):
        c(name, [x(2, 3), x(2, 3)], fn=lambda a, b: getattr(torch, name)([a, b]), call=["$*"])
    for name in ("concat", "concatenate", "cat"):
        c(name, [x(2, 3), x(1, 3)], fn=lambda a, b: torch.cat([a, b], 0), call=["$*", 0])
    c("stack", [x(2, 3), x(2, 3)], fn=lambda a, b: torch.stack([a, b], 1), call=["$*", 1])
    c("block_diag", [x(2, 1), x(1, 2)], call=["$*"])
    c("cartesian_prod", [x(2), x(3)], call=["$*"])
    c("combinations", [x(4)], 2)
    c("meshgrid", [x(2), x(3)], fn=lambda a, b: torch.meshgrid(a, b, indexing="ij"), call=["$*"])
    c("type_as", [x(2, 3, dtype=S), x(1)], grads=False)


def selections(c, x, mask):
    c("index_copy", [x(4, 3), torch.tensor([2, 0]), x(2, 3)], call=["$0", 0, "$1", "$2"], fn=lambda t, i, s: t.index_copy(0, i, s))
    c("index_add", [x(4, 3), torch.tensor([2, 0, 2]), x(3, 3)], call=["$0", 0, "$1", "$2", 0.5], fn=lambda t, i, s: t.index_add(0, i, s, alpha=0.5))
    c("index_fill", [x(4, 3), torch.tensor([2, 0])], call=["$0", 0, "$1", 1.5], fn=lambda t, i: t.index_fill(0, i, 1.5))
    c("masked_fill", [x(2, 3), mask(2, 3)], 1.5)
    c("masked_scatter", [x(2, 3), torch.tensor([[True, False, True], [False, True, False]]), x(4)])
    c("scatter", [x(3, 4), torch.tensor([[0, 2], [1, 3], [2, 0]]), x(3, 2)], call=["$0", 1, "$1", "$2"], fn=lambda t, i, s: t.scatter(1, i, s))
    c("scatter_add", [x(3, 4), ints(4, (3, 2)), x(3, 2)], call=["$0", 1, "$1", "$2"], fn=lambda t, i, s: t.scatter_add(1, i, s))
    c("take", [x(3, 4), torch.tensor([[0, 5], [11, 5]])])
    c("function.where", [mask(2, 3), x(2, 3), x(3)])
    c("Tensor.where", [x(2, 3), mask(2, 3), x(3)], fn=lambda a, m, b: torch.where(m, a, b))
    c("msort", [x(4, 3)])
    c("renorm", [x(3, 4)], 2.0, 0, 1.0)
    c("unique", [ints(5, (9,))], True, True, True, grads=False)
    c("tril", [x(3, 3)], -1)
    c("triu", [x(3, 3)], 1)


def reductions(c, x):
    hole = x(2, 4)
    hole[0, 1] = math.nan
    c("nanmean", [hole])
    c("nanmedian", [hole])
    c("nanquantile", [hole, torch.tensor(0.3, dtype=D)], -1, fn=lambda t, q: torch.nanquantile(t, q.detach(), -1))
    c("quantile", [x(2, 5), torch.tensor([0.2, 0.7], dtype=D)], 1, fn=lambda t, q: torch.quantile(t, q.detach(), 1))
    c("aminmax", [x(2, 5)], fn=lambda t: (t.min(), t.max()))  # 1.13 has no derivative of torch.aminmax
    c("mode", [x(2, 5).round()], 1, False, fn=lambda t: tuple(torch.mode(t, 1)), grads=False)
    c("std_mean", [x(2, 5)], 1, fn=lambda t: torch.std_mean(t, 1), call=["$0", 1])
    c("var_mean", [x(2, 5)], 1, fn=lambda t: torch.var_mean(t, 1), call=["$0", 1])
    c("cummax", [x(2, 5)], 1, fn=lambda t: tuple(torch.cummax(t, 1)))
    c("cummin", [x(2, 5)], 1, fn=lambda t: tuple(torch.cummin(t, 1)))
    c("logsumexp", [x(2, 5)], 1)
    c("amax", [x(2, 5)], [1])
    c("amin", [x(2, 5)], [1])
    c("dist", [x(2, 3), x(2, 3)], 3.0)
    c("corrcoef", [x(3, 5)])
    c("cov", [x(3, 5)])
    c("trapezoid", [x(2, 5)], 0.5, 1, fn=lambda t: torch.trapezoid(t, dx=0.5, dim=1))
    c("trapezoid", [x(2, 5), x(5)], 1, fn=lambda t, at: torch.trapezoid(t, at, dim=1))
    c("trapz", [x(2, 5), x(5)], 1, fn=lambda t, at: torch.trapezoid(t, at, dim=1))
    c("cumulative_trapezoid", [x(2, 5), x(5)], 1, fn=lambda t, at: torch.cumulative_trapezoid(t, at, dim=1))
    c("cumulative_trapezoid", [x(2, 5)], 0.5, 1, fn=lambda t: torch.cumulative_trapezoid(t, dx=0.5, dim=1))
    c("gradient", [x(2, 5)], 2, 1, fn=lambda t: torch.gradient(t, spacing=2, dim=1)[0])
    c("unique_consecutive", [torch.tensor([1, 1, 2, 2, 2, 1])], True, True, grads=False)
    c("histogram", [x(20)], 4, fn=lambda t: tuple(torch.histogram(t, 4)), grads=False)
    c("norm", [x(5)], 3.0)
    c("any", [x(2, 3).round()], 1, grads=False)
    c("vecdot", [x(2, 3), x(2, 3)])


def matrices(c, x):
    square = lambda n: x(n, n) + 3 * torch.eye(n, dtype=D)
    positive = lambda n: (lambda m: m @ m.t() + n * torch.eye(n, dtype=D))(x(n, n))
    c("addbmm", [x(2, 4), x(3, 2, 5), x(3, 5, 4)], 0.5, 2.0, fn=lambda a, b, d: torch.addbmm(a, b, d, beta=0.5, alpha=2.0))
    c("baddbmm", [x(3, 2, 4), x(3, 2, 5), x(3, 5, 4)], 0.5, 2.0, fn=lambda a, b, d: torch.baddbmm(a, b, d, beta=0.5, alpha=2.0))
    c("addmm", [x(2, 4), x(2, 3), x(3, 4)], 0.5, 2.0, fn=lambda a, b, d: torch.addmm(a, b, d, beta=0.5, alpha=2.0))
    c("addmv", [x(2), x(2, 3), x(3)], 0.5, 2.0, fn=lambda a, b, d: torch.addmv(a, b, d, beta=0.5, alpha=2.0))
    c("addr", [x(2, 3), x(2), x(3)], 0.5, 2.0, fn=lambda a, b, d: torch.addr(a, b, d, beta=0.5, alpha=2.0))
    c("ger", [x(2), x(3)], fn=torch.outer)
    c("inner", [x(2, 3), x(4, 3)])
    c("vdot", [x(3), x(3)])
    c("kron", [x(2, 2), x(1, 3)])
    c("tensordot", [x(2, 3, 4), x(3, 4, 2)], 2)
    c("chain_matmul", [x(2, 3), x(3, 4), x(4, 2)], fn=lambda *t: torch.linalg.multi_dot(t), call=["$*"])
    c("multi_dot", [x(2, 3), x(3, 4), x(4, 2)], fn=lambda *t: torch.linalg.multi_dot(t), call=["$*"])
    c("cholesky", [positive(3)], fn=lambda m: torch.linalg.cholesky(m))
    c("cholesky_ex", [positive(3)], fn=lambda m: tuple(torch.linalg.cholesky_ex(m)))
    c("cholesky_inverse", [positive(3)], fn=lambda m: torch.cholesky_inverse(torch.tril(m)), grads=False)
    c("cholesky_solve", [x(3, 2), torch.tril(square(3))])
    c("inverse", [square(3)])
    c("logdet", [positive(3)])
    c("det", [square(3)])
    c("slogdet", [square(3)], fn=lambda m: tuple(torch.slogdet(m)))
    c("matrix_exp", [x(3, 3) * 0.5])
    c("matrix_power", [x(3, 3)], 3)
    c("matrix_power", [square(3)], -2)
    c("matrix_rank", [positive(3)], fn=lambda m: torch.linalg.matrix_rank(m), grads=False)
    c("pinverse", [x(4, 3)], fn=torch.pinverse)
    c("pinv", [x(4, 3)])
    c("solve_triangular", [torch.triu(square(3)), x(3, 2)], True, fn=lambda a, b: torch.linalg.solve_triangular(a, b, upper=True))
    c("tensorinv", [x(4, 2, 2) + torch.eye(4, dtype=D).view(4, 2, 2) * 3], 1)
    c("cross", [x(2, 3), x(2, 3)], fn=lambda a, b: torch.linalg.cross(a, b))
    c("cdist", [x(3, 4), x(5, 4)], 1.0)
    c("cond", [square(3)], fn=lambda m: torch.linalg.cond(m), grads=False)
    c("einsum", [x(2, 3), x(3, 4)], fn=lambda a, b: torch.einsum("ij,jk->ik", a, b), call=["ij,jk->ik", "$*"])


    for n in (1, 3):
        for name in ("lu_factor", "linalg.lu"):
            c(name, [square(n)], fn=lambda m: tuple(getattr(torch.linalg, name.split(".")[-1])(m)))
    c("linalg.lu", [x(2, 3, 3)], fn=lambda m: tuple(torch.linalg.lu(m)))
    lu, pivots = torch.linalg.lu_factor(square(3))
    c("linalg.lu_solve", [lu, pivots, x(3, 2)])
    c("linalg.lu_solve", [lu, pivots, x(2, 3)], False, fn=lambda a, p, b: torch.linalg.lu_solve(a, p, b, left=False))
    c("function.lu_solve", [x(3, 2), lu, pivots], fn=lambda b, a, p: torch.lu_solve(b, a, p))
    c("function.lu", [square(3)], True, True, fn=lambda m: tuple(torch.lu(m, get_infos=True)))
    c("lu_unpack", [lu, pivots], fn=lambda a, p: tuple(torch.lu_unpack(a, p)))
    c("tensorsolve", [x(2, 3, 6) + 3 * torch.eye(6, dtype=D).view(2, 3, 6), x(2, 3)], fn=lambda a, b: torch.linalg.tensorsolve(a, b), call=["$0", "$1", []])


def volumes(c, x):
    for st, pa, di, gr in ((1, 0, 1, 1), (2, 1, 1, 2), (1, 1, 2, 1)):
        c("conv3d", [x(2, 2, 5, 5, 6), x(4, 2 // gr, 3, 2, 3), x(4)], [st] * 3, [pa] * 3, [di] * 3, gr)
        out = 1 if st > 1 else 0
        c("conv_transpose3d", [x(1, 2, 3, 2, 3), x(2, 4 // gr, 2, 2, 3), x(4)], [st] * 3, [pa] * 3, [out] * 3, [di] * 3, gr, fn=lambda t, w, b: torch.conv_transpose3d(t, w, b, st, pa, out, gr, di))
    c("conv3d", [x(2, 3, 3, 3), x(1, 2, 2, 2, 2)])
    c("conv3d_padding", [x(1, 2, 3, 4, 4), x(3, 2, 2, 3, 2), x(3)], [1], "Same", fn=lambda t, w, b: torch.conv3d(t, w, b, padding="same"))
    for k, st, pa, di, ce in ((2, 2, 0, 1, False), (3, 2, 1, 1, True), (2, 1, 0, 2, False)):
        names = ["$0", [k] * 3, [st] * 3, [pa] * 3]
        c("max_pool3d_with_indices", [x(2, 2, 5, 5, 6)], call=names + [[di] * 3, ce], fn=lambda t: tuple(torch.nn.functional.max_pool3d(t, k, st, pa, di, ce, return_indices=True)))
        c("max_pool3d", [x(2, 2, 5, 5, 6)], call=names + [[di] * 3, ce], fn=lambda t: torch.nn.functional.max_pool3d(t, k, st, pa, di, ce))
        for include in (True, False):
            c("avg_pool3d", [x(2, 2, 5, 5, 6)], call=names + [ce, include], fn=lambda t: torch.nn.functional.avg_pool3d(t, k, st, pa, ce, include))
    c("avg_pool3d", [x(2, 4, 4, 4)], [2, 2, 2], [2, 2, 2], [0, 0, 0], False, True, 3, fn=lambda t: torch.nn.functional.avg_pool3d(t, 2, divisor_override=3))
    for size in ([2, 2, 3], [4, 1, 2]):
        c("adaptive_avg_pool3d", [x(2, 2, 4, 5, 3)], size)
        c("adaptive_max_pool3d", [x(2, 2, 4, 5, 3)], size, fn=lambda t: torch.nn.functional.adaptive_max_pool3d(t, size))
        c("adaptive_max_pool3d_with_indices", [x(2, 2, 4, 5, 3)], size, fn=lambda t: tuple(torch.nn.functional.adaptive_max_pool3d(t, size, return_indices=True)))


def images(c, x):
    F = torch.nn.functional
    for mode, shape, size in (("Linear", (2, 2, 5), [8]), ("Bicubic", (1, 2, 5, 4), [7, 9]), ("Bicubic", (1, 2, 6, 7), [3, 4]), ("Trilinear", (1, 2, 3, 4, 3), [5, 3, 4])):
        for align in (False, True):
            c("interpolate", [x(*shape)], call=["$0", size, None, mode, align], fn=lambda t: F.interpolate(t, size, mode=mode.lower(), align_corners=align))
            c("upsample", [x(*shape)], call=["$0", size, None, mode, align], fn=lambda t: F.interpolate(t, size, mode=mode.lower(), align_corners=align))
    c("interpolate", [x(1, 2, 4, 3)], call=["$0", None, [1.5, 2.5], "Bicubic"], fn=lambda t: F.interpolate(t, scale_factor=(1.5, 2.5), mode="bicubic"))
    c("interpolate", [x(1, 2, 2, 3, 2)], call=["$0", None, [2.0]], fn=lambda t: F.interpolate(t, scale_factor=2.0))
    c("upsample_nearest", [x(1, 2, 4, 3)], [6, 5], fn=lambda t: F.interpolate(t, (6, 5)))
    c("upsample_bilinear", [x(1, 2, 4, 3)], [6, 5], fn=lambda t: F.interpolate(t, (6, 5), mode="bilinear", align_corners=True))
    c("upsample_nearest1d", [x(1, 2, 4)], 7, None, fn=lambda t: F.interpolate(t, 7))
    c("upsample_nearest2d", [x(1, 2, 4, 3)], [6, 5], fn=lambda t: F.interpolate(t, (6, 5)))
    c("upsample_nearest3d", [x(1, 2, 3, 4, 3)], [4, 6, 5], fn=lambda t: F.interpolate(t, (4, 6, 5)))
    for k, d, p, s in (((2, 2), (1, 1), (0, 0), (1, 1)), ((3, 2), (1, 2), (1, 0), (2, 1))):
        c("F.unfold", [x(2, 2, 6, 5)], call=["$0", list(k), list(d), list(p), list(s)], fn=lambda t: F.unfold(t, k, d, p, s))
        windows = F.unfold(x(2, 2, 6, 5), k, d, p, s)
        c("fold", [windows], call=["$0", [6, 5], list(k), list(d), list(p), list(s)], fn=lambda t: F.fold(t, (6, 5), k, d, p, s))
    for n, k in ((1, 2), (2, 2), (3, 2)):
        pooled, places = getattr(F, "max_pool%dd" % n)(x(*([2, 2] + [4] * n)), k, return_indices=True)
        size = k if n == 1 else [k] * n
        c("max_unpool%dd" % n, [pooled, places], size, fn=lambda t, i: getattr(F, "max_unpool%dd" % n)(t, i, k))
    c("max_unpool2d", [pooled[:, :, 0], places[:, :, 0] % 16], call=["$0", "$1", [2, 2], [2, 2], [0, 0], [5, 5]], fn=lambda t, i: F.max_unpool2d(t, i, 2, 2, 0, (5, 5)))
    for align in (False, True):
        c("affine_grid", [x(2, 2, 3)], [2, 3, 4, 5], align, fn=lambda t: F.affine_grid(t, (2, 3, 4, 5), align_corners=align))
        for mode in ("Bilinear", "Nearest"):
            for padding in ("Zeros", "Border", "Reflection"):
                c("grid_sample", [x(2, 2, 4, 5), x(2, 3, 3, 2) * 0.8], mode, padding, align, fn=lambda t, at: F.grid_sample(t, at, mode.lower(), padding.lower(), align))


def sequences(g, x):
    """The gradient that PyTorch gives for log_probs is the true one only behind log_softmax, so that is part of the case."""
    F = torch.nn.functional
    targets, lengths, steps = torch.tensor([[1, 2, 2], [3, 1, 0]]), torch.tensor([3, 2]), torch.tensor([6, 5])

    def add(scores, targets, steps, lengths, reduction="mean", zero_infinity=False):
        g.add("F.ctc_loss", [scores, targets, steps, lengths], lambda p, t, n, m: F.ctc_loss(p.log_softmax(2), t, n, m, reduction=reduction, zero_infinity=zero_infinity),
              {"reduction": reduction, "zero_infinity": zero_infinity})
    for reduction in ("none", "mean", "sum"):
        add(x(6, 2, 4), targets, steps, lengths, reduction)
    add(x(6, 2, 4), torch.tensor([1, 2, 3, 1]), steps, torch.tensor([3, 1]))
    add(x(2, 2, 4), targets, torch.tensor([2, 2]), lengths, "sum", True)


def distributions(g, x):
    """Log-probability of a value, entropy, moments, and a sample from seed 7; where there are any, also cdf and icdf.

    Samples made of gamma variates are cases of their own without gradients: PyTorch approximates those to a few digits.
    """
    d = torch.distributions

    def add(name, parameters, value, make, moments=True, inverse=False, entropy=True, pathwise=True):
        def run(*t):
            one = make(*t[:-1])
            out = [one.log_prob(t[-1])] + ([one.entropy()] if entropy else []) + ([one.mean, one.variance, one.stddev] if moments else [])
            if inverse:
                out += [one.cdf(t[-1]), one.icdf(torch.full_like(t[0].detach(), 0.3))]
            return out + [sample(one)] if pathwise else out

        def sample(one):
            torch.manual_seed(7)
            return one.rsample((20,)) if one.has_rsample else one.sample((20,))
        g.add("distribution_" + name, parameters + [value], run, {"inverse": inverse, "entropy": entropy, "sample": pathwise})
        if not pathwise:
            g.add("sample_" + name, parameters, lambda *t: sample(make(*t)), grads=False)

    p = lambda *s: x(*s, domain="pos")
    add("Normal", [x(3), p(3)], x(2, 3), d.Normal, inverse=True)
    add("Uniform", [x(3) - 5, x(3) + 5], x(2, 3), d.Uniform, inverse=True)
    add("Exponential", [p(3)], p(2, 3), d.Exponential, inverse=True)
    value = ints(2, (2, 3)).double()
    add("Bernoulli", [x(3, domain="prob")], value, lambda q: d.Bernoulli(probs=q))
    add("Bernoulli_logits", [x(3)], value, lambda q: d.Bernoulli(logits=q))
    add("Categorical", [p(3, 4)], ints(4, (2, 3)), lambda q: d.Categorical(probs=q), moments=False)
    add("Categorical_logits", [x(4)], ints(4, (5,)), lambda q: d.Categorical(logits=q), moments=False)
    m = x(3, 3)
    add("MultivariateNormal", [x(3), m @ m.t() + 3 * torch.eye(3, dtype=D)], x(2, 3), lambda a, b: d.MultivariateNormal(a, (b + b.t()) / 2))
    counts = ints(6, (2, 3)).double()
    add("Laplace", [x(3), p(3)], x(2, 3), d.Laplace, inverse=True)
    add("Cauchy", [x(3), p(3)], x(2, 3), d.Cauchy, moments=False, inverse=True)
    add("Gumbel", [x(3), p(3) + 1], x(2, 3), d.Gumbel, inverse=True)
    add("LogNormal", [x(3), p(3)], p(2, 3), d.LogNormal, inverse=True)
    add("HalfNormal", [p(3)], p(2, 3), d.HalfNormal, inverse=True)
    add("Poisson", [p(3) * 4], counts, d.Poisson, entropy=False)
    add("Geometric", [x(3, domain="prob")], counts, lambda q: d.Geometric(probs=q))
    add("Geometric_logits", [x(3)], counts, lambda q: d.Geometric(logits=q))
    add("Binomial", [x(3, domain="prob")], counts, lambda q: d.Binomial(6, probs=q))
    add("Binomial_logits", [x(3)], counts, lambda q: d.Binomial(6, logits=q))
    votes = torch.tensor([[2.0, 0, 3, 1], [0, 6, 0, 0]], dtype=D)
    add("Multinomial", [p(2, 4)], votes, lambda q: d.Multinomial(6, probs=q), entropy=False)
    add("Multinomial_logits", [x(4)], votes, lambda q: d.Multinomial(6, logits=q), entropy=False)
    add("OneHotCategorical", [p(2, 4)], torch.eye(4, dtype=D)[:2], lambda q: d.OneHotCategorical(probs=q))
    add("Gamma", [p(3), p(3)], p(2, 3), d.Gamma, pathwise=False)
    add("Chi2", [p(3) * 3], p(2, 3), d.Chi2, pathwise=False)
    add("Beta", [p(3), p(3)], x(2, 3, domain="prob"), d.Beta, pathwise=False)
    add("Dirichlet", [p(2, 4)], p(2, 4).softmax(-1), d.Dirichlet, pathwise=False)
    add("Independent", [x(2, 3), p(2, 3)], x(2, 3), lambda a, b: d.Independent(d.Normal(a, b), 1))


def creation(c, x):
    f = lambda name, *rest, fn: c(name, [], fn=fn, grads=False, call=list(rest))
    f("arange", 1.0, 3.0, 0.5, fn=lambda: torch.arange(1.0, 3.0, 0.5))
    f("linspace", 1.0, 3.0, 5, fn=lambda: torch.linspace(1.0, 3.0, 5))
    f("logspace", 0.0, 2.0, 5, fn=lambda: torch.logspace(0.0, 2.0, 5))
    f("eye", 3, 4, fn=lambda: torch.eye(3, 4))
    f("zeros", [2, 3], fn=lambda: torch.zeros(2, 3))
    f("ones", [2, 3], fn=lambda: torch.ones(2, 3))
    f("full", [2, 3], 1.5, fn=lambda: torch.full((2, 3), 1.5))
    f("tril_indices", 3, 4, 0, fn=lambda: torch.tril_indices(3, 4, 0))
    f("triu_indices", 3, 4, 0, fn=lambda: torch.triu_indices(3, 4, 0))
    for name in ("bartlett_window", "blackman_window", "hamming_window", "hann_window", "kaiser_window"):
        f(name, 6, fn=lambda: getattr(torch, name)(6))
    c("zeros_like", [x(2, 3)], grads=False)
    c("ones_like", [x(2, 3)], grads=False)
    c("full_like", [x(2, 3)], 1.5, grads=False)
    c("new_zeros", [x(1)], [2, 3], grads=False)
    c("new_ones", [x(1)], 2, 3, fn=lambda t: t.new_ones(2, 3), grads=False)
    c("new_full", [x(1)], [2, 3], 1.5, grads=False)
