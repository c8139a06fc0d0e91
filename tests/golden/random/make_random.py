"""Writes random.json: what PyTorch's CPU generator gives for a seed, call after call, as bit patterns.

Run with Debian's python3-torch: /usr/bin/python3 make_random.py > random.json
Each case is one seed and a list of calls that share its stream, so that a call that takes a number too many shows in the next.
Values of more than 64 elements are kept as their first and last 8 and a checksum: sum of (i + 1) * bits modulo 2^61.
"""
import json, struct
import torch


def bits(tensor):
    flat = tensor.flatten()
    if flat.dtype == torch.float32:
        return [struct.unpack("<I", struct.pack("<f", v))[0] for v in flat.tolist()]
    if flat.dtype == torch.float64:
        return [struct.unpack("<Q", struct.pack("<d", v))[0] for v in flat.tolist()]
    return [int(v) & 0xFFFFFFFFFFFFFFFF for v in flat.tolist()]


def record(call, tensor, **arguments):
    values = bits(tensor)
    entry = {"call": call, "dtype": str(tensor.dtype).replace("torch.", ""), "count": len(values), **arguments}
    if len(values) <= 64:
        entry["values"] = [str(v) for v in values]
    else:
        entry["first"] = [str(v) for v in values[:8]]
        entry["last"] = [str(v) for v in values[-8:]]
        entry["checksum"] = str(sum((i + 1) * v for i, v in enumerate(values)) % (1 << 61))
    return entry


def uniform(n, low=0.0, high=1.0, dtype=torch.float32):
    return record("uniform", torch.empty(n, dtype=dtype).uniform_(low, high), low=low, high=high)


def normal(n, mean=0.0, std=1.0, dtype=torch.float32):
    return record("normal", torch.empty(n, dtype=dtype).normal_(mean, std), mean=mean, std=std)


def randint(n, low, high, dtype=torch.int64):
    return record("randint", torch.randint(low, high, (n,), dtype=dtype), low=low, high=high)


def randperm(n):
    return record("randperm", torch.randperm(n))


def bernoulli(n, p, dtype=torch.float32):
    return record("bernoulli", torch.empty(n, dtype=dtype).bernoulli_(p), p=p)


def exponential(n, rate=1.0, dtype=torch.float32):
    return record("exponential", torch.empty(n, dtype=dtype).exponential_(rate), rate=rate)


f64 = torch.float64
plans = [
    lambda: [uniform(5), uniform(3, -2.5, 7.25), uniform(4, dtype=f64), uniform(700), uniform(33, -0.1767767, 0.1767767), uniform(20, -1.5, 3.25, f64)],
    lambda: [normal(1), normal(3), normal(15, 2.0, 0.5), normal(16), normal(17), normal(64, -1.0, 3.0), normal(1000), normal(5), uniform(4)],
    lambda: [normal(7, dtype=f64), normal(16, dtype=f64), normal(29, 1.5, 2.0, f64), normal(1, dtype=f64), uniform(2)],
    lambda: [randint(10, 0, 10), randint(6, -5, 5), randint(40, 0, 2, torch.int32), randint(8, 0, 1 << 20), randint(5, 0, 1 << 40), uniform(2)],
    lambda: [randperm(1), randperm(10), randperm(60000), randperm(2), uniform(2)],
    lambda: [bernoulli(64, 0.5), bernoulli(1000, 0.2), bernoulli(10, 0.75, f64), uniform(2)],
    lambda: [exponential(5), exponential(40, 2.5), exponential(6, 0.5, f64), normal(3), uniform(2)],
]
cases = []
for seed in (0, 1, 42, 123456789):
    for plan in plans:
        torch.manual_seed(seed)
        cases.append({"seed": seed, "calls": plan()})
print(json.dumps({"torch": torch.__version__, "cases": cases}, indent=None, separators=(",", ":")).replace('{"call"', '\n{"call"').replace('{"seed"', '\n{"seed"'))
