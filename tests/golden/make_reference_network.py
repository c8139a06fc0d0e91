#!/usr/bin/python3
"""Losses and accuracies of the reference network in PyTorch, for ReferenceNetworkTests.

  /usr/bin/python3 tests/golden/make_reference_network.py FOLDER   (FOLDER holds train-images-idx3-ubyte[.gz] …)

Written to data/reference_network.json: the first 200 losses in float64 and the first 10 in float32 from seed 1,
and for three seeds the accuracy on the test set after one epoch in float32. Batches of 64 in the order of
torch.randperm, drawn after the network; Adam with its defaults; one thread.
"""
import gzip, json, os, struct, sys
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)


def idx(folder, name):
    path = os.path.join(folder, name)
    with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as f:
        data = f.read()
    dims = struct.unpack(">" + "I" * data[3], data[4:4 + 4 * data[3]])
    return torch.from_numpy(np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(dims).copy())


def images(folder, name):
    return ((idx(folder, name).double() / 255 - 0.1307) / 0.3081).unsqueeze(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5)
        self.fc1, self.fc2 = nn.Linear(320, 50), nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        return F.log_softmax(self.fc2(x), 1)


def train(x, y, seed, dtype, steps):
    torch.manual_seed(seed)
    net = Net().to(dtype)
    order = torch.randperm(len(x))
    optimizer, losses = torch.optim.Adam(net.parameters()), []
    for step in range(steps):
        batch = order[step * 64:(step + 1) * 64]
        optimizer.zero_grad()
        loss = F.nll_loss(net(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return net, losses


if __name__ == "__main__":
    folder = sys.argv[1]
    x, y = images(folder, "train-images-idx3-ubyte"), idx(folder, "train-labels-idx1-ubyte").long()
    tx, ty = images(folder, "t10k-images-idx3-ubyte").float(), idx(folder, "t10k-labels-idx1-ubyte").long()
    result = {"torch": torch.__version__, "float64": train(x, y, 1, torch.float64, 200)[1], "float32": train(x.float(), y, 1, torch.float32, 10)[1], "accuracy": {}}
    for seed in (1, 2, 3):
        net, _ = train(x.float(), y, seed, torch.float32, (len(x) + 63) // 64)
        with torch.no_grad():
            result["accuracy"][seed] = (net(tx).argmax(1) == ty).double().mean().item()
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "reference_network.json")
    with open(path, "w") as f:
        json.dump(result, f, indent=1)
        f.write("\n")
    print(result["float32"], result["accuracy"])
