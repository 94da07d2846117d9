"""NUTS in nutpie on a PyMC model compiled by numba, two chains at a time."""
import os
import time

from task import Task, cpu_us

import nutpie
import numpy as np
import pymc as pm

import pymc_models

task = Task()
start = time.perf_counter()
model = getattr(pymc_models, task.model)(**task.arrays())
compiled = nutpie.compile_pymc_model(model)
compile_s = time.perf_counter() - start
start = time.perf_counter()
trace = nutpie.sample(
    compiled,
    draws=task.num_samples,
    tune=task.num_warmup,
    chains=task.num_chains,
    cores=os.cpu_count(),
    seed=task.seed,
    progress_bar=False,
)
sample_s = time.perf_counter() - start

import arviz

print(arviz.summary(trace))
task.summary_printed()

# What nutpie calls, called in a compiled loop.
import ctypes

import numba

pointers = [ctypes.c_void_p] * 4
density = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, *pointers)(compiled.compiled_logp_func.address)


@numba.njit
def repeat(n, point, gradient, value, data):
    for _ in range(n):
        density(len(point), point.ctypes, gradient.ctypes, value.ctypes, data.ctypes)


def evaluate(n):
    repeat(n, np.zeros(compiled.n_dim), np.zeros(compiled.n_dim), np.zeros(1), compiled.user_data)


def log_joint(point):
    values = {}
    for variable in model.free_RVs:
        value_variable = model.rvs_to_values[variable]
        transform = model.rvs_to_transforms[variable]
        value = point[variable.name]
        if transform is not None:
            value = transform.forward(value, *variable.owner.inputs).eval()
        values[value_variable.name] = np.asarray(value, dtype=float)
    return model.compile_logp(jacobian=False)(values)


task.finish(
    {variable.name: trace.posterior[variable.name].values for variable in model.free_RVs},
    compile_s=compile_s,
    sample_s=sample_s,
    log_joints=[log_joint(point) for point in task.point_arrays()],
    gradient_cpu_us=cpu_us(evaluate),
    gradients=int(trace.sample_stats["n_steps"].sum()) if "n_steps" in trace.sample_stats else None,
)
