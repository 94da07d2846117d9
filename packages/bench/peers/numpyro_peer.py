"""NUTS in NumPyro: float64, chains in parallel on one host device each."""
import time

from task import Task

import numpyro

task = Task()
numpyro.enable_x64()
numpyro.set_host_device_count(task.num_chains)

import jax
from jax import random
from numpyro.infer import MCMC, NUTS

import numpyro_models

# What JAX spends before a function runs: tracing, lowering, compiling. Traces within traces count twice, in its favour.
compilation = []
jax.monitoring.register_event_duration_secs_listener(
    lambda event, duration, **_: compilation.append(duration) if event.startswith("/jax/core/compile/") else None
)

model = getattr(numpyro_models, task.model)(**task.arrays())
mcmc = MCMC(
    NUTS(model),
    num_warmup=task.num_warmup,
    num_samples=task.num_samples,
    num_chains=task.num_chains,
    chain_method="parallel",
    progress_bar=False,
)
start = time.perf_counter()
mcmc.run(random.PRNGKey(task.seed), extra_fields=("num_steps",))
draws = jax.device_get(mcmc.get_samples(group_by_chain=True))
run_s = time.perf_counter() - start
compile_s = sum(compilation)
mcmc.print_summary()
task.summary_printed()

import os
import subprocess
import sys

from numpyro.infer.util import log_density


def gradient_cpu_us(*options):
    """In a process of its own: this one has a device for every chain."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "numpyro_gradient.py")
    command = [sys.executable, script, *sys.argv[1:4], *options]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


task.finish(
    draws,
    compile_s=compile_s,
    sample_s=run_s - compile_s,
    log_joints=[log_density(model, (), {}, point)[0] for point in task.point_arrays()],
    # Threads that wait for each other cost more than they save on small models.
    gradient_cpu_us=min(gradient_cpu_us(), gradient_cpu_us("--one-core")),
    gradients=int(mcmc.get_extra_fields()["num_steps"].sum()),
)
