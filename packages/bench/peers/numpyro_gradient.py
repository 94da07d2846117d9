"""Prints the CPU microseconds of NumPyro's log density with its gradient, in a compiled loop, on one device."""
import os
import sys

from task import Task, cpu_us

task = Task()
if "--one-core" in sys.argv:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import jax
import numpyro
from jax import random
from jax.flatten_util import ravel_pytree
from numpyro.infer.util import initialize_model

import numpyro_models

numpyro.enable_x64()
model = getattr(numpyro_models, task.model)(**task.arrays())
info = initialize_model(random.PRNGKey(0), model)
start_point, unravel = ravel_pytree(info.param_info.z)
value_and_grad = jax.value_and_grad(lambda q: info.potential_fn(unravel(q)))


@jax.jit
def evaluate(q, n):
    def body(_, carry):
        point, total = carry
        value, gradient = value_and_grad(point)
        # Moves a little, so that no evaluation can be left out.
        return point + 1e-14 * gradient, total + value

    return jax.lax.fori_loop(0, n, body, (q, 0.0))


print(cpu_us(lambda n: jax.block_until_ready(evaluate(start_point * 0, n))))
