"""PyTorch's side of `course bench infer|gemm|conv|ops|blocks`.

Reads one JSON request a line, answers {"seconds": median of one run} (infer: percentiles and images a second). Inputs of a request
are made once; a round repeats the work for about a twentieth of a second.
"""
import argparse, json, os, sys, time


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)

    import torch
    from torch import nn
    import torch.nn.functional as F
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)

    def gemm(r):
        a = torch.randn(r["k"], r["m"]).t() if r["transposes"][0] == "T" else torch.randn(r["m"], r["k"])
        b = torch.randn(r["n"], r["k"]).t() if r["transposes"][1] == "T" else torch.randn(r["k"], r["n"])
        return lambda: a @ b

    def conv(r):
        x = torch.randn(r["batch"], r["input"], r["size"], r["size"], requires_grad=r["backward"])
        w = torch.randn(r["output"], r["input"], r["kernel"], r["kernel"], requires_grad=r["backward"])
        if not r["backward"]:
            return lambda: F.conv2d(x, w, stride=r["stride"], padding=r["pad"])
        g = torch.randn_like(F.conv2d(x, w, stride=r["stride"], padding=r["pad"]))

        def run():
            x.grad = w.grad = None
            F.conv2d(x, w, stride=r["stride"], padding=r["pad"]).backward(g)
        return run

    def op(r):
        size = r["size"]
        a, b, matrix = torch.rand(size), torch.rand(size), torch.rand(size // 100, 100)
        return {
            "add": lambda: a.add(b), "mul scalar": lambda: a.mul(0.5), "relu": lambda: F.relu(a), "exp": lambda: a.exp(), "log": lambda: a.log(),
            "tanh": lambda: a.tanh(), "sigmoid": lambda: a.sigmoid(), "sum": lambda: a.sum(), "sum rows": lambda: matrix.sum(1),
            "sum columns": lambda: matrix.sum(0), "max": lambda: a.max(), "gelu": lambda: F.gelu(a), "pow": lambda: a.pow(1.7), "greater": lambda: a.gt(b),
            "argmax": lambda: matrix.argmax(1), "cumsum": lambda: matrix.cumsum(1), "softmax": lambda: matrix.softmax(1),
            "copy transposed": lambda: matrix.t().contiguous(), "broadcast add": lambda: matrix.add(matrix[0]),
        }[r["name"]]

    def step(module, loss):
        def run():
            module.zero_grad()
            loss().backward()
        return run

    def lstm(r):
        module, x = nn.LSTM(64, 128, batch_first=True), torch.randn(32, 32, 64)
        return step(module, lambda: module(x)[0].sum())

    def transformer(r):
        module, x, mask = nn.TransformerEncoderLayer(128, 4, 512, 0.0), torch.randn(64, 16, 128), torch.zeros(64, 64)
        return step(module, lambda: module(x, mask).sum())

    def residual(r):
        module = nn.Sequential(nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32))
        x = torch.randn(16, 32, 28, 28)
        return step(module, lambda: F.relu(module(x) + x).sum())

    def image(r):
        module = nn.Sequential(nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2))
        x = torch.randn(4, 3, 224, 224)
        return step(module, lambda: module(x).sum())

    def infer():
        conv1, conv2, fc1, fc2 = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5), nn.Linear(320, 50), nn.Linear(50, 10)

        def network(x):
            x = F.relu(F.max_pool2d(conv1(x), 2))
            x = F.relu(F.max_pool2d(conv2(x), 2))
            return F.log_softmax(fc2(F.relu(fc1(x.flatten(1)))), 1)

        def times(x, n):
            seconds = []
            for _ in range(n):
                start = time.perf_counter()
                network(x)
                seconds.append(time.perf_counter() - start)
            return sorted(seconds)

        with torch.no_grad():
            one, many = torch.randn(1, 1, 28, 28), torch.randn(256, 1, 28, 28)
            times(one, 500), times(many, 5)
            single, batches = times(one, 3000), times(many, 40)
        return {"p50_us": single[len(single) // 2] * 1e6, "p99_us": single[len(single) * 99 // 100] * 1e6, "images_per_second": 256 / batches[len(batches) // 2]}

    def timed(run, n):
        start = time.perf_counter()
        for _ in range(n):
            run()
        return (time.perf_counter() - start) / n

    makers = {"gemm": gemm, "conv": conv, "op": op, "lstm": lstm, "transformer": transformer, "residual": residual, "image": image}
    made = {}
    print(json.dumps({"ready": True, "version": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "infer":
            print(json.dumps(infer()), flush=True)
            continue
        if line not in made:
            made.clear()
            run = makers[request["kind"]](request)
            for _ in range(3):
                run()
            made[line] = run, max(1, int(0.05 / max(timed(run, 1), 1e-7)))
        run, n = made[line]
        print(json.dumps({"seconds": timed(run, n)}), flush=True)


main()
