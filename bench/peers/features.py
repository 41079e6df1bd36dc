"""torchaudio's side of feature extraction: reads 'kind dither file seconds clock' lines, answers each with 'real_time_factor'.

The file holds mono float32 samples at 16 kHz, at the scale of 16-bit integers; it is read once, before the clock starts."""
import os
import sys
import time

try:
    import torch
    import torchaudio.compliance.kaldi as kaldi
    import torchaudio
except ImportError as error:
    print(f"missing {error}", flush=True)
    sys.exit(0)

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
torch.manual_seed(1)
print(f"ready torchaudio {torchaudio.__version__}", flush=True)
waves = {}
kinds = {
    "fbank-40": lambda wave, dither: kaldi.fbank(wave, dither=dither, num_mel_bins=40),
    "mfcc-13": lambda wave, dither: kaldi.mfcc(wave, dither=dither, num_ceps=13, use_energy=True),
}

for line in sys.stdin:
    kind, dither, file, seconds, name = line.split()
    clock = time.thread_time if name == "cpu" else time.perf_counter
    if file not in waves:
        size = os.path.getsize(file) // 4
        waves[file] = torch.from_file(file, size=size).unsqueeze(0)
    wave, compute = waves[file], kinds[kind]
    compute(wave, float(dither))
    rounds, start = 0, clock()
    while clock() - start < float(seconds):
        compute(wave, float(dither))
        rounds += 1
    print(rounds * wave.shape[1] / 16000 / (clock() - start), flush=True)
