"""Steps per second of SVI in NumPyro: `numpyro-svi.py '{"model": …}'` prints `{"steps_per_s": …}`.

The whole run is one compiled lax.scan, as SVI.run does it with progress_bar=False; it is timed after a run of the same length
has compiled it.
"""
import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import SVI, Trace_ELBO
from numpyro.infer.autoguide import AutoNormal

spec = json.loads(sys.argv[1])
rng = np.random.default_rng(0)


def logistic(rows, columns, batch):
    x = jnp.asarray(rng.normal(size=(rows, columns)))
    y = jnp.asarray(rng.random(rows) < 0.5, dtype=x.dtype)

    def model(x, y):
        w = numpyro.sample("w", dist.Normal(0, 1).expand([columns]).to_event(1))
        b = numpyro.sample("b", dist.Normal(0, 1))
        with numpyro.plate("data", rows, subsample_size=batch):
            xb = numpyro.subsample(x, event_dim=1)
            yb = numpyro.subsample(y, event_dim=0)
            numpyro.sample("y", dist.Bernoulli(logits=xb @ w + b), obs=yb)

    return model, AutoNormal(model), (x, y)


def vae(rows, batch, pixels, hidden, latent):
    x = jnp.asarray(rng.random((rows, pixels)) < 0.2, dtype=jnp.float32)

    def weights(i, o):
        return jnp.asarray(rng.uniform(-1, 1, (i, o)) / np.sqrt(i), dtype=jnp.float32)

    start = {
        "encoder": [weights(pixels, hidden), jnp.zeros(hidden), weights(hidden, latent), jnp.zeros(latent),
                    weights(hidden, latent), jnp.zeros(latent)],
        "decoder": [weights(latent, hidden), jnp.zeros(hidden), weights(hidden, pixels), jnp.zeros(pixels)],
    }

    def model(x):
        w1, b1, w2, b2 = numpyro.param("decoder", start["decoder"])
        with numpyro.plate("data", rows, subsample_size=batch):
            xb = numpyro.subsample(x, event_dim=1)
            z = numpyro.sample("z", dist.Normal(0, 1).expand([latent]).to_event(1))
            logits = jax.nn.softplus(z @ w1 + b1) @ w2 + b2
            numpyro.sample("x", dist.Bernoulli(logits=logits).to_event(1), obs=xb)

    def guide(x):
        w1, b1, wm, bm, ws, bs = numpyro.param("encoder", start["encoder"])
        with numpyro.plate("data", rows, subsample_size=batch):
            h = jax.nn.softplus(numpyro.subsample(x, event_dim=1) @ w1 + b1)
            numpyro.sample("z", dist.Normal(h @ wm + bm, jnp.exp(h @ ws + bs)).to_event(1))

    return model, guide, (x,)


if spec.get("x64"):
    jax.config.update("jax_enable_x64", True)
kind, steps = spec["kind"], spec["steps"]
model, guide, args = {"logistic": logistic, "vae": vae}[kind](**spec["sizes"])
svi = SVI(model, guide, numpyro.optim.Adam(1e-3), Trace_ELBO())
run = lambda seed: jax.block_until_ready(svi.run(jax.random.PRNGKey(seed), steps, *args, progress_bar=False).losses)
run(0)
# SVI.run compiles anew in every call: what a step costs is the slope between two lengths, each run a few times.
def body(state, _):
    state, loss = svi.update(state, *args)
    return state, loss
scan = jax.jit(lambda state: jax.lax.scan(body, state, None, length=steps))
state = svi.init(jax.random.PRNGKey(0), *args)
jax.block_until_ready(scan(state))
times = []
for _ in range(spec.get("repeats", 5)):
    start = time.perf_counter()
    jax.block_until_ready(scan(state))
    times.append((time.perf_counter() - start) / steps)
print(json.dumps({"steps_per_s": 1 / sorted(times)[len(times) // 2], "best": 1 / min(times)}))
