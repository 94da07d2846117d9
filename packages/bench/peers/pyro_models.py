"""The benchmark models in Pyro. Each takes its data, as tensors, and returns a model without arguments."""
import pyro
import pyro.distributions as dist
import torch
from pyro import sample


def eight_schools(y, se):
    def model():
        mu = sample("mu", dist.Normal(0.0, 5.0))
        tau = sample("tau", dist.HalfCauchy(5.0))
        with pyro.plate("schools", len(y)):
            trans = sample("thetaTrans", dist.Normal(0.0, 1.0))
            sample("y", dist.Normal(mu + tau * trans, se), obs=y)

    return model


def logistic(x, y):
    def model():
        intercept = sample("intercept", dist.Normal(0.0, 2.5))
        beta = sample("beta", dist.Normal(0.0, 2.5).expand([x.shape[1]]).to_event(1))
        with pyro.plate("rows", len(y)):
            sample("y", dist.Bernoulli(logits=x @ beta + intercept), obs=y)

    return model


def hierarchical(groups, group, x, y):
    def model():
        mu_a = sample("muA", dist.Normal(0.0, 5.0))
        mu_b = sample("muB", dist.Normal(0.0, 5.0))
        sigma_a = sample("sigmaA", dist.HalfNormal(5.0))
        sigma_b = sample("sigmaB", dist.HalfNormal(5.0))
        sigma = sample("sigma", dist.HalfNormal(5.0))
        with pyro.plate("groups", int(groups)):
            a = sample("a", dist.Normal(mu_a, sigma_a))
            b = sample("b", dist.Normal(mu_b, sigma_b))
        index = group.long()
        with pyro.plate("rows", len(y)):
            sample("y", dist.Normal(a[index] + b[index] * x, sigma), obs=y)

    return model


def robust(x, y):
    def model():
        intercept = sample("intercept", dist.Normal(0.0, 5.0))
        beta = sample("beta", dist.Normal(0.0, 5.0).expand([x.shape[1]]).to_event(1))
        nu = sample("nu", dist.Gamma(2.0, 0.1))
        sigma = sample("sigma", dist.HalfNormal(5.0))
        with pyro.plate("rows", len(y)):
            sample("y", dist.StudentT(nu, x @ beta + intercept, sigma), obs=y)

    return model


def stochastic_volatility(returns):
    def model():
        sigma = sample("sigma", dist.Exponential(50.0))
        nu = sample("nu", dist.Exponential(0.1))
        z = sample("z", dist.Normal(0.0, 1.0).expand([len(returns)]).to_event(1))
        with pyro.plate("days", len(returns)):
            sample("r", dist.StudentT(nu, 0.0, torch.exp(torch.cumsum(z, 0) * sigma)), obs=returns)

    return model


def gaussian_process(x, y):
    squares = (x[:, None] - x[None, :]) ** 2
    identity = torch.eye(len(x))
    zeros = torch.zeros(len(x))

    def model():
        rho = sample("rho", dist.InverseGamma(5.0, 5.0))
        alpha = sample("alpha", dist.HalfNormal(1.0))
        sigma = sample("sigma", dist.HalfNormal(1.0))
        covariance = alpha**2 * torch.exp(-0.5 * squares / rho**2) + sigma**2 * identity
        sample("y", dist.MultivariateNormal(zeros, covariance_matrix=covariance), obs=y)

    return model


def mixture(y):
    def model():
        weights = sample("weights", dist.Dirichlet(torch.ones(3)))
        with pyro.plate("components", 3):
            mu = sample("mu", dist.Normal(0.0, 5.0))
            sigma = sample("sigma", dist.HalfNormal(2.0))
        with pyro.plate("rows", len(y)):
            components = dist.Normal(mu, sigma)
            sample("y", dist.MixtureSameFamily(dist.Categorical(weights), components), obs=y)

    return model


def ar(y, order=5):
    lags = torch.stack([y[order - 1 - p : len(y) - 1 - p] for p in range(order)], dim=1)

    def model():
        alpha = sample("alpha", dist.Normal(0.0, 10.0))
        beta = sample("beta", dist.Normal(0.0, 10.0).expand([order]).to_event(1))
        sigma = sample("sigma", dist.HalfCauchy(2.5))
        with pyro.plate("steps", len(y) - order):
            sample("y", dist.Normal(alpha + lags @ beta, sigma), obs=y[order:])

    return model


def negative_binomial(x, y):
    def model():
        intercept = sample("intercept", dist.Normal(0.0, 2.5))
        beta = sample("beta", dist.Normal(0.0, 2.5).expand([x.shape[1]]).to_event(1))
        phi = sample("phi", dist.Exponential(1.0))
        logits = x @ beta + intercept - torch.log(phi)
        with pyro.plate("rows", len(y)):
            sample("y", dist.NegativeBinomial(total_count=phi, logits=logits), obs=y)

    return model
