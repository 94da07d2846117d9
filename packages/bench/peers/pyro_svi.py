"""SVI in Pyro, float32, its default: svi.step in a loop."""
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import SVI, Trace_ELBO
from pyro.infer.autoguide import AutoNormal
from svi_server import data, serve, sizes, spec


def logistic(rows, columns, batch):
    def model(x, y):
        w = pyro.sample("w", dist.Normal(torch.zeros(columns), 1.0).to_event(1))
        b = pyro.sample("b", dist.Normal(torch.tensor(0.0), 1.0))
        with pyro.plate("data", rows, subsample_size=batch) as index:
            pyro.sample("y", dist.Bernoulli(logits=x[index] @ w + b), obs=y[index])

    return model, AutoNormal(model), (data("x", rows, columns), data("y", rows))


def vae(rows, batch, pixels, hidden, latent):
    def layer(name, i, o):
        linear = torch.nn.Linear(i, o)
        linear.weight.data = torch.as_tensor(data(name, i, o)).T.contiguous()
        linear.bias.data.zero_()
        return linear

    decoder = torch.nn.Sequential(
        layer("decoder.w1", latent, hidden), torch.nn.Softplus(), layer("decoder.w2", hidden, pixels)
    )
    encoder = torch.nn.ModuleDict(
        {
            "hidden": layer("encoder.w1", pixels, hidden),
            "mean": layer("encoder.wm", hidden, latent),
            "scale": layer("encoder.ws", hidden, latent),
        }
    )

    def model(x):
        pyro.module("decoder", decoder)
        with pyro.plate("data", rows, subsample_size=batch) as index:
            z = pyro.sample("z", dist.Normal(torch.zeros(batch, latent), 1.0).to_event(1))
            pyro.sample("x", dist.Bernoulli(logits=decoder(z), validate_args=False).to_event(1), obs=x[index])

    def guide(x):
        pyro.module("encoder", encoder)
        with pyro.plate("data", rows, subsample_size=batch) as index:
            h = torch.nn.functional.softplus(encoder["hidden"](x[index]))
            pyro.sample("z", dist.Normal(encoder["mean"](h), encoder["scale"](h).exp()).to_event(1))

    return model, guide, (data("x", rows, pixels),)


# Argument checks cost Pyro time in every step, and change nothing here.
pyro.enable_validation(False)
pyro.set_rng_seed(0)
model, guide, arrays = {"logistic": logistic, "vae": vae}[spec["kind"]](**sizes)
args = tuple(torch.as_tensor(array) for array in arrays)
svi = SVI(model, guide, pyro.optim.Adam({"lr": spec["learningRate"]}), Trace_ELBO())


def run(steps):
    for _ in range(steps):
        loss = svi.step(*args)
    return loss


serve(run)
