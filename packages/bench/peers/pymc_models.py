"""The benchmark models in PyMC. Each takes its data and returns the model."""
import numpy as np
import pymc as pm
import pytensor.tensor as pt


def eight_schools(y, se):
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 5)
        tau = pm.HalfCauchy("tau", 5)
        trans = pm.Normal("thetaTrans", 0, 1, shape=len(y))
        theta = pm.Deterministic("theta", mu + tau * trans)
        pm.Normal("y", theta, se, observed=y)
    return model


def logistic(x, y):
    with pm.Model() as model:
        intercept = pm.Normal("intercept", 0, 2.5)
        beta = pm.Normal("beta", 0, 2.5, shape=x.shape[1])
        pm.Bernoulli("y", logit_p=pm.math.dot(x, beta) + intercept, observed=y)
    return model


def hierarchical(groups, group, x, y):
    n = int(groups)
    with pm.Model() as model:
        mu_a = pm.Normal("muA", 0, 5)
        mu_b = pm.Normal("muB", 0, 5)
        sigma_a = pm.HalfNormal("sigmaA", 5)
        sigma_b = pm.HalfNormal("sigmaB", 5)
        sigma = pm.HalfNormal("sigma", 5)
        a = pm.Normal("a", mu_a, sigma_a, shape=n)
        b = pm.Normal("b", mu_b, sigma_b, shape=n)
        pm.Normal("y", a[group] + b[group] * x, sigma, observed=y)
    return model


def robust(x, y):
    with pm.Model() as model:
        intercept = pm.Normal("intercept", 0, 5)
        beta = pm.Normal("beta", 0, 5, shape=x.shape[1])
        nu = pm.Gamma("nu", 2, 0.1)
        sigma = pm.HalfNormal("sigma", 5)
        pm.StudentT("y", nu=nu, mu=pm.math.dot(x, beta) + intercept, sigma=sigma, observed=y)
    return model


def stochastic_volatility(returns):
    with pm.Model() as model:
        sigma = pm.Exponential("sigma", 50)
        nu = pm.Exponential("nu", 0.1)
        z = pm.Normal("z", 0, 1, shape=len(returns))
        pm.StudentT("r", nu=nu, mu=0, sigma=pm.math.exp(sigma * pt.cumsum(z)), observed=returns)
    return model


def gaussian_process(x, y):
    squares = (x[:, None] - x[None, :]) ** 2
    with pm.Model() as model:
        rho = pm.InverseGamma("rho", 5, 5)
        alpha = pm.HalfNormal("alpha", 1)
        sigma = pm.HalfNormal("sigma", 1)
        covariance = alpha**2 * pm.math.exp(-0.5 * squares / rho**2) + sigma**2 * np.eye(len(x))
        pm.MvNormal("y", mu=np.zeros(len(x)), cov=covariance, observed=y)
    return model


def mixture(y):
    with pm.Model() as model:
        weights = pm.Dirichlet("weights", np.ones(3))
        mu = pm.Normal("mu", 0, 5, shape=3)
        sigma = pm.HalfNormal("sigma", 2, shape=3)
        pm.NormalMixture("y", w=weights, mu=mu, sigma=sigma, observed=y)
    return model


def ar(y, order=5):
    lags = np.stack([y[order - 1 - p : len(y) - 1 - p] for p in range(order)], axis=1)
    with pm.Model() as model:
        alpha = pm.Normal("alpha", 0, 10)
        beta = pm.Normal("beta", 0, 10, shape=order)
        sigma = pm.HalfCauchy("sigma", 2.5)
        pm.Normal("y", alpha + pm.math.dot(lags, beta), sigma, observed=y[order:])
    return model


def negative_binomial(x, y):
    with pm.Model() as model:
        intercept = pm.Normal("intercept", 0, 2.5)
        beta = pm.Normal("beta", 0, 2.5, shape=x.shape[1])
        phi = pm.Exponential("phi", 1)
        pm.NegativeBinomial("y", mu=pm.math.exp(pm.math.dot(x, beta) + intercept), alpha=phi, observed=y)
    return model
