"""PyTorch's side of the DNN step: reads 'dims batch seconds clock' lines, answers each with 'frames_per_second'.

The number of threads comes from OMP_NUM_THREADS and OPENBLAS_NUM_THREADS, which the libraries read when they load."""
import os
import sys
import time

try:
    import torch
except ImportError as error:
    print(f"missing {error}", flush=True)
    sys.exit(0)

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
torch.manual_seed(1)
print(f"ready PyTorch {torch.__version__}", flush=True)
built = {}


def build(dims, batch):
    layers = []
    for i, (before, after) in enumerate(zip(dims, dims[1:])):
        layers.append(torch.nn.Linear(before, after))
        if i < len(dims) - 2:
            layers.append(torch.nn.Sigmoid())
    model = torch.nn.Sequential(*layers)
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-6)
    loss = torch.nn.CrossEntropyLoss(reduction="sum")
    frames, targets = torch.randn(16384, dims[0]), torch.randint(dims[-1], (16384,))

    def step():
        rows = torch.randint(16384, (batch,))
        optimiser.zero_grad()
        loss(model(frames[rows]), targets[rows]).backward()
        optimiser.step()

    step()
    return step


for line in sys.stdin:
    dims, batch, seconds, name = line.split()
    clock = time.thread_time if name == "cpu" else time.perf_counter
    key = (dims, batch)
    if key not in built:
        built[key] = build([int(d) for d in dims.split("-")], int(batch))
    step, steps, start = built[key], 0, clock()
    while clock() - start < float(seconds):
        step()
        steps += 1
    print(steps * int(batch) / (clock() - start), flush=True)
