"""NUTS in NumPyro: float64, chains in parallel on one host device each."""
import time

from task import Task, cpu_us

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

# The gradient in a compiled loop.
from jax.flatten_util import ravel_pytree
from numpyro.infer.util import initialize_model, log_density

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


origin = start_point * 0
task.finish(
    draws,
    compile_s=compile_s,
    sample_s=run_s - compile_s,
    log_joints=[log_density(model, (), {}, point)[0] for point in task.point_arrays()],
    gradient_cpu_us=cpu_us(lambda n: jax.block_until_ready(evaluate(origin, n))),
    gradients=int(mcmc.get_extra_fields()["num_steps"].sum()),
)
