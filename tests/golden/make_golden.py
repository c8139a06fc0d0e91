#!/usr/bin/python3
"""Values and gradients of PyTorch for tests/TorchSharp.Managed/Golden.

Run with Debian's python3-torch:  /usr/bin/python3 tests/golden/make_golden.py
It writes data/<group>.json beside this file: {"torch": version, "cases": [...]}. A case is
  op       the operation's or module's name in TorchSharp
  args     its arguments, as the runner in C# understands them
  inputs   tensors {d: dtype, s: shape, b: little-endian elements in base64}
  call     the arguments by position, for operations that are called by their name: see make_golden_calls.py
  seed     for modules: the seed under which the module is constructed, on either side
  outputs  tensors
  rtol     relative tolerance, where PyTorch itself computes a float64 gradient with less precision
  grads    gradients of sum(output * weights) for floating inputs and, for modules, parameters in order;
           weights[k] = cos(0.7 k + 0.3), the same on either side (null: no gradient)
"""
import sys; sys.dont_write_bytecode = True
import base64, itertools, json, math, os
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = {torch.float32: "f4", torch.float64: "f8", torch.int64: "i8", torch.int32: "i4", torch.uint8: "u1", torch.bool: "b1"}
BOTH = (torch.float32, torch.float64)


def encode(t):
    t = t.detach().contiguous()
    return {"d": NAMES[t.dtype], "s": list(t.shape), "b": base64.b64encode(t.numpy().tobytes()).decode()}


def weights(t):
    return torch.cos(torch.arange(t.numel(), dtype=torch.float64) * 0.7 + 0.3).reshape(t.shape).to(t.dtype)


# float32 constants inside PyTorch's backward, and a short series for trigamma
IMPRECISE = {"digamma", "psi", "polygamma", "mvlgamma", "multigammaln", "hardsigmoid", "F.hardsigmoid", "Hardsigmoid", "F.celu", "CELU",
             "distribution_Gamma", "distribution_Chi2", "distribution_Beta", "distribution_Dirichlet"}


_seed = [0]


class Group:
    def __init__(self, name):
        self.name, self.cases = name, []
        _seed[0] = 1000 * sum(name.encode())  # a group's numbers do not depend on the groups before it

    def add(self, op, inputs, fn, args=None, grads=True, seed=None, params=(), compare=None, call=None):
        """compare: maps outputs to what is unique about them (factorisations)."""
        leaves = [x.clone().requires_grad_(grads and x.is_floating_point()) for x in inputs]
        out = fn(*leaves)
        outs = list(out) if isinstance(out, (tuple, list)) else [out]
        if compare:
            outs = compare(outs)
        case = {"op": op, "args": args or {}, "inputs": [encode(x) for x in inputs], "outputs": [encode(o) for o in outs]}
        if call is not None:
            case["call"] = call
        if seed is not None:
            case["seed"] = seed
        if op in IMPRECISE and any(x.dtype == torch.float64 for x in inputs):
            case["rtol"] = 1e-7
        if grads:
            loss = sum((o * weights(o)).sum() for o in outs if o.is_floating_point() and o.requires_grad)
            wanted = [x for x in leaves if x.requires_grad] + list(params)
            got = torch.autograd.grad(loss, wanted, allow_unused=True)
            case["grads"] = [None if g is None else encode(g) for g in got]
        self.cases.append(case)

    def write(self):
        os.makedirs(os.path.join(HERE, "data"), exist_ok=True)
        path = os.path.join(HERE, "data", self.name + ".json")
        with open(path, "w") as f:
            f.write('{"torch":%s,"cases":[\n' % json.dumps(torch.__version__))
            f.write(",\n".join(json.dumps(c, separators=(",", ":")) for c in self.cases))
            f.write("\n]}\n")
        print(f"{self.name:12} {len(self.cases):4} cases {os.path.getsize(path) / 1024:6.0f} KiB")
        return len(self.cases)


def draw(shape, dtype=torch.float64, domain="any"):
    _seed[0] += 1
    torch.manual_seed(_seed[0])
    x = torch.randn(shape, dtype=torch.float64)
    if domain == "pos":
        x = x.abs() + 0.1
    elif domain == "unit":
        x = torch.tanh(x) * 0.9
    elif domain == "prob":
        x = torch.sigmoid(x)
    elif domain == "gt1":
        x = x.abs() + 1.1
    elif domain == "away":  # away from 0, where kinks are
        x = x + 0.3 * torch.sign(x)
    return x.to(dtype)


def ints(high, shape, low=0):
    _seed[0] += 1
    torch.manual_seed(_seed[0])
    return torch.randint(low, high, shape)


def unary():
    g = Group("unary")
    table = {
        "abs": "away", "neg": "any", "sqrt": "pos", "rsqrt": "pos", "exp": "any", "exp2": "any", "expm1": "any", "log": "pos", "log2": "pos",
        "log10": "pos", "log1p": "pos", "sin": "any", "cos": "any", "tan": "unit", "asin": "unit", "acos": "unit", "atan": "any", "sinh": "any",
        "cosh": "any", "tanh": "any", "asinh": "any", "acosh": "gt1", "atanh": "unit", "sigmoid": "any", "erf": "any", "erfc": "any", "erfinv": "unit",
        "lgamma": "pos", "digamma": "pos", "square": "any", "reciprocal": "away", "floor": "away", "ceil": "away", "round": "away", "trunc": "away",
        "frac": "away", "sign": "away", "relu": "away", "sinc": "away", "positive": "any", "logit": "prob", "deg2rad": "any", "rad2deg": "any",
    }
    for name, domain in table.items():
        for dtype in BOTH:
            for shape in ((7,), (2, 3, 4)):
                g.add(name, [draw(shape, dtype, domain)], getattr(torch, name))
        g.add(name, [draw((4, 3), torch.float64, domain)], lambda x, n=name: getattr(torch, n)(x.t()), {"transposed": True})
    for name in ("abs", "exp", "sqrt", "relu"):
        g.add(name, [draw((0, 3), torch.float32, "pos")], getattr(torch, name))
        g.add(name, [draw((), torch.float64, "pos")], getattr(torch, name))
    return g


def binary():
    g = Group("binary")
    shapes = (((6,), (6,)), ((2, 3), (3,)), ((2, 1, 4), (3, 1)), ((), (2, 2)))
    table = {"add": "any", "sub": "any", "mul": "any", "div": "away", "maximum": "any", "minimum": "any", "fmax": "any", "fmin": "any",
             "atan2": "away", "hypot": "away", "copysign": "away", "xlogy": "pos", "logaddexp": "any"}
    for name, domain in table.items():
        for dtype in BOTH:
            for a, b in shapes:
                g.add(name, [draw(a, dtype, domain), draw(b, dtype, domain)], getattr(torch, name))
    for dtype in BOTH:
        for a, b in shapes:
            g.add("pow", [draw(a, dtype, "pos"), draw(b, dtype)], torch.pow)
            g.add("fmod", [draw(a, dtype, "away"), draw(b, dtype, "gt1")], torch.fmod)
            g.add("remainder", [draw(a, dtype, "away"), draw(b, dtype, "gt1")], torch.remainder)
            g.add("lerp", [draw(a, dtype), draw(b, dtype), draw((1,), dtype, "prob")], torch.lerp)
            for op in ("eq", "ne", "lt", "le", "gt", "ge"):
                if dtype == torch.float64:
                    g.add(op, [draw(a, dtype).round(), draw(b, dtype).round()], getattr(torch, op), grads=False)
        for e in (2.0, 3.0, 0.5, -1.0, -2.0, 0.0):
            g.add("pow_scalar", [draw((2, 3), dtype, "pos")], lambda x: x.pow(e), {"value": e})
        g.add("addcmul", [draw((2, 3), dtype), draw((3,), dtype), draw((2, 1), dtype)], lambda x, a, b: torch.addcmul(x, a, b, value=0.7), {"value": 0.7})
        g.add("addcdiv", [draw((2, 3), dtype), draw((3,), dtype), draw((2, 1), dtype, "gt1")], lambda x, a, b: torch.addcdiv(x, a, b, value=0.7), {"value": 0.7})
        for lo, hi in ((-0.5, 0.5), (None, 0.2), (0.1, None)):
            g.add("clamp", [draw((3, 4), dtype)], lambda x: x.clamp(lo, hi), {"min": lo, "max": hi})
        for op in ("add", "sub", "mul", "div"):
            g.add(op + "_scalar", [draw((2, 3), dtype)], lambda x: getattr(x, op)(2.5), {"value": 2.5})
    for op in ("add", "sub", "mul"):
        g.add(op, [ints(9, (2, 3)), ints(9, (3,))], getattr(torch, op), grads=False)
    g.add("div", [ints(9, (2, 3)), ints(9, (3,), 1)], torch.div, grads=False)
    g.add("add", [ints(9, (2, 3)), draw((3,), torch.float32)], torch.add, grads=False)
    g.add("mul", [draw((2, 3), torch.float32), draw((3,), torch.float64)], torch.mul)
    for op in ("logical_and", "logical_or", "logical_xor"):
        g.add(op, [ints(2, (2, 3)).bool(), ints(2, (3,)).bool()], getattr(torch, op), grads=False)
    for op in ("bitwise_and", "bitwise_or", "bitwise_xor"):
        g.add(op, [ints(64, (2, 3)), ints(64, (3,))], getattr(torch, op), grads=False)
    g.add("floor_divide", [draw((2, 3), torch.float64, "away"), draw((3,), torch.float64, "gt1")], torch.floor_divide, grads=False)
    g.add("where", [ints(2, (2, 3)).bool(), draw((2, 3)), draw((3,))], torch.where)
    return g


def reduce():
    g = Group("reduce")
    for dtype in BOTH:
        for name in ("sum", "mean", "prod", "max", "min", "logsumexp", "var", "std", "norm", "median"):
            x = draw((3, 4), dtype)
            if name != "logsumexp":
                g.add(name, [x], getattr(torch, name))
        for dim, keep in ((0, False), (1, True), (-1, False), (-2, True)):
            a = {"dim": dim, "keepdim": keep}
            for name in ("sum", "mean", "prod", "logsumexp", "amax", "amin"):
                g.add(name + "_dim", [draw((3, 4), dtype)], lambda x: getattr(torch, name)(x, dim, keepdim=keep), a)
            for name in ("var", "std"):
                for unbiased in (True, False):
                    g.add(name + "_dim", [draw((3, 4), dtype)], lambda x: getattr(torch, name)(x, dim, unbiased, keepdim=keep), dict(a, unbiased=unbiased))
            for name in ("max", "min"):
                g.add(name + "_dim", [draw((3, 5), dtype)], lambda x: tuple(getattr(torch, name)(x, dim, keepdim=keep)), a)
        g.add("sum_dims", [draw((2, 3, 4), dtype)], lambda x: x.sum((0, 2)), {"dims": [0, 2]})
        g.add("mean_dims", [draw((2, 3, 4), dtype)], lambda x: x.mean((0, 2)), {"dims": [0, 2]})
        for dim in (0, 1, -1):
            for name in ("cumsum", "cumprod", "softmax", "log_softmax", "logcumsumexp"):
                g.add(name, [draw((3, 4), dtype)], lambda x: getattr(torch, name)(x, dim), {"dim": dim})
            g.add("sort", [draw((3, 4), dtype)], lambda x: tuple(x.sort(dim)), {"dim": dim, "descending": False})
            g.add("topk", [draw((3, 4), dtype)], lambda x: tuple(x.topk(2, dim)), {"dim": dim, "k": 2})
            g.add("kthvalue", [draw((3, 4), dtype)], lambda x: tuple(x.kthvalue(2, dim)), {"dim": dim, "k": 2})
        for p in (1.0, 2.0, 3.0, math.inf):
            g.add("vector_norm", [draw((3, 4), dtype)], lambda x: torch.linalg.vector_norm(x, p, dim=1), {"p": "inf" if p == math.inf else p, "dim": 1})
        g.add("diff", [draw((3, 5), dtype)], lambda x: x.diff(dim=1), {"dim": 1})
        g.add("cdist", [draw((3, 4), dtype), draw((5, 4), dtype)], torch.cdist)
    for dim in (0, 1):
        g.add("argmax", [draw((3, 4))], lambda x: x.argmax(dim), {"dim": dim}, grads=False)
        g.add("argmin", [draw((3, 4))], lambda x: x.argmin(dim), {"dim": dim}, grads=False)
        g.add("argsort", [draw((3, 4))], lambda x: x.argsort(dim), {"dim": dim}, grads=False)
        g.add("all", [ints(2, (3, 4)).bool()], lambda x: x.all(dim), {"dim": dim}, grads=False)
        g.add("any", [ints(2, (3, 4)).bool()], lambda x: x.any(dim), {"dim": dim}, grads=False)
    g.add("bincount", [ints(5, (12,))], torch.bincount, grads=False)
    g.add("histc", [draw((20,))], lambda x: x.histc(5, -2, 2), {"bins": 5, "min": -2, "max": 2}, grads=False)
    g.add("sum", [ints(9, (3, 4))], torch.sum, grads=False)
    nan = torch.tensor([1.0, math.nan, 3.0, math.inf])
    for op in ("isnan", "isinf", "isfinite"):
        g.add(op, [nan], getattr(torch, op), grads=False)
    g.add("nan_to_num", [torch.tensor([1.0, math.nan, 3.0, math.inf, -math.inf], dtype=torch.float64)], lambda x: x.nan_to_num(0.5, 7.0, -7.0), {"nan": 0.5, "posinf": 7.0, "neginf": -7.0})
    g.add("nansum", [torch.tensor([[1.0, math.nan], [2.0, 3.0]])], torch.nansum)
    return g


def shape():
    g = Group("shape")
    for dtype in BOTH:
        x = lambda *s: draw(s, dtype)
        g.add("reshape", [x(2, 6)], lambda t: t.reshape(3, 4), {"shape": [3, 4]})
        g.add("view", [x(2, 6)], lambda t: t.view(-1, 3), {"shape": [-1, 3]})
        g.add("flatten", [x(2, 3, 4)], lambda t: t.flatten(1), {"start": 1, "end": -1})
        g.add("unflatten", [x(2, 6)], lambda t: t.unflatten(1, (2, 3)), {"dim": 1, "shape": [2, 3]})
        g.add("permute", [x(2, 3, 4)], lambda t: t.permute(2, 0, 1), {"dims": [2, 0, 1]})
        g.add("transpose", [x(2, 3, 4)], lambda t: t.transpose(0, 2), {"a": 0, "b": 2})
        g.add("t", [x(2, 3)], lambda t: t.t())
        g.add("squeeze", [x(2, 1, 3)], lambda t: t.squeeze(1), {"dim": 1})
        g.add("unsqueeze", [x(2, 3)], lambda t: t.unsqueeze(1), {"dim": 1})
        g.add("expand", [x(2, 1)], lambda t: t.expand(2, 3), {"shape": [2, 3]})
        g.add("repeat", [x(2, 3)], lambda t: t.repeat(2, 2), {"shape": [2, 2]})
        g.add("tile", [x(2, 3)], lambda t: t.tile(3), {"shape": [3]})
        g.add("repeat_interleave", [x(2, 3)], lambda t: t.repeat_interleave(2, 1), {"repeats": 2, "dim": 1})
        g.add("flip", [x(2, 3)], lambda t: t.flip(1), {"dims": [1]})
        g.add("roll", [x(3, 4)], lambda t: t.roll(1, 1), {"shift": 1, "dim": 1})
        g.add("tril", [x(3, 4)], lambda t: t.tril(-1), {"k": -1})
        g.add("triu", [x(3, 4)], lambda t: t.triu(1), {"k": 1})
        g.add("diag", [x(4)], torch.diag)
        g.add("diag", [x(3, 3)], torch.diag)
        g.add("diagonal", [x(3, 4)], lambda t: t.diagonal())
        g.add("narrow", [x(5, 2)], lambda t: t.narrow(0, 1, 3), {"dim": 0, "start": 1, "length": 3})
        g.add("select", [x(3, 4)], lambda t: t.select(1, 2), {"dim": 1, "index": 2})
        g.add("cat", [x(2, 3), x(1, 3)], lambda a, b: torch.cat([a, b], 0), {"dim": 0})
        g.add("cat", [x(2, 3), x(2, 2)], lambda a, b: torch.cat([a, b], 1), {"dim": 1})
        g.add("stack", [x(2, 3), x(2, 3)], lambda a, b: torch.stack([a, b], 1), {"dim": 1})
        g.add("hstack", [x(2, 3), x(2, 2)], lambda a, b: torch.hstack([a, b]))
        g.add("vstack", [x(2, 3), x(1, 3)], lambda a, b: torch.vstack([a, b]))
        g.add("split", [x(5, 2)], lambda t: t.split([2, 3]), {"sizes": [2, 3]})
        g.add("chunk", [x(5, 2)], lambda t: t.chunk(2), {"chunks": 2})
        g.add("unbind", [x(3, 2)], lambda t: t.unbind(0))
        g.add("gather", [x(3, 4), ints(4, (3, 2))], lambda t, i: t.gather(1, i), {"dim": 1})
        g.add("scatter", [x(3, 4), torch.tensor([[0, 2], [1, 3], [2, 0]]), x(3, 2)], lambda t, i, s: t.scatter(1, i, s), {"dim": 1})
        g.add("scatter_add", [x(3, 4), ints(4, (3, 2)), x(3, 2)], lambda t, i, s: t.scatter_add(1, i, s), {"dim": 1})
        g.add("index_select", [x(4, 3), ints(4, (5,))], lambda t, i: t.index_select(0, i), {"dim": 0})
        g.add("index_add", [x(4, 3), ints(4, (5,)), x(5, 3)], lambda t, i, s: t.index_add(0, i, s), {"dim": 0})
        g.add("index", [x(4, 3), ints(4, (5,))], lambda t, i: t[i])
        g.add("take_along_dim", [x(3, 4), ints(4, (3, 2))], lambda t, i: torch.take_along_dim(t, i, 1), {"dim": 1})
        g.add("masked_fill", [x(3, 4), ints(2, (3, 4)).bool()], lambda t, m: t.masked_fill(m, 0.5), {"value": 0.5})
        g.add("masked_select", [x(3, 4), torch.tensor([[1, 0, 1, 0]] * 3).bool()], lambda t, m: t.masked_select(m))
        g.add("clone", [x(2, 3)], lambda t: t.clone())
        g.add("contiguous", [x(2, 3)], lambda t: t.t().contiguous(), {"transposed": True})
        g.add("unfold_dim", [x(2, 7)], lambda t: t.unfold(1, 3, 2), {"dim": 1, "size": 3, "step": 2})
        g.add("movedim", [x(2, 3, 4)], lambda t: t.movedim(0, 2), {"a": 0, "b": 2})
        for pad, mode in (([1, 2], "constant"), ([1, 1, 2, 0], "constant"), ([1, 2], "reflect"), ([1, 1], "replicate"), ([1, 1], "circular")):
            t = x(2, 3, 4)
            g.add("pad", [t], lambda v: F.pad(v, pad, mode, 0.5 if mode == "constant" else 0.0), {"pad": pad, "mode": mode, "value": 0.5 if mode == "constant" else 0.0})
        for pad in ([1, 1, 1, 1],):
            for mode in ("reflect", "replicate", "circular"):
                g.add("pad", [x(1, 2, 3, 4)], lambda v: F.pad(v, pad, mode), {"pad": pad, "mode": mode, "value": 0.0})
    return g


def matrix():
    g = Group("matrix")
    for dtype in BOTH:
        x = lambda *s: draw(s, dtype)
        for a, b in (((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (5, 3, 4)), ((2, 1, 2, 3), (5, 3, 4)), ((3,), (5, 3, 4)), ((17, 33), (33, 9))):
            g.add("matmul", [x(*a), x(*b)], torch.matmul)
        g.add("mm", [x(4, 5), x(5, 3)], torch.mm)
        g.add("mm", [x(5, 4), x(5, 3)], lambda a, b: a.t().mm(b), {"transposed": True})
        g.add("bmm", [x(3, 2, 4), x(3, 4, 5)], torch.bmm)
        g.add("mv", [x(4, 5), x(5)], torch.mv)
        g.add("dot", [x(5), x(5)], torch.dot)
        g.add("outer", [x(3), x(4)], torch.outer)
        g.add("addmm", [x(2, 4), x(2, 3), x(3, 4)], lambda c, a, b: torch.addmm(c, a, b, beta=0.5, alpha=2.0), {"beta": 0.5, "alpha": 2.0})
        for eq, ss in (("ij,jk->ik", ((2, 3), (3, 4))), ("bij,bjk->bik", ((2, 2, 3), (2, 3, 2))), ("ii->i", ((3, 3),)), ("ij->ji", ((2, 3),)), ("i,j->ij", ((2,), (3,))), ("bij->b", ((2, 2, 3),)), ("bi,ij,bj->b", ((2, 3), (3, 3), (2, 3)))):
            g.add("einsum", [x(*s) for s in ss], lambda *t: torch.einsum(eq, *t), {"equation": eq})
    d = torch.float64
    spd = lambda n: (lambda m: m @ m.t() + n * torch.eye(n, dtype=d))(draw((n, n), d))
    sq = lambda n: draw((n, n), d) + 2 * torch.eye(n, dtype=d)
    sym = lambda f: lambda m: f((m + m.t()) / 2)
    for n in (1, 3, 5):
        g.add("inv", [sq(n)], torch.linalg.inv)
        g.add("det", [sq(n)], torch.linalg.det)
        g.add("slogdet", [sq(n)], lambda m: tuple(torch.linalg.slogdet(m)))
        g.add("solve", [sq(n), draw((n, 2), d)], torch.linalg.solve)
        g.add("cholesky", [spd(n)], lambda m: torch.linalg.cholesky((m + m.t()) / 2), {"symmetric": True})
        g.add("svdvals", [draw((n, n + 1), d)], torch.linalg.svdvals)
        g.add("eigvalsh", [spd(n)], lambda m: torch.linalg.eigvalsh((m + m.t()) / 2), {"symmetric": True})
    for shape in ((3, 3), (5, 3)):
        g.add("qr", [draw(shape, d)], lambda m: torch.linalg.qr(m), compare=lambda o: [o[0] @ o[1], o[0].t() @ o[0]])
        g.add("svd", [draw(shape, d)], lambda m: torch.linalg.svd(m, full_matrices=False), compare=lambda o: [(o[0] * o[1]) @ o[2], o[1]])
        g.add("lstsq", [draw((5, 3), d), draw((5, 2), d)], lambda a, b: torch.linalg.lstsq(a, b).solution, grads=False)
        g.add("pinv", [draw(shape, d)], torch.linalg.pinv, grads=False)
    g.add("eigh", [spd(4)], lambda m: torch.linalg.eigh((m + m.t()) / 2), {"symmetric": True}, compare=lambda o: [(o[1] * o[0]) @ o[1].t(), o[0]])
    g.add("cond", [sq(3)], torch.linalg.cond, grads=False)
    g.add("matrix_norm", [draw((3, 4), d)], torch.linalg.matrix_norm)
    g.add("trace", [draw((3, 3), d)], torch.trace)
    return g


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    import make_golden_calls as by_name
    import make_golden_corners as of_corners
    import make_golden_nn as of_nn
    from make_golden import unary, binary, reduce, shape, matrix
    print("cases:", sum(make().write() for make in (unary, binary, reduce, shape, matrix, by_name.calls, of_corners.corners, of_nn.functional, of_nn.losses, of_nn.modules)))
