"""The products and convolutions of ThroughputTests in PyTorch, for the same table. Needs a torch that sees a GPU."""
import sys
import time

try:
    import torch
except ImportError:
    print("no PyTorch here: nothing to compare with")
    sys.exit(0)
if not torch.cuda.is_available():
    print(f"PyTorch {torch.__version__} sees no GPU: nothing to compare with")
    sys.exit(0)
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False


def measure(what, operations, call):
    call()
    torch.cuda.synchronize()
    best, begun = float("inf"), time.perf_counter()
    for number in range(50):
        start = time.perf_counter()
        call()
        torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
        if number >= 2 and time.perf_counter() - begun > 4:
            break
    print(f"{what}: {operations / best / 1e9:.2f} GFLOP/s, {best * 1e3:.3f} ms")


side, batch = 4096, 1024
a, b = (torch.full((side, side), 0.5, device="cuda") for _ in range(2))
measure(f"product {side}³", 2.0 * side**3, lambda: a @ b)
x, w = torch.full((batch, 784), 0.5, device="cuda"), torch.full((128, 784), 0.5, device="cuda")
measure(f"product {batch}×784×128", 2.0 * batch * 784 * 128, lambda: x @ w.T)
image = torch.full((batch, 32, 14, 14), 0.5, device="cuda")
weight, bias = torch.full((64, 32, 3, 3), 0.5, device="cuda"), torch.full((64,), 0.5, device="cuda")
gradient = torch.full((batch, 64, 14, 14), 0.5, device="cuda")
work = 2.0 * gradient.numel() * 32 * 9
measure("convolution 32→64, 3×3, 14×14", work, lambda: torch.nn.functional.conv2d(image, weight, bias, padding=1))
measure("its input's gradient", work, lambda: torch.nn.grad.conv2d_input(image.shape, weight, gradient, padding=1))
measure("its weights' gradient", work, lambda: torch.nn.grad.conv2d_weight(image, weight.shape, gradient, padding=1))
print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name()}")
