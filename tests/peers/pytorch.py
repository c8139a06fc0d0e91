"""PyTorch's side of `course bench --peer pytorch`, on the CPU or on a GPU.

Says {"version": …} when it is ready, then reads one JSON request a line and answers each with one JSON object a line:
  infer   {"p50_us", "p99_us", "images_per_second"} of the reference network
  epoch   {"seconds", "loss"}: one epoch of training it on the images of the folder "data"; data is resident as one tensor, batches are
          taken by indexing a permutation, as in the C# side
  result  {"final_loss", "accuracy", "peak_mb"} after that
  others  {"seconds"} of one run; inputs are made once, a round repeats the work for about a twentieth of a second
"""
import argparse, gzip, json, os, resource, sys, time


def read_idx(folder, name):
    import numpy as np
    path = os.path.join(folder, name)
    raw = gzip.open(path + ".gz").read() if os.path.exists(path + ".gz") else open(path, "rb").read()
    rank = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * i:8 + 4 * i], "big") for i in range(rank)]
    return np.frombuffer(raw, dtype=np.uint8, offset=4 + 4 * rank).reshape(shape)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)

    import torch
    from torch import nn
    import torch.nn.functional as F
    settle = lambda: None
    if options.device == "cuda":
        if not torch.cuda.is_available():
            sys.exit(f"PyTorch {torch.__version__} sees no GPU")
        # What is made without naming a device is made there; products and convolutions in float32, as ours are.
        torch.set_default_device("cuda")
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
        settle = torch.cuda.synchronize
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

    class Gpt(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens, self.positions = nn.Embedding(65, 128), nn.Embedding(128, 128)
            self.layers = nn.TransformerEncoder(nn.TransformerEncoderLayer(128, 4, 512, 0.0), 4)
            self.head = nn.Linear(128, 65)
            self.order, self.causal = torch.arange(128).unsqueeze(1), torch.full((128, 128), float("-inf")).triu(1)

        def forward(self, x):
            return self.head(self.layers(self.tokens(x) + self.positions(self.order), self.causal))

    def update(optimizer, loss):
        def run():
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()
        return run

    def gpt_step(r):
        gpt, x, y = Gpt(), torch.randint(0, 65, (128, 16)), torch.randint(0, 65, (128 * 16,))
        return update(torch.optim.AdamW(gpt.parameters(), 1e-3), lambda: F.cross_entropy(gpt(x).reshape(-1, 65), y))

    def gpt_forward(r):
        gpt, x = Gpt().eval(), torch.randint(0, 65, (128, 1))

        def run():
            with torch.no_grad():
                gpt(x)
        return run

    def digits_step(r):
        network = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1352, 64), nn.ReLU(), nn.Linear(64, 10))
        x, y = torch.randn(128, 1, 28, 28), torch.randint(0, 10, (128,))
        return update(torch.optim.Adam(network.parameters(), 1e-3), lambda: F.cross_entropy(network(x), y))

    def adam(r):
        parameter = nn.Parameter(torch.randn(10_000_000))
        parameter.grad = torch.randn(10_000_000)
        return torch.optim.Adam([parameter], 1e-3).step

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 10, 5)
            self.conv2 = nn.Conv2d(10, 20, 5)
            self.fc1 = nn.Linear(320, 50)
            self.fc2 = nn.Linear(50, 10)

        def forward(self, x):
            x = F.relu(F.max_pool2d(self.conv1(x), 2))
            x = F.relu(F.max_pool2d(self.conv2(x), 2))
            x = F.relu(self.fc1(x.flatten(1)))
            return F.log_softmax(self.fc2(x), 1)

    def infer():
        network = Network().eval()

        def times(x, n):
            seconds = []
            for _ in range(n):
                start = time.perf_counter()
                network(x)
                settle()
                seconds.append(time.perf_counter() - start)
            return sorted(seconds)

        with torch.no_grad():
            one, many = torch.randn(1, 1, 28, 28), torch.randn(256, 1, 28, 28)
            times(one, 500), times(many, 5)
            single, batches = times(one, 3000), times(many, 40)
        return {"p50_us": single[len(single) // 2] * 1e6, "p99_us": single[len(single) * 99 // 100] * 1e6, "images_per_second": 256 / batches[len(batches) // 2]}

    class Training:
        def __init__(self, r):
            torch.manual_seed(1)
            self.folder, self.batch = r["data"], r["batch"]
            self.network = Network()
            self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3)
            x, y = self.load("train")
            self.x, self.y = x[:r["images"]].clone(), y[:r["images"]].clone()

        def load(self, part):
            x, y = (torch.from_numpy(read_idx(self.folder, f"{part}-{what}-ubyte").copy()).to(options.device) for what in ("images-idx3", "labels-idx1"))
            return x.unsqueeze(1).float().div_(255).sub_(0.1307).div_(0.3081), y.long()

        def epoch(self):
            self.network.train()
            start = time.perf_counter()
            order = torch.randperm(len(self.x))
            for i in range(0, len(self.x), self.batch):
                index = order[i:i + self.batch]
                self.optimizer.zero_grad()
                loss = F.nll_loss(self.network(self.x[index]), self.y[index])
                loss.backward()
                self.optimizer.step()
                self.loss = loss.item()
            return {"seconds": time.perf_counter() - start, "loss": self.loss}

        def result(self):
            self.network.eval()
            with torch.no_grad():
                x, y = self.load("t10k")
                right = sum((self.network(x[i:i + 1000]).argmax(1) == y[i:i + 1000]).sum().item() for i in range(0, len(x), 1000))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
            return {"final_loss": self.loss, "accuracy": right / len(x), "peak_mb": peak}

    def timed(run, n):
        start = time.perf_counter()
        for _ in range(n):
            run()
        settle()
        return (time.perf_counter() - start) / n

    makers = {
        "gemm": gemm, "conv": conv, "op": op, "lstm": lstm, "transformer": transformer, "residual": residual, "image": image,
        "gpt step": gpt_step, "gpt forward": gpt_forward, "digits step": digits_step, "adam": adam,
    }
    made, training = {}, None

    def answer(line):
        nonlocal training
        request = json.loads(line)
        if request["kind"] == "infer":
            return infer()
        if request["kind"] in ("epoch", "result"):
            training = training or Training(request)
            return training.epoch() if request["kind"] == "epoch" else training.result()
        if line not in made:
            made.clear()
            run = makers[request["kind"]](request)
            for _ in range(3):
                run()
            made[line] = run, max(1, int(0.05 / max(timed(run, 1), 1e-7)))
        run, n = made[line]
        return {"seconds": timed(run, n)}

    where = f" on {torch.cuda.get_device_name()}" if options.device == "cuda" else ""
    print(json.dumps({"version": f"PyTorch {torch.__version__}{where}"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(line)), flush=True)


main()
