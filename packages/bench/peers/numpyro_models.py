"""The benchmark models in NumPyro. Each takes its data and returns a model without arguments."""
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro import sample


def eight_schools(y, se):
    def model():
        mu = sample("mu", dist.Normal(0, 5))
        tau = sample("tau", dist.HalfCauchy(5))
        with numpyro.plate("schools", len(y)):
            trans = sample("thetaTrans", dist.Normal(0, 1))
            theta = numpyro.deterministic("theta", mu + tau * trans)
            sample("y", dist.Normal(theta, se), obs=y)

    return model


def logistic(x, y):
    def model():
        intercept = sample("intercept", dist.Normal(0, 2.5))
        beta = sample("beta", dist.Normal(0, 2.5).expand([x.shape[1]]).to_event(1))
        sample("y", dist.Bernoulli(logits=x @ beta + intercept), obs=y)

    return model


def hierarchical(groups, group, x, y):
    n = int(groups)

    def model():
        mu_a = sample("muA", dist.Normal(0, 5))
        mu_b = sample("muB", dist.Normal(0, 5))
        sigma_a = sample("sigmaA", dist.HalfNormal(5))
        sigma_b = sample("sigmaB", dist.HalfNormal(5))
        sigma = sample("sigma", dist.HalfNormal(5))
        with numpyro.plate("groups", n):
            a = sample("a", dist.Normal(mu_a, sigma_a))
            b = sample("b", dist.Normal(mu_b, sigma_b))
        sample("y", dist.Normal(a[group] + b[group] * x, sigma), obs=y)

    return model


def robust(x, y):
    def model():
        intercept = sample("intercept", dist.Normal(0, 5))
        beta = sample("beta", dist.Normal(0, 5).expand([x.shape[1]]).to_event(1))
        nu = sample("nu", dist.Gamma(2, 0.1))
        sigma = sample("sigma", dist.HalfNormal(5))
        sample("y", dist.StudentT(nu, x @ beta + intercept, sigma), obs=y)

    return model


def stochastic_volatility(returns):
    def model():
        sigma = sample("sigma", dist.Exponential(50))
        nu = sample("nu", dist.Exponential(0.1))
        z = sample("z", dist.Normal(0, 1).expand([len(returns)]).to_event(1))
        sample("r", dist.StudentT(nu, 0, jnp.exp(jnp.cumsum(z) * sigma)), obs=returns)

    return model


def gaussian_process(x, y):
    squares = (x[:, None] - x[None, :]) ** 2

    def model():
        rho = sample("rho", dist.InverseGamma(5, 5))
        alpha = sample("alpha", dist.HalfNormal(1))
        sigma = sample("sigma", dist.HalfNormal(1))
        covariance = alpha**2 * jnp.exp(-0.5 * squares / rho**2) + sigma**2 * jnp.eye(len(x))
        sample("y", dist.MultivariateNormal(jnp.zeros(len(x)), covariance_matrix=covariance), obs=y)

    return model


def mixture(y):
    def model():
        weights = sample("weights", dist.Dirichlet(jnp.ones(3)))
        with numpyro.plate("components", 3):
            mu = sample("mu", dist.Normal(0, 5))
            sigma = sample("sigma", dist.HalfNormal(2))
        components = dist.Normal(mu, sigma)
        sample("y", dist.MixtureSameFamily(dist.Categorical(probs=weights), components), obs=y)

    return model


def ar(y, order=5):
    lags = np.stack([y[order - 1 - p : len(y) - 1 - p] for p in range(order)], axis=1)

    def model():
        alpha = sample("alpha", dist.Normal(0, 10))
        beta = sample("beta", dist.Normal(0, 10).expand([order]).to_event(1))
        sigma = sample("sigma", dist.HalfCauchy(2.5))
        sample("y", dist.Normal(alpha + lags @ beta, sigma), obs=y[order:])

    return model


def negative_binomial(x, y):
    def model():
        intercept = sample("intercept", dist.Normal(0, 2.5))
        beta = sample("beta", dist.Normal(0, 2.5).expand([x.shape[1]]).to_event(1))
        phi = sample("phi", dist.Exponential(1))
        logits = x @ beta + intercept - jnp.log(phi)
        sample("y", dist.NegativeBinomialLogits(total_count=phi, logits=logits), obs=y)

    return model
