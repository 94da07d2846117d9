"""Makes arviz.json. Run with ArviZ 0.23.4 (numpy 2.4.6, scipy 1.17.1): python make_arviz.py"""
import json
import os

import arviz
import numpy as np
import scipy
from arviz.stats import diagnostics as d
from arviz.stats.stats import _hdi

rng = np.random.default_rng(20240611)


def ar1(chains, draws, phi, shift=0.0):
    x = np.zeros((chains, draws))
    x[:, 0] = rng.normal(size=chains)
    for t in range(1, draws):
        x[:, t] = phi * x[:, t - 1] + rng.normal(size=chains) * np.sqrt(1 - phi**2)
    return x + shift * np.arange(chains)[:, None]


cases = {
    "four independent chains": rng.normal(size=(4, 100)),
    "two correlated chains": ar1(2, 150, 0.9),
    "four antithetic chains": ar1(4, 80, -0.6),
    "three shifted chains": ar1(3, 101, 0.5, shift=0.8),
    "heavy tails": rng.standard_cauchy(size=(4, 90)),
    "chains of different scale": rng.normal(size=(4, 100)) * np.array([1.0, 1.0, 1.0, 4.0])[:, None],
    "far from zero": 1e3 + 1e-1 * rng.normal(size=(2, 64)),
    "ties": rng.poisson(1.5, size=(3, 70)).astype(float),
    "one chain": ar1(1, 120, 0.7),
    "short chains of five": rng.normal(size=(4, 5)),
    "short chains of eight": rng.normal(size=(2, 8)),
    "odd length": ar1(2, 33, 0.3),
    "a random walk": np.cumsum(rng.normal(size=(4, 60)), axis=1),
    "skewed": rng.gamma(0.5, size=(4, 75)),
}
cases = {name: np.array([[float(f"{v:.9g}") for v in row] for row in x]) for name, x in cases.items()}


def autocov(x):
    x = x - x.mean()
    return [float((x[: len(x) - k] * x[k:]).sum() / len(x)) for k in range(len(x))]


def row(x):
    split = d._split_chains(x)
    folded = abs(split - np.median(split))
    bulk, fold = float(d._rhat(d._z_scale(split))), float(d._rhat(d._z_scale(folded)))
    return {
        "draws": x.tolist(),
        "gelman_rubin": float(d._rhat(x)) if len(x) > 1 else None,
        "split_rhat": float(d._rhat(split)),
        "bulk_rhat": bulk,
        "folded_rhat": fold,
        "rhat": max(bulk, fold),
        **{f"ess_{m}": float(arviz.ess(x, method=m)) for m in ["bulk", "tail", "mean", "sd", "median", "identity"]},
        "ess_q10": float(arviz.ess(x, method="quantile", prob=0.1)),
        "mcse_mean": float(arviz.mcse(x)),
        "mcse_sd": float(arviz.mcse(x, method="sd")),
        "mcse_q10": float(arviz.mcse(x, method="quantile", prob=0.1)),
        "mcse_median": float(arviz.mcse(x, method="median")),
        "hdi90": [float(v) for v in _hdi(x, 0.9, False, False)],
        "hdi50": [float(v) for v in _hdi(x, 0.5, False, False)],
        "bfmi": [float(v) for v in arviz.bfmi(x)],
        "quantiles": [float(v) for v in np.quantile(x, [0, 0.05, 0.31, 0.5, 0.95, 1])],
        "autocovariance": autocov(x[0])[:20],
    }


p = [1e-300, 1e-20, 1e-8, 1e-3, 0.02, 0.07499, 0.0751, 0.3, 0.5, 0.7, 0.95, 0.999999]
beta = [(a, b, q) for a in [1.0, 3.5, 40.0, 900.0] for b in [1.0, 7.25, 300.0] for q in [0.15865525393145705, 0.5, 0.9]]
out = {
    "made_with": {"arviz": arviz.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
    "cases": {name: row(x) for name, x in cases.items()},
    "normal_quantile": [[q, float(scipy.stats.norm.ppf(q))] for q in p],
    "beta_quantile": [[a, b, q, float(scipy.stats.beta.ppf(q, a, b))] for a, b, q in beta],
}
with open(os.path.join(os.path.dirname(__file__), "arviz.json"), "w") as f:
    json.dump(out, f)
    f.write("\n")
