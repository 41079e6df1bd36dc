"""PyTorch's side of the LSTM step: reads 'input cells projection layers directions outputs lengths seconds clock' lines.

'lengths' is SEQUENCESxFRAMES, or the frames of each sequence joined by commas. Answers each line with frames a second
('peak' instead of a line: the most memory that the process has held, in bytes). The number of threads comes from
OMP_NUM_THREADS and OPENBLAS_NUM_THREADS, which the libraries read when they load. Each sequence starts from zero, which
costs PyTorch no more than to carry its state; nn.LSTM has no peepholes, so it does a little less work than its peer."""
import os
import resource
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


class Network(torch.nn.Module):
    def __init__(self, inputs, cells, projection, layers, directions, outputs):
        super().__init__()
        self.lstm = torch.nn.LSTM(inputs, cells, layers, proj_size=projection, bidirectional=directions == 2)
        self.output = torch.nn.Linear((projection or cells) * directions, outputs)

    def forward(self, x):
        y, _ = self.lstm(x)
        return self.output(y.data if isinstance(y, torch.nn.utils.rnn.PackedSequence) else y.flatten(0, 1))


def build(inputs, cells, projection, layers, directions, outputs, lengths):
    model = Network(inputs, cells, projection, layers, directions, outputs)
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-6)
    loss = torch.nn.CrossEntropyLoss(reduction="sum")
    frames, targets = sum(lengths), torch.randint(outputs, (sum(lengths),))
    x = torch.randn(max(lengths), len(lengths), inputs)
    if min(lengths) < max(lengths):
        x = torch.nn.utils.rnn.pack_padded_sequence(x, lengths)

    def step():
        optimiser.zero_grad()
        loss(model(x), targets).backward()
        optimiser.step()
        return frames

    step()
    return step


for line in sys.stdin:
    if line.startswith("peak"):
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10, flush=True)
        continue
    *sizes, lengths, seconds, name = line.split()
    clock = time.thread_time if name == "cpu" else time.perf_counter
    key = (*sizes, lengths)
    if key not in built:
        sequences, _, each = lengths.partition("x")
        of_each = [int(each)] * int(sequences) if each else sorted(map(int, lengths.split(",")), reverse=True)
        built[key] = build(*map(int, sizes), of_each)
    step, frames, start = built[key], 0, clock()
    while clock() - start < float(seconds):
        frames += step()
    print(frames / (clock() - start), flush=True)
