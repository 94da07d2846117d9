"""SVI in NumPyro, float32, its default: all steps of a slice in one compiled lax.scan over svi.update."""
import functools

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import SVI, Trace_ELBO
from numpyro.infer.autoguide import AutoNormal
from svi_server import data, serve, sizes, spec


def logistic(rows, columns, batch):
    def model(x, y):
        w = numpyro.sample("w", dist.Normal(0, 1).expand([columns]).to_event(1))
        b = numpyro.sample("b", dist.Normal(0, 1))
        with numpyro.plate("data", rows, subsample_size=batch):
            xb = numpyro.subsample(x, event_dim=1)
            yb = numpyro.subsample(y, event_dim=0)
            numpyro.sample("y", dist.Bernoulli(logits=xb @ w + b), obs=yb)

    return model, AutoNormal(model), (data("x", rows, columns), data("y", rows))


def vae(rows, batch, pixels, hidden, latent):
    def weights(name, i, o):
        return jnp.asarray(data(name, i, o))

    def model(x):
        w1 = numpyro.param("decoder.w1", weights("decoder.w1", latent, hidden))
        b1 = numpyro.param("decoder.b1", jnp.zeros(hidden))
        w2 = numpyro.param("decoder.w2", weights("decoder.w2", hidden, pixels))
        b2 = numpyro.param("decoder.b2", jnp.zeros(pixels))
        with numpyro.plate("data", rows, subsample_size=batch):
            xb = numpyro.subsample(x, event_dim=1)
            z = numpyro.sample("z", dist.Normal(0, 1).expand([latent]).to_event(1))
            logits = jax.nn.softplus(z @ w1 + b1) @ w2 + b2
            numpyro.sample("x", dist.Bernoulli(logits=logits).to_event(1), obs=xb)

    def guide(x):
        w1 = numpyro.param("encoder.w1", weights("encoder.w1", pixels, hidden))
        b1 = numpyro.param("encoder.b1", jnp.zeros(hidden))
        wm = numpyro.param("encoder.wm", weights("encoder.wm", hidden, latent))
        bm = numpyro.param("encoder.bm", jnp.zeros(latent))
        ws = numpyro.param("encoder.ws", weights("encoder.ws", hidden, latent))
        bs = numpyro.param("encoder.bs", jnp.zeros(latent))
        with numpyro.plate("data", rows, subsample_size=batch):
            h = jax.nn.softplus(numpyro.subsample(x, event_dim=1) @ w1 + b1)
            numpyro.sample("z", dist.Normal(h @ wm + bm, jnp.exp(h @ ws + bs)).to_event(1))

    return model, guide, (data("x", rows, pixels),)


model, guide, arrays = {"logistic": logistic, "vae": vae}[spec["kind"]](**sizes)
args = tuple(jnp.asarray(array) for array in arrays)
svi = SVI(model, guide, numpyro.optim.Adam(spec["learningRate"]), Trace_ELBO())
state = svi.init(jax.random.PRNGKey(0), *args)


@functools.partial(jax.jit, static_argnums=1)
def scan(state, steps, *args):
    return jax.lax.scan(lambda s, _: svi.update(s, *args), state, None, length=steps)


def run(steps):
    global state
    state, losses = jax.block_until_ready(scan(state, steps, *args))
    return losses[-1]


serve(run)
