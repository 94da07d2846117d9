"""NUTS in Stan (PyStan): chains in parallel processes, as many at a time as there are cores."""
import os
import subprocess
import time

from task import Task

import stan

task = Task()
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "stan", f"{task.model}.stan")) as file:
    code = file.read()


def stan_data():
    """Sizes beside the arrays, and groups counted from 1."""
    data = dict(task.data)
    rows = data.get("x", data.get("y", data.get("returns")))
    data["n"] = len(rows)
    if isinstance(rows[0], list):
        data["d"] = len(rows[0])
    if "group" in data:
        data["group"] = [group + 1 for group in data["group"]]
    return data


data = stan_data()
start = time.perf_counter()
posterior = stan.build(code, data=data, random_seed=task.seed)
compile_s = time.perf_counter() - start
start = time.perf_counter()
fit = posterior.sample(
    num_chains=task.num_chains, num_samples=task.num_samples, num_warmup=task.num_warmup
)
sample_s = time.perf_counter() - start

import arviz

trace = arviz.from_pystan(posterior=fit)
print(arviz.summary(trace))
task.summary_printed()

import numpy as np
import httpstan.compile


def log_joint(point):
    unconstrained = posterior.unconstrain_pars({site: np.asarray(value).tolist() for site, value in point.items()})
    return posterior.log_prob(unconstrained, adjust_transform=False)


def gradient_cpu_us():
    """A loop in C++ over the same generated code, compiled as PyStan compiles it; least of several slices."""
    package = os.path.dirname(httpstan.compile.__file__)
    generated, _ = httpstan.compile.compile(code, "benchmark")
    source = os.path.join(task.folder, "model.cpp")
    with open(source, "w") as file:
        file.write(generated)
    program = os.path.join(task.folder, "gradient")
    libraries = os.path.join(package, "lib")
    command = ["g++", "-O3", "-std=c++14", "-w", "-DBOOST_DISABLE_ASSERTS", "-DSTAN_THREADS", "-D_REENTRANT"]
    command += ["-DBOOST_PHOENIX_NO_VARIADIC_EXPRESSION", "-D_GLIBCXX_USE_CXX11_ABI=0"]
    command += [f"-I{os.path.join(package, 'include')}", source, os.path.join(here, "stan", "gradient.cpp")]
    command += [f"-L{libraries}", "-ltbb", f"-Wl,-rpath,{libraries}", "-pthread", "-o", program]
    subprocess.run(command, check=True)
    data_file = os.path.join(task.folder, "stan-data.json")
    with open(data_file, "w") as file:
        import json

        json.dump(data, file)
    return float(subprocess.run([program, data_file], check=True, capture_output=True, text=True).stdout)


task.finish(
    {site: trace.posterior[site].values for site in task.points[0]},
    compile_s=compile_s,
    sample_s=sample_s,
    log_joints=[log_joint(point) for point in task.points],
    gradient_cpu_us=gradient_cpu_us(),
    gradients=int(trace.sample_stats["n_steps"].sum()),
)
