"""gloo's side of the AllReduce rung: worker 0 reads 'bytes repetitions' lines and answers each with
'best_seconds median_seconds'. Arguments: rank, number of workers, port."""
import sys
import time

try:
    import torch
    import torch.distributed as dist
except ImportError as error:
    print(f"missing {error}", flush=True)
    sys.exit(0)

rank, size, port = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
torch.set_num_threads(1)
dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=size)
if rank == 0:
    print(f"ready gloo of PyTorch {torch.__version__}", flush=True)
while True:
    order = torch.zeros(2, dtype=torch.int64)
    if rank == 0:
        line = sys.stdin.readline().split()
        order = torch.tensor([int(word) for word in line] if line else [-1, 0], dtype=torch.int64)
    dist.broadcast(order, 0)
    length, times = order.tolist()
    if length < 0:
        break
    values = torch.full((length // 4,), 1e-3)
    dist.all_reduce(values)
    seconds = []
    for _ in range(times):
        dist.barrier()
        start = time.perf_counter()
        dist.all_reduce(values)
        seconds.append(time.perf_counter() - start)
    if rank == 0:
        seconds.sort()
        print(f"{seconds[0]:.9f} {seconds[times // 2]:.9f}", flush=True)
