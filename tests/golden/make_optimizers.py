#!/usr/bin/python3
"""Parameters after 20 steps of each optimiser and learning rates of each scheduler, for OptimizerTests and SchedulerTests.
Run with Debian's python3-torch; writes data/optimizers.json."""
import json, os
import torch
from torch import optim
from torch.optim import lr_scheduler as S

torch.set_num_threads(1)
D = torch.float64
OPTIMIZERS = {
    "SGD": lambda p: optim.SGD(p, 0.05, 0.9, weight_decay=0.01),
    "Nesterov": lambda p: optim.SGD(p, 0.05, 0.9, nesterov=True),
    "Adam": lambda p: optim.Adam(p, 0.05, weight_decay=0.01, amsgrad=True),
    "AdamW": lambda p: optim.AdamW(p, 0.05, weight_decay=0.1),
    "RMSProp": lambda p: optim.RMSprop(p, 0.02, momentum=0.5, centered=True),
    "Adagrad": lambda p: optim.Adagrad(p, 0.1, lr_decay=0.01, initial_accumulator_value=0.1),
    "Adadelta": lambda p: optim.Adadelta(p, 1.0, weight_decay=0.01),
    "Adamax": lambda p: optim.Adamax(p, 0.05),
    "RAdam": lambda p: optim.RAdam(p, 0.05),
    "ASGD": lambda p: optim.ASGD(p, 0.05, t0=3),
    "Rprop": lambda p: optim.Rprop(p, 0.02),
}
SCHEDULERS = {
    "LambdaLR": lambda o: S.LambdaLR(o, lambda e: 0.95 ** e),
    "MultiplicativeLR": lambda o: S.MultiplicativeLR(o, lambda e: 0.9),
    "StepLR": lambda o: S.StepLR(o, 3, 0.5),
    "MultiStepLR": lambda o: S.MultiStepLR(o, [2, 5, 5], 0.5),
    "ExponentialLR": lambda o: S.ExponentialLR(o, 0.9),
    "ConstantLR": lambda o: S.ConstantLR(o, 0.5, 4),
    "LinearLR": lambda o: S.LinearLR(o, 0.25, 1.0, 4),
    "PolynomialLR": lambda o: S.PolynomialLR(o, 8, 2.0),
    "CosineAnnealingLR": lambda o: S.CosineAnnealingLR(o, 6, 0.01),
    "CyclicLR": lambda o: S.CyclicLR(o, 0.01, 0.1, 3, 2),
    "CyclicLR2": lambda o: S.CyclicLR(o, 0.01, 0.1, 2, mode="triangular2", cycle_momentum=False),
    "CyclicLRExp": lambda o: S.CyclicLR(o, 0.01, 0.1, 2, mode="exp_range", gamma=0.9, cycle_momentum=False),
    "OneCycleLR": lambda o: S.OneCycleLR(o, 0.2, total_steps=14),
    "OneCycleLRLinear3": lambda o: S.OneCycleLR(o, 0.2, total_steps=14, anneal_strategy="linear", three_phase=True),
    "SequentialLR": lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9)], [3]),
    "ChainedLR": lambda o: S.ChainedScheduler([S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9)]),
}


def loss(a, b):
    return (a.square() * torch.tensor([1.0, 0.5, 2.0, 0.1], dtype=D)).sum() + (b - a[:2]).pow(4).sum() + a.sin().sum()


class NAdam(optim.Optimizer):
    """PyTorch 1.13 multiplies the next product by mu twice; this is the rule as PyTorch has it since 2.0."""

    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, decay=0.004):
        super().__init__(params, {"lr": lr})
        self.betas, self.eps, self.decay, self.t, self.product = betas, eps, decay, 0, 1.0

    @torch.no_grad()
    def step(self):
        self.t += 1
        (b1, b2), mu = self.betas, lambda t: self.betas[0] * (1 - 0.5 * 0.96 ** (t * self.decay))
        self.product *= mu(self.t)
        for g in self.param_groups:
            for p in g["params"]:
                s = self.state[p]
                s["m"] = b1 * s.get("m", 0) + (1 - b1) * p.grad
                s["v"] = b2 * s.get("v", 0) + (1 - b2) * p.grad ** 2
                d = (s["v"] / (1 - b2 ** self.t)).sqrt() + self.eps
                p -= g["lr"] * (1 - mu(self.t)) / (1 - self.product) * p.grad / d
                p -= g["lr"] * mu(self.t + 1) / (1 - self.product * mu(self.t + 1)) * s["m"] / d


OPTIMIZERS["NAdam"] = lambda p: NAdam(p, 0.05)


def optimise(make):
    a = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=D, requires_grad=True)
    b = torch.tensor([0.3, -0.7], dtype=D, requires_grad=True)
    o = make([a, b])
    for _ in range(20):
        o.zero_grad()
        loss(a, b).backward()
        o.step()
    return a.tolist() + b.tolist()


def schedule(make):
    o = optim.SGD([torch.ones(1, requires_grad=True)], 0.1, 0.9)
    s, rates = make(o), []
    for _ in range(13):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        s.step()
    return rates


def plateau():
    o = optim.SGD([torch.ones(1, requires_grad=True)], 0.1)
    s, rates = S.ReduceLROnPlateau(o, factor=0.5, patience=2, cooldown=1), []
    for v in [1, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.5, 0.6, 0.6, 0.6, 0.6]:
        s.step(v)
        rates.append(o.param_groups[0]["lr"])
    return rates


result = {"torch": torch.__version__, "optimizers": {n: optimise(m) for n, m in OPTIMIZERS.items()}, "schedulers": {n: schedule(m) for n, m in SCHEDULERS.items()}}
result["schedulers"]["ReduceLROnPlateau"] = plateau()
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "optimizers.json"), "w") as f:
    json.dump(result, f, indent=0)
    f.write("\n")
