"""NUTS in Pyro: float64, the density by torch's JIT, chains in parallel processes of one thread each."""
import time

from task import Task, cpu_us

import pyro
import torch
from pyro import poutine
from pyro.infer import MCMC, NUTS
from pyro.infer.mcmc.util import initialize_model

import pyro_models

task = Task()
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
pyro.set_rng_seed(task.seed)

data = {name: torch.as_tensor(value, dtype=torch.float64) for name, value in task.data.items()}
model = getattr(pyro_models, task.model)(**data)
mcmc = MCMC(
    NUTS(model, jit_compile=True, ignore_jit_warnings=True),
    num_samples=task.num_samples,
    warmup_steps=task.num_warmup,
    num_chains=task.num_chains,
    disable_progbar=True,
)
start = time.perf_counter()
mcmc.run()
sample_s = time.perf_counter() - start
mcmc.summary()
draws = {name: value.numpy() for name, value in mcmc.get_samples(group_by_chain=True).items()}
task.summary_printed()

# jit_compile: the first calls trace, compile and profile.
initial, potential, _, _ = initialize_model(model, jit_compile=True, jit_options={"check_trace": False}, skip_jit_warnings=True)
start = time.perf_counter()
names = list(initial)
point = {name: torch.zeros_like(value).requires_grad_() for name, value in initial.items()}


def evaluate(n):
    for _ in range(n):
        torch.autograd.grad(potential(point), [point[name] for name in names])


evaluate(3)
compile_s = time.perf_counter() - start


def log_joint(values):
    tensors = {name: torch.as_tensor(value) for name, value in values.items()}
    return poutine.trace(poutine.condition(model, data=tensors)).get_trace().log_prob_sum().item()


task.finish(
    draws,
    compile_s=compile_s,
    sample_s=sample_s - compile_s,
    log_joints=[log_joint(values) for values in task.point_arrays()],
    gradient_cpu_us=cpu_us(evaluate),
    gradients=None,
)
