"""What every peer does: reads a task, says when its summary is printed, and writes what was measured.

The task is a JSON file {model, data, points, numWarmup, numSamples, numChains}. Run as
`python <peer>_peer.py <task.json> <folder for results> <seed>`.
"""
import json
import os
import sys
import time


class Task:
    def __init__(self):
        path, self.folder, seed = sys.argv[1:4]
        with open(path) as file:
            content = json.load(file)
        self.model = content["model"]
        self.data = content["data"]
        # Values of the latent sites, constrained, at which the log joint densities are compared.
        self.points = content["points"]
        self.num_warmup = content["numWarmup"]
        self.num_samples = content["numSamples"]
        self.num_chains = content["numChains"]
        self.seed = int(seed)

    def arrays(self):
        """The data as numpy arrays."""
        import numpy as np

        return {name: np.asarray(value) for name, value in self.data.items()}

    def point_arrays(self):
        import numpy as np

        return [{site: np.asarray(value, dtype=float) for site, value in point.items()} for point in self.points]

    def summary_printed(self):
        """The time from the start of the process until here is the cold start; memory is no longer watched."""
        print("@summary", flush=True)

    def finish(self, draws, *, compile_s, sample_s, log_joints, gradient_cpu_us, gradients):
        """Writes the draws of the latent sites, [chains, draws, ...] by name, and the figures."""
        import numpy as np

        sites = [site for site in self.points[0]]
        blocks = [
            np.asarray(draws[site], dtype="<f8").reshape(self.num_chains, self.num_samples, -1) for site in sites
        ]
        np.concatenate(blocks, axis=2).tofile(os.path.join(self.folder, "draws.f64"))
        with open(os.path.join(self.folder, "result.json"), "w") as file:
            json.dump(
                {
                    "sites": [[site, block.shape[2]] for site, block in zip(sites, blocks)],
                    "compile_s": compile_s,
                    "sample_s": sample_s,
                    "log_joints": [float(x) for x in log_joints],
                    "gradient_cpu_us": gradient_cpu_us,
                    "gradients": gradients,
                },
                file,
            )


def cpu_us(run, seconds=0.3, repeats=5):
    """CPU microseconds of one evaluation, all threads of this process counted: the least of several slices.

    run(n) makes n evaluations.
    """
    run(1)  # compiles what is compiled on first use
    n = 1
    while True:
        start = time.perf_counter()
        run(n)
        if time.perf_counter() - start > seconds:
            break
        n *= 2
    slices = []
    for _ in range(repeats):
        start = time.process_time()
        run(n)
        slices.append((time.process_time() - start) / n * 1e6)
    return min(slices)
