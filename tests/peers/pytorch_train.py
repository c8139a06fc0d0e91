"""The reference network trained by PyTorch: the peer of `course bench train`.

Reads one command a line on standard input, answers one JSON object a line on standard output:
  epoch  -> train one epoch, {"seconds": ..., "loss": ...}
  test   -> {"accuracy": ..., "peak_mb": ...}
Data is resident as one tensor; batches are taken by indexing a permutation, as in the C# side.
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
    parser.add_argument("--data", required=True, help="folder with MNIST's four IDX files, gzipped or not")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--images", type=int, default=60000)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)

    import torch
    from torch import nn
    import torch.nn.functional as F
    torch.set_num_threads(options.threads)

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

    def load(images, labels):
        x = torch.from_numpy(read_idx(options.data, images).copy()).unsqueeze(1).float()
        x.div_(255).sub_(0.1307).div_(0.3081)
        return x, torch.from_numpy(read_idx(options.data, labels).copy()).long()

    torch.manual_seed(1)
    network = Network()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    x, y = load("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
    x, y = x[:options.images].clone(), y[:options.images].clone()
    print(json.dumps({"ready": True, "version": torch.__version__}), flush=True)

    for line in sys.stdin:
        if line.strip() == "epoch":
            network.train()
            start = time.perf_counter()
            order = torch.randperm(len(x))
            total = 0.0
            for i in range(0, len(x), options.batch):
                index = order[i:i + options.batch]
                optimizer.zero_grad()
                loss = F.nll_loss(network(x[index]), y[index])
                loss.backward()
                optimizer.step()
                total = loss.item()
            print(json.dumps({"seconds": time.perf_counter() - start, "loss": total}), flush=True)
        elif line.strip() == "test":
            network.eval()
            with torch.no_grad():
                xt, yt = load("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
                right = sum((network(xt[i:i + 1000]).argmax(1) == yt[i:i + 1000]).sum().item() for i in range(0, len(xt), 1000))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
            print(json.dumps({"accuracy": right / len(xt), "peak_mb": peak}), flush=True)
        else:
            break


main()
