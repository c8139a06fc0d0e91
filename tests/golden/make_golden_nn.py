"""The cases of make_golden.py that concern torch.nn: functions, losses, modules."""
import itertools
import torch
import torch.nn as nn
import torch.nn.functional as F
from make_golden import BOTH, Group, draw, ints


def functional():
    g = Group("functional")
    acts = {
        "relu": {}, "relu6": {}, "gelu": {}, "silu": {}, "mish": {}, "sigmoid": {}, "tanh": {}, "softsign": {}, "tanhshrink": {}, "selu": {}, "hardswish": {}, "hardsigmoid": {},
        "logsigmoid": {}, "leaky_relu": {"negative_slope": 0.1}, "elu": {"alpha": 1.3}, "celu": {"alpha": 0.7}, "softplus": {"beta": 2.0, "threshold": 3.0}, "softshrink": {"lambd": 0.4},
        "hardshrink": {"lambd": 0.4}, "hardtanh": {"min_val": -0.6, "max_val": 0.9}, "threshold": {"threshold": 0.2, "value": -1.5}, "glu": {"dim": -1}, "softmin": {"dim": 1}, "rrelu": {},
    }
    for name, a in acts.items():
        for dtype in BOTH:
            for shape in ((8,), (3, 4)):
                if name == "softmin" and len(shape) == 1:
                    continue
                f = (lambda x: torch.sigmoid(x)) if name == "sigmoid" else torch.tanh if name == "tanh" else getattr(F, name)
                g.add("F." + name, [draw(shape, dtype) * 3], lambda x: f(x, **a), a)
    for dtype in BOTH:
        x = lambda *s: draw(s, dtype)
        g.add("F.prelu", [x(2, 3, 4), x(3)], F.prelu)
        g.add("F.prelu", [x(2, 3), x(1)], F.prelu)
        g.add("F.softmax2d", [x(2, 3, 2, 2)], lambda t: nn.Softmax2d()(t))
        g.add("F.linear", [x(4, 3), x(5, 3), x(5)], F.linear)
        g.add("F.linear", [x(2, 4, 3), x(5, 3)], F.linear)
        g.add("F.linear", [x(3), x(5, 3), x(5)], F.linear)
        g.add("F.bilinear", [x(4, 3), x(4, 2), x(5, 3, 2), x(5)], F.bilinear)
        g.add("F.normalize", [x(3, 4)], F.normalize)
        g.add("F.cosine_similarity", [x(3, 4), x(3, 4)], F.cosine_similarity)
        g.add("F.pairwise_distance", [x(3, 4), x(3, 4)], F.pairwise_distance)
        g.add("F.pixel_shuffle", [x(2, 8, 3, 2)], lambda t: F.pixel_shuffle(t, 2), {"factor": 2})
        g.add("F.pixel_unshuffle", [x(2, 2, 4, 6)], lambda t: F.pixel_unshuffle(t, 2), {"factor": 2})
        g.add("F.layer_norm", [x(3, 4), x(4), x(4)], lambda t, w, b: F.layer_norm(t, (4,), w, b), {"shape": [4]})
        g.add("F.layer_norm", [x(2, 3, 4)], lambda t: F.layer_norm(t, (3, 4)), {"shape": [3, 4]})
        g.add("F.group_norm", [x(2, 4, 3), x(4), x(4)], lambda t, w, b: F.group_norm(t, 2, w, b), {"groups": 2})
        g.add("F.local_response_norm", [x(2, 5, 3, 3)], lambda t: F.local_response_norm(t, 3), {"size": 3})
        for training in (True, False):
            for s in ((4, 3), (2, 3, 5), (2, 3, 2, 2)):
                g.add("F.batch_norm", [x(*s), x(3), draw((3,), dtype, "pos"), x(3), x(3)], lambda t, m, v, w, b: F.batch_norm(t, m.detach().clone(), v.detach().clone(), w, b, training), {"training": training})
        g.add("F.instance_norm", [x(2, 3, 4), x(3), x(3)], lambda t, w, b: F.instance_norm(t, weight=w, bias=b))
        for st, pa, di, gr in ((1, 0, 1, 1), (2, 1, 1, 1), (1, 2, 2, 1), (1, 1, 1, 2), (3, 0, 1, 4)):
            a = {"stride": st, "padding": pa, "dilation": di, "groups": gr}
            g.add("F.conv1d", [x(2, 4, 9), x(8, 4 // gr, 3), x(8)], lambda t, w, b: F.conv1d(t, w, b, **a), a)
            g.add("F.conv2d", [x(2, 4, 7, 6), x(8, 4 // gr, 3, 3), x(8)], lambda t, w, b: F.conv2d(t, w, b, **a), a)
            g.add("F.conv2d", [x(1, 4, 7, 8), x(4, 4 // gr, 2, 3)], lambda t, w: F.conv2d(t, w, None, **a), a)
            t = dict(a, output_padding=1 if st > 1 else 0)
            g.add("F.conv_transpose1d", [x(2, 4, 5), x(4, 8 // gr, 3), x(8)], lambda v, w, b: F.conv_transpose1d(v, w, b, **t), t)
            g.add("F.conv_transpose2d", [x(2, 4, 4, 3), x(4, 8 // gr, 3, 3), x(8)], lambda v, w, b: F.conv_transpose2d(v, w, b, **t), t)
        g.add("F.conv2d", [x(2, 1, 12, 12), x(6, 1, 5, 5), x(6)], F.conv2d, {"stride": 1, "padding": 0, "dilation": 1, "groups": 1})
        if dtype == torch.float32:
            g.add("F.conv2d", [x(2, 10, 9, 17), x(17, 10, 3, 3), x(17)], lambda t, w, b: F.conv2d(t, w, b, padding=1), {"stride": 1, "padding": 1, "dilation": 1, "groups": 1})
        for k, st, pa, di, ce in ((2, 2, 0, 1, False), (3, 1, 1, 1, False), (3, 2, 1, 1, True), (2, 1, 0, 2, False)):
            a = {"kernel": k, "stride": st, "padding": pa, "dilation": di, "ceil": ce}
            g.add("F.max_pool1d", [x(2, 3, 9)], lambda t: F.max_pool1d(t, k, st, pa, di, ce), a)
            g.add("F.max_pool2d", [x(2, 3, 7, 8)], lambda t: F.max_pool2d(t, k, st, pa, di, ce), a)
            g.add("F.max_pool2d_with_indices", [x(2, 3, 7, 8)], lambda t: F.max_pool2d(t, k, st, pa, di, ce, return_indices=True), a)
            if di == 1:
                for include in (True, False):
                    b = dict(a, include=include)
                    g.add("F.avg_pool1d", [x(2, 3, 9)], lambda t: F.avg_pool1d(t, k, st, pa, ce, include), b)
                    g.add("F.avg_pool2d", [x(2, 3, 7, 8)], lambda t: F.avg_pool2d(t, k, st, pa, ce, include), b)
        for size in (1, 3, 4):
            g.add("F.adaptive_avg_pool1d", [x(2, 3, 7)], lambda t: F.adaptive_avg_pool1d(t, size), {"size": size})
            g.add("F.adaptive_avg_pool2d", [x(2, 3, 5, 7)], lambda t: F.adaptive_avg_pool2d(t, size), {"size": size})
            g.add("F.adaptive_max_pool1d", [x(2, 3, 7)], lambda t: F.adaptive_max_pool1d(t, size), {"size": size})
            g.add("F.adaptive_max_pool2d", [x(2, 3, 5, 7)], lambda t: F.adaptive_max_pool2d(t, size), {"size": size})
        g.add("F.lp_pool1d", [draw((2, 3, 8), dtype, "pos")], lambda t: F.lp_pool1d(t, 3.0, 2), {"p": 3.0, "kernel": 2})
        g.add("F.lp_pool2d", [draw((2, 3, 4, 4), dtype, "pos")], lambda t: F.lp_pool2d(t, 2.0, 2), {"p": 2.0, "kernel": 2})
        for causal in (False,):
            q, k, v = x(2, 4, 3), x(2, 5, 3), x(2, 5, 6)
            g.add("F.scaled_dot_product_attention", [q, k, v], lambda a, b, c: torch.softmax(a @ b.transpose(-2, -1) / 3 ** 0.5, -1) @ c)
    g.add("F.one_hot", [ints(4, (5,))], lambda t: F.one_hot(t, 5), {"classes": 5}, grads=False)
    for dtype in (torch.float32, torch.float64):
        for mode, size, shape in (("nearest", [5, 7], (1, 2, 3, 4)), ("bilinear", [5, 7], (2, 1, 3, 4)), ("bilinear", [2, 3], (1, 2, 5, 4)), ("nearest", [6], (2, 3, 4)), ("linear", [7], (1, 2, 4))):
            g.add("F.interpolate", [draw(shape, dtype)], lambda t: F.interpolate(t, size=size, mode=mode), {"mode": mode, "size": size})
    return g


def losses():
    g = Group("losses")
    for dtype in BOTH:
        x = lambda *s: draw(s, dtype)
        sign = lambda *s: torch.sign(draw(s, dtype))
        for reduction in ("none", "mean", "sum"):
            a = {"reduction": reduction}
            r = {"reduction": reduction}
            for name in ("mse_loss", "l1_loss", "soft_margin_loss"):
                g.add("F." + name, [x(3, 4), x(3, 4) if name != "soft_margin_loss" else sign(3, 4)], lambda p, t: getattr(F, name)(p, t if name != "soft_margin_loss" else t.detach(), **r), a)
            for beta in (1.0, 0.3):
                g.add("F.smooth_l1_loss", [x(3, 4), x(3, 4)], lambda p, t: F.smooth_l1_loss(p, t, beta=beta, **r), dict(a, beta=beta))
                g.add("F.huber_loss", [x(3, 4), x(3, 4)], lambda p, t: F.huber_loss(p, t, delta=beta, **r), dict(a, delta=beta))
            for log in (True, False):
                t = torch.log_softmax(x(3, 4), 1) if log else torch.softmax(x(3, 4), 1)
                g.add("F.kl_div", [torch.log_softmax(x(3, 4), 1), t], lambda p, q: F.kl_div(p, q, log_target=log, **r), dict(a, log_target=log))
                for full in (False, True):
                    g.add("F.poisson_nll_loss", [draw((3, 4), dtype, "pos"), ints(5, (3, 4)).to(dtype)], lambda p, q: F.poisson_nll_loss(p, q.detach(), log_input=log, full=full, **r), dict(a, log_input=log, full=full))
            g.add("F.gaussian_nll_loss", [x(3, 4), x(3, 4), draw((3, 4), dtype, "pos")], lambda p, t, v: F.gaussian_nll_loss(p, t, v, full=True, **r), dict(a, full=True))
            g.add("F.hinge_embedding_loss", [x(6), sign(6)], lambda p, t: F.hinge_embedding_loss(p, t.detach(), margin=0.7, **r), dict(a, margin=0.7))
            g.add("F.margin_ranking_loss", [x(5), x(5), sign(5)], lambda p, q, t: F.margin_ranking_loss(p, q, t.detach(), margin=0.2, **r), dict(a, margin=0.2))
            g.add("F.cosine_embedding_loss", [x(4, 3), x(4, 3), sign(4)], lambda p, q, t: F.cosine_embedding_loss(p, q, t.detach(), margin=0.1, **r), dict(a, margin=0.1))
            for swap in (False, True):
                g.add("F.triplet_margin_loss", [x(4, 3), x(4, 3), x(4, 3)], lambda p, q, t: F.triplet_margin_loss(p, q, t, swap=swap, **r), dict(a, swap=swap))
            g.add("F.binary_cross_entropy", [draw((3, 4), dtype, "prob"), draw((3, 4), dtype, "prob")], lambda p, t: F.binary_cross_entropy(p, t.detach(), **r), a)
            g.add("F.binary_cross_entropy_with_logits", [x(3, 4) * 4, draw((3, 4), dtype, "prob")], lambda p, t: F.binary_cross_entropy_with_logits(p, t, **r), a)
            g.add("F.binary_cross_entropy_with_logits", [x(3, 4) * 4, draw((3, 4), dtype, "prob"), draw((4,), dtype, "pos"), draw((4,), dtype, "pos")], lambda p, t, w, q: F.binary_cross_entropy_with_logits(p, t, w.detach(), pos_weight=q.detach(), **r), a)
            g.add("F.multilabel_soft_margin_loss", [x(3, 4), ints(2, (3, 4)).to(dtype)], lambda p, t: F.multilabel_soft_margin_loss(p, t.detach(), **r), a)
            for p in (1, 2):
                g.add("F.multi_margin_loss", [x(3, 4), ints(4, (3,))], lambda s, t: F.multi_margin_loss(s, t, p=p, margin=0.8, **r), dict(a, p=p, margin=0.8))
            g.add("F.multi_label_margin_loss", [x(2, 4), torch.tensor([[3, 0, -1, 1], [1, -1, 2, 2]])], lambda s, t: F.multilabel_margin_loss(s, t, **r), a)
            for smoothing in (0.0, 0.1):
                b = dict(a, smoothing=smoothing)
                g.add("F.cross_entropy", [x(5, 3), ints(3, (5,))], lambda s, t: F.cross_entropy(s, t, label_smoothing=smoothing, **r), b)
                g.add("F.cross_entropy", [x(5, 3), torch.tensor([0, 2, -100, 1, -100])], lambda s, t: F.cross_entropy(s, t, label_smoothing=smoothing, **r), b)
                g.add("F.cross_entropy", [x(5, 3), ints(3, (5,)), draw((3,), dtype, "pos")], lambda s, t, w: F.cross_entropy(s, t, w.detach(), label_smoothing=smoothing, **r), b)
                g.add("F.cross_entropy", [x(2, 3, 4), ints(3, (2, 4))], lambda s, t: F.cross_entropy(s, t, label_smoothing=smoothing, **r), b)
                g.add("F.cross_entropy", [x(5, 3), torch.softmax(x(5, 3), 1)], lambda s, t: F.cross_entropy(s, t.detach(), label_smoothing=smoothing, **r), b)
            g.add("F.nll_loss", [torch.log_softmax(x(5, 3), 1), ints(3, (5,))], lambda s, t: F.nll_loss(s, t, **r), a)
            g.add("F.nll_loss", [torch.log_softmax(x(5, 3), 1), ints(3, (5,)), draw((3,), dtype, "pos")], lambda s, t, w: F.nll_loss(s, t, w.detach(), **r), a)
    return g


def modules():
    g = Group("modules")
    seeds = itertools.count(1000)

    def add(op, make, inputs, args=None, call=None, training=True):
        for dtype in BOTH:
            seed = next(seeds)
            torch.manual_seed(seed)
            m = make().to(dtype).train(training)
            ins = [t.to(dtype) if t.is_floating_point() else t for t in inputs]
            def run(*t):
                return (call or (lambda mod, *v: mod(*v)))(m, *t)

            g.add(op, ins, run, dict(args or {}, training=training), seed=seed, params=list(m.parameters()))

    x = lambda *s: draw(s)
    add("Linear", lambda: nn.Linear(3, 5), [x(4, 3)], {"in": 3, "out": 5, "bias": True})
    add("Linear", lambda: nn.Linear(3, 5, False), [x(2, 4, 3)], {"in": 3, "out": 5, "bias": False})
    add("Bilinear", lambda: nn.Bilinear(3, 2, 4), [x(5, 3), x(5, 2)])
    add("Identity", lambda: nn.Identity(), [x(2, 3)])
    for a in ({"kernel": 3, "stride": 1, "padding": 0, "dilation": 1, "groups": 1}, {"kernel": 3, "stride": 2, "padding": 1, "dilation": 1, "groups": 2}):
        k = dict(stride=a["stride"], padding=a["padding"], dilation=a["dilation"], groups=a["groups"])
        add("Conv1d", lambda: nn.Conv1d(4, 6, 3, **k), [x(2, 4, 8)], a)
        add("Conv2d", lambda: nn.Conv2d(4, 6, 3, **k), [x(2, 4, 6, 7)], a)
        add("ConvTranspose1d", lambda: nn.ConvTranspose1d(4, 6, 3, **k), [x(2, 4, 5)], a)
        add("ConvTranspose2d", lambda: nn.ConvTranspose2d(4, 6, 3, **k), [x(2, 4, 4, 3)], a)
    add("Conv2d", lambda: nn.Conv2d(4, 6, 3), [x(4, 6, 7)], {"kernel": 3, "stride": 1, "padding": 0, "dilation": 1, "groups": 1})
    for mode in ("reflect", "replicate", "circular"):
        add("Conv2d_mode", lambda: nn.Conv2d(2, 3, 3, padding=1, padding_mode=mode), [x(2, 2, 4, 5)], {"mode": mode})
    add("Conv2d_same", lambda: nn.Conv2d(2, 3, 4, padding="same"), [x(2, 2, 5, 6)])
    add("BatchNorm1d", lambda: nn.BatchNorm1d(3), [x(5, 3)])
    add("BatchNorm1d", lambda: nn.BatchNorm1d(3), [x(5, 3, 4)], training=False)
    add("BatchNorm2d", lambda: nn.BatchNorm2d(3), [x(2, 3, 4, 4)])
    add("InstanceNorm1d", lambda: nn.InstanceNorm1d(3, affine=True), [x(2, 3, 5)])
    add("InstanceNorm2d", lambda: nn.InstanceNorm2d(3), [x(2, 3, 4, 4)], {"affine": False})
    add("BatchNorm3d", lambda: nn.BatchNorm3d(3), [x(2, 3, 2, 3, 2)])
    add("InstanceNorm3d", lambda: nn.InstanceNorm3d(3), [x(2, 3, 2, 3, 2)])
    add("LayerNorm", lambda: nn.LayerNorm([3, 4]), [x(2, 3, 4)])
    add("GroupNorm", lambda: nn.GroupNorm(2, 4), [x(2, 4, 5)])
    add("LocalResponseNorm", lambda: nn.LocalResponseNorm(2), [x(2, 4, 3, 3)])
    add("MaxPool1d", lambda: nn.MaxPool1d(2), [x(2, 3, 6)])
    add("MaxPool2d", lambda: nn.MaxPool2d(2), [x(2, 3, 6, 4)])
    add("AvgPool1d", lambda: nn.AvgPool1d(2), [x(2, 3, 6)])
    add("AvgPool2d", lambda: nn.AvgPool2d(2), [x(2, 3, 6, 4)])
    add("LPPool1d", lambda: nn.LPPool1d(2, 2), [draw((2, 3, 6), domain="pos")])
    add("LPPool2d", lambda: nn.LPPool2d(2, 2), [draw((2, 3, 6, 4), domain="pos")])
    add("AdaptiveAvgPool1d", lambda: nn.AdaptiveAvgPool1d(3), [x(2, 3, 7)])
    add("AdaptiveAvgPool2d", lambda: nn.AdaptiveAvgPool2d(3), [x(2, 3, 7, 5)])
    add("AdaptiveMaxPool1d", lambda: nn.AdaptiveMaxPool1d(3), [x(2, 3, 7)])
    add("AdaptiveMaxPool2d", lambda: nn.AdaptiveMaxPool2d((3, 3)), [x(2, 3, 7, 5)])
    for p in (0.3, 0.5):
        add("Dropout", lambda: nn.Dropout(p), [x(5, 6)], {"p": p}, lambda m, t: (torch.manual_seed(7), m(t))[1])
    add("Dropout1d", lambda: nn.Dropout1d(0.4), [x(3, 5, 2)], None, lambda m, t: (torch.manual_seed(7), m(t))[1])
    add("Dropout2d", lambda: nn.Dropout2d(0.4), [x(3, 5, 2, 2)], None, lambda m, t: (torch.manual_seed(7), m(t))[1])
    add("Dropout3d", lambda: nn.Dropout3d(0.4), [x(3, 5, 2, 2, 2)], None, lambda m, t: (torch.manual_seed(7), m(t))[1])
    add("AlphaDropout", lambda: nn.AlphaDropout(0.4), [x(5, 6)], None, lambda m, t: (torch.manual_seed(7), m(t))[1])
    add("FeatureAlphaDropout", lambda: nn.FeatureAlphaDropout(0.4), [x(3, 5, 4)], None, lambda m, t: (torch.manual_seed(7), m(t))[1])
    add("Embedding", lambda: nn.Embedding(7, 3), [ints(7, (2, 4))])
    add("Embedding_padding", lambda: nn.Embedding(7, 3, padding_idx=2), [torch.tensor([[0, 2, 5], [2, 6, 0]])])
    for mode in ("sum", "mean", "max"):
        add("EmbeddingBag", lambda: nn.EmbeddingBag(7, 3, mode=mode), [ints(7, (6,)), torch.tensor([0, 2, 5])], {"mode": mode})
    for nl in ("tanh", "relu"):
        add("RNN", lambda: nn.RNN(3, 4, 2, nonlinearity=nl), [x(5, 2, 3)], {"nonlinearity": nl, "layers": 2}, lambda m, t: list(m(t)))
        add("RNNCell", lambda: nn.RNNCell(3, 4, nonlinearity=nl), [x(2, 3), x(2, 4)], {"nonlinearity": nl})
    for layers, bi, first in ((1, False, False), (2, True, False), (1, True, True)):
        a = {"layers": layers, "bidirectional": bi, "batch_first": first}
        add("LSTM", lambda: nn.LSTM(3, 4, layers, bidirectional=bi, batch_first=first), [x(5, 2, 3)], a, lambda m, t: (lambda o: [o[0], o[1][0], o[1][1]])(m(t)))
        add("GRU", lambda: nn.GRU(3, 4, layers, bidirectional=bi, batch_first=first), [x(5, 2, 3)], a, lambda m, t: list(m(t)))
    add("LSTM_state", lambda: nn.LSTM(3, 4), [x(5, 2, 3), x(1, 2, 4), x(1, 2, 4)], None, lambda m, t, h, c: (lambda o: [o[0], o[1][0], o[1][1]])(m(t, (h, c))))
    add("LSTMCell", lambda: nn.LSTMCell(3, 4), [x(2, 3), x(2, 4), x(2, 4)], None, lambda m, t, h, c: list(m(t, (h, c))))
    add("GRUCell", lambda: nn.GRUCell(3, 4), [x(2, 3), x(2, 4)])
    add("MultiheadAttention", lambda: nn.MultiheadAttention(6, 2), [x(4, 2, 6), x(5, 2, 6), x(5, 2, 6)], None, lambda m, q, k, v: list(m(q, k, v)))
    add("MultiheadAttention_self", lambda: nn.MultiheadAttention(6, 3), [x(4, 2, 6)], None, lambda m, q: list(m(q, q, q)))
    add("MultiheadAttention_kdim", lambda: nn.MultiheadAttention(6, 2, kdim=3, vdim=5), [x(4, 2, 6), x(5, 2, 3), x(5, 2, 5)], None, lambda m, q, k, v: list(m(q, k, v)))
    add("MultiheadAttention_bias", lambda: nn.MultiheadAttention(6, 2, add_bias_kv=True, add_zero_attn=True), [x(4, 2, 6), x(5, 2, 6), x(5, 2, 6)], None, lambda m, q, k, v: list(m(q, k, v)))
    add("MultiheadAttention_mask", lambda: nn.MultiheadAttention(6, 2), [x(4, 2, 6), torch.tensor([[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]]).bool()], None, lambda m, q, k: list(m(q, q, q, attn_mask=k)))
    add("TransformerEncoderLayer", lambda: nn.TransformerEncoderLayer(6, 2, 8, 0.0), [x(4, 2, 6)])
    add("TransformerEncoderLayer_gelu", lambda: nn.TransformerEncoderLayer(6, 2, 8, 0.0, F.gelu), [x(4, 2, 6)])
    add("TransformerEncoder", lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, 0.0), 2), [x(4, 2, 6)])
    add("TransformerDecoderLayer", lambda: nn.TransformerDecoderLayer(6, 2, 8, 0.0), [x(4, 2, 6), x(5, 2, 6)])
    add("TransformerDecoder", lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(6, 2, 8, 0.0), 2), [x(4, 2, 6), x(5, 2, 6)])
    add("PReLU", lambda: nn.PReLU(3), [x(2, 3, 4)])
    add("CosineSimilarity", lambda: nn.CosineSimilarity(), [x(3, 4), x(3, 4)])
    add("PairwiseDistance", lambda: nn.PairwiseDistance(), [x(3, 4), x(3, 4)])
    add("PixelShuffle", lambda: nn.PixelShuffle(2), [x(2, 8, 3, 2)])
    add("PixelUnshuffle", lambda: nn.PixelUnshuffle(2), [x(2, 2, 4, 6)])
    add("Flatten", lambda: nn.Flatten(), [x(2, 3, 4)])
    add("Unflatten", lambda: nn.Unflatten(1, (2, 3)), [x(2, 6)])
    for n, cls in ((1, nn.ConstantPad1d), (2, nn.ConstantPad2d), (3, nn.ConstantPad3d)):
        add(f"ConstantPad{n}d", lambda: cls(1, 0.5), [x(1, 2, *([3] * n))])
    for n in (1, 2):
        add(f"ReflectionPad{n}d", lambda: getattr(nn, f"ReflectionPad{n}d")(1), [x(1, 2, *([3] * n))])
        add(f"ReplicationPad{n}d", lambda: getattr(nn, f"ReplicationPad{n}d")(1), [x(1, 2, *([3] * n))])
    add("ZeroPad2d", lambda: nn.ZeroPad2d(1), [x(1, 2, 3, 3)])
    for name in ("ReLU", "ReLU6", "LeakyReLU", "ELU", "CELU", "SELU", "Hardtanh", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh", "LogSigmoid", "Hardsigmoid", "Hardswish", "Softplus", "Softsign", "Tanhshrink", "Softshrink", "Hardshrink"):
        add(name, lambda: getattr(nn, name)(), [x(3, 4) * 3])
    add("RReLU", lambda: nn.RReLU(), [x(3, 4)], training=False)
    add("Threshold", lambda: nn.Threshold(0.1, -2.0), [x(3, 4)])
    for name in ("Softmax", "LogSoftmax", "Softmin"):
        add(name, lambda: getattr(nn, name)(1), [x(3, 4)])
    add("Softmax2d", lambda: nn.Softmax2d(), [x(2, 3, 2, 2)])
    add("GLU", lambda: nn.GLU(), [x(3, 4)])
    add("Sequential", lambda: nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2)), [x(3, 4)])
    prob = lambda: draw((3, 4), domain="prob")
    for name, ins in (("MSELoss", [x(3, 4), x(3, 4)]), ("L1Loss", [x(3, 4), x(3, 4)]), ("SmoothL1Loss", [x(3, 4), x(3, 4)]), ("HuberLoss", [x(3, 4), x(3, 4)]),
                      ("PoissonNLLLoss", [x(3, 4), x(3, 4).abs()]), ("GaussianNLLLoss", [x(3, 4), x(3, 4), x(3, 4).abs() + 0.1]),
                      ("BCEWithLogitsLoss", [x(3, 4), prob()]), ("CrossEntropyLoss", [x(5, 3), ints(3, (5,))]), ("NLLLoss", [torch.log_softmax(x(5, 3), 1), ints(3, (5,))]),
                      ("MultiMarginLoss", [x(3, 4), ints(4, (3,))]), ("MultiLabelMarginLoss", [x(2, 4), torch.tensor([[3, 0, -1, 1], [1, -1, 2, 2]])]),
                      ("TripletMarginLoss", [x(4, 3), x(4, 3), x(4, 3)]), ("TripletMarginWithDistanceLoss", [x(4, 3), x(4, 3), x(4, 3)])):
        add(name, lambda: getattr(nn, name)(), ins)
    add("BCELoss", lambda: nn.BCELoss(), [prob(), ints(2, (3, 4)).double()], None, lambda m, p, t: m(p, t.detach()))
    add("HingeEmbeddingLoss", lambda: nn.HingeEmbeddingLoss(), [x(6), torch.sign(x(6))], None, lambda m, p, t: m(p, t.detach()))
    add("SoftMarginLoss", lambda: nn.SoftMarginLoss(), [x(3, 4), torch.sign(x(3, 4))], None, lambda m, p, t: m(p, t.detach()))
    add("MultiLabelSoftMarginLoss", lambda: nn.MultiLabelSoftMarginLoss(), [x(3, 4), prob()], None, lambda m, p, t: m(p, t.detach()))
    add("MarginRankingLoss", lambda: nn.MarginRankingLoss(), [x(5), x(5), torch.sign(x(5))], None, lambda m, p, q, t: m(p, q, t.detach()))
    add("CosineEmbeddingLoss", lambda: nn.CosineEmbeddingLoss(), [x(4, 3), x(4, 3), torch.sign(x(4))], None, lambda m, p, q, t: m(p, q, t.detach()))
    add("KLDivLoss", lambda: nn.KLDivLoss(log_target=True), [torch.log_softmax(x(3, 4), 1), torch.log_softmax(x(3, 4), 1)])
    add("Conv3d", lambda: nn.Conv3d(2, 3, 2, stride=2, padding=1), [x(1, 2, 4, 4, 4)])
    add("Conv3d_same", lambda: nn.Conv3d(2, 3, (2, 3, 2), padding="same"), [x(1, 2, 3, 3, 3)])
    add("ConvTranspose3d", lambda: nn.ConvTranspose3d(2, 3, 2, stride=2), [x(1, 2, 2, 3, 2)])
    add("MaxPool3d", lambda: nn.MaxPool3d(2), [x(1, 2, 4, 4, 2)])
    add("AvgPool3d", lambda: nn.AvgPool3d(2), [x(1, 2, 4, 4, 2)])
    add("AdaptiveAvgPool3d", lambda: nn.AdaptiveAvgPool3d(2), [x(1, 2, 3, 4, 5)])
    add("AdaptiveMaxPool3d", lambda: nn.AdaptiveMaxPool3d(2), [x(1, 2, 3, 4, 5)])
    for n, size in ((1, (4,)), (2, (4, 4)), (3, (2, 4, 2))):
        places = getattr(F, f"max_pool{n}d")(x(1, 2, *size), 2, return_indices=True)[1]
        add(f"MaxUnpool{n}d", lambda: getattr(nn, f"MaxUnpool{n}d")(2), [x(*places.shape), places])
    add("Upsample", lambda: nn.Upsample(scale_factor=2.0, mode="bilinear"), [x(1, 2, 3, 4)])
    add("Fold", lambda: nn.Fold((4, 4), 2), [x(1, 8, 9)])
    add("Unfold", lambda: nn.Unfold(2, stride=2), [x(1, 2, 4, 4)])
    add("ChannelShuffle", lambda: nn.Identity(), [x(1, 4, 2, 2)], None, lambda m, t: t.view(1, 2, 2, 2, 2).transpose(1, 2).reshape(1, 4, 2, 2))  # 1.13 has no gradient
    add("CTCLoss", lambda: nn.CTCLoss(), [x(5, 2, 4), torch.tensor([[1, 2], [3, 3]]), torch.tensor([5, 5]), torch.tensor([2, 2])], None, lambda m, p, t, n, k: m(p.log_softmax(2), t, n, k))
    return g
