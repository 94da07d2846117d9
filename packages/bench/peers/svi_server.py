"""What the SVI peers have in common: `serve(run)` answers every line of stdin, a number of steps, with the time that many
steps took. argv[1] is the problem as JSON; its arrays lie in a folder as raw float64."""
import json
import os
import sys
import time

import numpy as np

spec = json.loads(sys.argv[1])
sizes = spec["sizes"]


def data(name, *shape):
    return np.fromfile(os.path.join(spec["folder"], name + ".f64")).reshape(shape).astype(np.float32)


def serve(run):
    """run(steps) takes steps from where it is, waits for them, and returns the last loss."""
    for line in sys.stdin:
        start, cpu_start = time.perf_counter(), time.process_time()
        loss = float(run(int(line)))
        cpu = time.process_time() - cpu_start
        print(json.dumps({"seconds": time.perf_counter() - start, "cpuSeconds": cpu, "loss": loss}), flush=True)
