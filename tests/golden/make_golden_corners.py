"""Cases of group "corners": operations called by their name where types, sizes or values are unusual.

A differential fuzz of the engine against PyTorch found these; the cases are written as in make_golden_calls.py.
"""
import torch

from make_golden import Group, draw, ints

D, S = torch.float64, torch.float32
BIG = 2 ** 53


def corners():
    g = Group("corners")

    def c(name, inputs, *rest, fn, grads=False):
        g.add(name, inputs, fn, grads=grads, call=["$%d" % i for i in range(len(inputs))] + list(rest))

    def x(*shape, domain="any", dtype=D):
        return draw(shape, dtype, domain)

    def big(*values):
        return torch.tensor([BIG + v for v in values])

    types(c, x)
    exact(c, big)
    sizes(c, x)
    values(c, x)
    matrices(c, x)
    return g


def types(c, x):
    byte, whole, half = ints(200, (2, 3)).to(torch.uint8), ints(9, (2, 3), 1), ints(9, (2, 3), 1).to(torch.int32)
    # The three operands meet in one type before anything is computed.
    c("addcmul", [x(2, 3), x(2, 3, dtype=S), half], 0.5, fn=lambda a, b, d: torch.addcmul(a, b, d, value=0.5))
    c("addcdiv", [x(2, 3), x(2, 3, dtype=S), x(2, 3, dtype=S)], 2, fn=lambda a, b, d: torch.addcdiv(a, b, d, value=2))
    c("add", [x(2, 3), half], 0.3, fn=lambda a, b: torch.add(a, b, alpha=0.3))
    c("logaddexp", [x(2, 3), half], fn=torch.logaddexp)
    c("logaddexp2", [x(2, 3), half], fn=torch.logaddexp2)
    c("xlogy", [x(2, 3), half], fn=torch.xlogy)
    c("xlogy", [half, x(2, 3, domain="pos")], fn=torch.xlogy)
    c("logit", [byte], fn=torch.logit)
    c("square", [byte > 99], fn=torch.square)
    c("pow", [byte > 99], 2, fn=lambda a: a.pow(2))
    c("vander", [half[0]], 3, True, fn=lambda a: torch.vander(a, 3, True))
    c("all", [byte], fn=torch.all)
    c("any", [byte], 1, True, fn=lambda a: torch.any(a, 1, True))
    c("sum", [whole], "Bool", fn=lambda a: a.sum(dtype=torch.bool))
    c("dot", [half[0], half[1]], fn=torch.dot)
    c("matmul", [half[0], half[1]], fn=torch.matmul)
    c("addmm", [whole, ints(5, (2, 4)), ints(5, (4, 3))], 2, 3, fn=lambda i, a, b: torch.addmm(i, a, b, beta=2, alpha=3))
    c("hardtanh", [half], -1, 4, fn=lambda a: torch.nn.functional.hardtanh(a, -1, 4))
    c("relu6", [whole], fn=torch.nn.functional.relu6)
    c("masked_fill", [whole, whole > 4], 2.5, fn=lambda a, m: a.masked_fill(m, 2.5))
    c("to_type", [torch.tensor([-1.5, 3.7, 300.2, -300.9], dtype=S)], "Byte", fn=lambda a: a.to(torch.uint8))
    # The derivative is computed in the type of the result.
    c("arctan2", [x(2, 3), ints(15, (2, 3), 1).to(torch.uint8)], fn=torch.arctan2, grads=True)
    c("hypot", [x(2, 3), ints(9, (2, 3), 1).to(D)], fn=torch.hypot, grads=True)


def exact(c, big):
    c("isin", [big(0, 1, 2), big(1)], fn=torch.isin)
    c("unique", [big(1, 0, 1, 2)], True, True, True, fn=lambda a: torch.unique(a, True, True, True))
    c("unique_consecutive", [big(0, 1, 1, 2)], True, True, fn=lambda a: torch.unique_consecutive(a, True, True))
    c("bucketize", [big(1), big(0, 1, 2)], fn=torch.bucketize)
    c("searchsorted", [big(0, 1, 2), big(2)], fn=torch.searchsorted)
    c("sort", [big(1, 0, 2)], fn=lambda a: tuple(torch.sort(a)))
    c("max", [big(1, 0, 2)], fn=torch.max)
    c("argmax", [big(1, 0, 2)], fn=torch.argmax)
    c("eq", [big(1, 0, 2)], BIG + 1, fn=lambda a: a.eq(BIG + 1))
    c("gt", [big(1, 0, 2)], BIG + 1, fn=lambda a: a.gt(BIG + 1))
    c("clamp_min", [big(1, 0, 2)], BIG + 1, fn=lambda a: a.clamp_min(BIG + 1))
    c("median", [big(1, 0, 2)], fn=torch.median)
    c("cumsum", [big(1, 0, 2)], 0, fn=lambda a: a.cumsum(0))


def sizes(c, x):
    point = torch.tensor(1.5, dtype=D)
    c("chunk", [x(0, 2)], 3, fn=lambda a: a.chunk(3))
    c("Tensor.unfold", [point], 0, 1, 2, fn=lambda a: a.unfold(0, 1, 2))
    c("movedim", [point], [], [], fn=lambda a: a.movedim((), ()))
    c("quantile", [point, torch.tensor([0.2, 0.6], dtype=D)], fn=torch.quantile)
    c("masked_select", [point, torch.tensor(False)], fn=torch.masked_select)
    c("masked_select", [point, torch.tensor(True)], fn=torch.masked_select)
    c("bincount", [torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=D)], 2, fn=lambda a, w: torch.bincount(a, w, 2))
    c("logsumexp", [x(3, 0)], 1, fn=lambda a: torch.logsumexp(a, 1))
    c("Tensor.vander", [x(3)], 0, fn=lambda a: torch.vander(a, 0))
    c("cov", [x(1, 4)], fn=torch.cov)
    c("corrcoef", [x(1, 4)], fn=torch.corrcoef)
    c("matrix_rank", [x(0, 3)], fn=torch.linalg.matrix_rank)
    c("cosine_similarity", [x(2, 5), x(2, 1)], 1, fn=lambda a, b: torch.cosine_similarity(a, b, 1))
    c("cosine_similarity", [x(2, 1, 3), x(4, 3)], -3, fn=lambda a, b: torch.cosine_similarity(a, b, -3), grads=True)
    c("max_pool3d", [x(1, 1, 2, 4, 2)], [1, 2, 3], [1, 1, 3], [0, 0, 0], [1, 1, 1], True, fn=lambda a: torch.nn.functional.max_pool3d(a, (1, 2, 3), (1, 1, 3), ceil_mode=True), grads=True)
    c("max_pool2d", [x(1, 1, 4, 2)], [2, 3], [1, 3], [0, 0], [1, 1], True, fn=lambda a: torch.nn.functional.max_pool2d(a, (2, 3), (1, 3), ceil_mode=True), grads=True)


def values(c, x):
    odd = torch.tensor([float("nan"), float("inf"), -float("inf"), 0.0, 2.0], dtype=D)
    c("sign", [odd], fn=torch.sign)
    c("hardshrink", [odd], fn=torch.nn.functional.hardshrink)
    c("normalize", [odd.view(1, 5)], fn=torch.nn.functional.normalize)
    c("nanquantile", [odd, torch.tensor([0.3], dtype=D)], 0, fn=lambda a, q: torch.nanquantile(a, q, 0))
    c("xlogy", [torch.zeros(5, dtype=D), odd], fn=torch.xlogy)
    c("histc", [torch.tensor([-1.1809669733], dtype=S)], 2, fn=lambda a: torch.histc(a, 2))


def matrices(c, x):
    for m, n in ((4, 2), (2, 4), (3, 1)):
        c("lu_factor", [x(m, n)], fn=lambda a: tuple(torch.linalg.lu_factor(a)), grads=True)
        c("linalg.lu", [x(m, n)], fn=lambda a: tuple(torch.linalg.lu(a)), grads=True)
    c("linalg.lu", [x(2, 3, 2)], fn=lambda a: tuple(torch.linalg.lu(a)), grads=True)
    shift = 3 * torch.eye(3, dtype=D)
    c("linalg.inv_ex", [x(2, 3, 3) + shift], fn=lambda a: tuple(torch.linalg.inv_ex(a)), grads=True)
    c("linalg.solve_ex", [x(2, 3, 3) + shift, x(2, 3, 2)], fn=lambda a, b: tuple(torch.linalg.solve_ex(a, b)), grads=True)
    c("linalg.solve_ex", [x(3, 3) + shift, x(2, 3)], False, fn=lambda a, b: tuple(torch.linalg.solve_ex(a, b, left=False)), grads=True)
    for k in (3, 2):
        a, tau = torch.geqrf(x(5, 3))
        c("linalg.householder_product", [a, tau[:k].clone()], fn=torch.linalg.householder_product, grads=True)
    c("function.orgqr", [a, tau], fn=torch.linalg.householder_product, grads=True)
    c("linalg.pinv", [x(2, 4, 3), torch.tensor([0.0, 1.0], dtype=D)], fn=lambda a, t: torch.linalg.pinv(a, atol=t))
    c("linalg.matrix_rank", [x(2, 4, 3), torch.tensor([0.0, 1.5], dtype=D)], fn=lambda a, t: torch.linalg.matrix_rank(a, atol=t))
    c("linalg.pinv", [x(4, 3), torch.tensor(0.1, dtype=D), torch.tensor(0.5, dtype=D)], fn=lambda a, t, r: torch.linalg.pinv(a, atol=t, rtol=r))
