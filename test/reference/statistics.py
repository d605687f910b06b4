"""What scipy and statsmodels make of small samples: packages/core/src/sweep/analysis/fixtures/statistics.json.

    pip install scipy==1.17.1 statsmodels==0.15.0 pandas
    python statistics.py
"""
import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.formula.api as formula
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import DescrStatsW

TARGET = Path(__file__).parents[2] / "packages/core/src/sweep/analysis/fixtures/statistics.json"
random = np.random.default_rng(14)


def rounded(values):
    return [float(value) for value in np.round(values, 6)]


def sign_flips():
    cases = []
    for count, centre in [(4, 0.5), (6, 0.8), (8, 0.3), (10, 0.0), (12, 0.6)]:
        values = np.round(random.normal(centre, 1, count), 6)
        test = stats.permutation_test(
            (values,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
        )
        cases.append({"values": rounded(values), "p": float(test.pvalue)})
    return cases


def equivalences():
    cases = []
    for count, centre, margin in [(5, 0.0, 0.5), (8, 0.1, 0.5), (12, -0.2, 0.4), (3, 0.9, 0.5)]:
        values = np.round(random.normal(centre, 0.3, count), 6)
        p, _, _ = DescrStatsW(values).ttost_mean(-margin, margin)
        cases.append({"values": rounded(values), "margin": margin, "p": float(p)})
    return cases


def powers():
    cases = []
    for seeds, effect, alpha in [(6, 1.0, 0.05), (6, 2.0, 0.01), (10, 0.9, 0.05), (30, 0.5, 0.05), (8, 0.1, 0.01)]:
        power = TTestPower().power(effect_size=effect, nobs=seeds, alpha=alpha, alternative="two-sided")
        cases.append({"seeds": seeds, "effect": effect, "alpha": alpha, "power": float(power)})
    return cases


def detectable_effects():
    cases = []
    for seeds, alpha in [(6, 0.05), (8, 0.01), (12, 0.05), (24, 0.01)]:
        # solve_power stops at seven digits.
        effect = brentq(lambda d: TTestPower().power(d, seeds, alpha, alternative="two-sided") - 0.8, 0.1, 6 / seeds**0.5, xtol=1e-13)
        # In standard errors of the mean, not in standard deviations.
        cases.append({"seeds": seeds, "alpha": alpha, "errors": float(effect * np.sqrt(seeds))})
    return cases


def sample_sizes():
    cases = []
    for effect, alpha in [(0.5, 0.05), (0.9, 0.05), (0.25, 0.01), (0.7, 0.01)]:
        seeds = TTestPower().solve_power(effect_size=effect, alpha=alpha, power=0.8, alternative="two-sided")
        cases.append({"effect": effect, "alpha": alpha, "seeds": int(np.ceil(seeds))})
    return cases


def crossed_rows():
    """Variance components of seeds × rows, from the mean squares of a two-way analysis of variance."""
    seeds, rows = 4, 12
    values = 0.2 + random.normal(0, 0.5, (seeds, 1)) + random.normal(0, 1, (1, rows)) + random.normal(0, 0.7, (seeds, rows))
    values = np.round(values, 6)
    table = pd.DataFrame(
        [{"seed": s, "row": r, "value": values[s, r]} for s in range(seeds) for r in range(rows)]
    )
    squares = anova_lm(formula.ols("value ~ C(seed) + C(row)", data=table).fit())["mean_sq"]
    of_row, chance = squares["C(row)"], squares["Residual"]
    return {
        "values": [rounded(row) for row in values],
        "rowVariance": float(max(0, of_row - chance) / (seeds * rows)),
        "seedVariance": float(squares["C(seed)"] / rows),
    }


def quadratics():
    cases = []
    for weights in [[0, 0.01, 0.03, 0.1, 0.3, 1], [0, 0.1, 1], [0, 0.05, 0.5, 1]]:
        x = np.array(weights) ** 0.30103
        y = np.round(0.8 - 1.5 * (x - 0.5) ** 2 + random.normal(0, 0.02, len(x)), 6)
        fit = formula.ols("y ~ x + I(x**2)", data=pd.DataFrame({"x": x, "y": y})).fit()
        a, b, c = (float(value) for value in fit.params)
        vertex = -b / (2 * c)
        cases.append(
            {
                "weights": weights,
                "means": rounded(y),
                "coefficients": [a, b, c],
                "rSquared": float(fit.rsquared),
                "weight": float(vertex ** (1 / 0.30103)),
            }
        )
    return cases


def student():
    points = [(-2.3, 5), (0.4, 1), (3.1, 7), (-40, 3), (1.96, 400)]
    quantiles = [(0.975, 5), (0.975, 1), (0.995, 7), (0.8, 12), (0.95, 199)]
    return {
        "cdf": [[t, df, float(stats.t.cdf(t, df))] for t, df in points],
        "quantile": [[p, df, float(stats.t.ppf(p, df))] for p, df in quantiles],
    }


def steps_down():
    """Westfall and Young's corrected p-values of several contrasts, over all choices of signs."""
    cases = []
    for seeds, centres in [(6, [0.9, 0.1]), (8, [0.2, 0.6, 0.0]), (7, [1.2, 1.0, 0.1, -0.8, 0.0])]:
        values = np.round(random.normal(np.array(centres)[:, None], 1, (len(centres), seeds)), 6)
        scaled = values / np.sqrt((values**2).sum(axis=1, keepdims=True))
        signs = np.array(list(itertools.product([1, -1], repeat=seeds)))
        drawn, observed = np.abs(signs @ scaled.T), np.abs(scaled.sum(axis=1))
        order = np.argsort(-observed)
        steps = [float((drawn[:, order[k:]].max(axis=1) >= observed[order[k]] - 1e-9).mean()) for k in range(len(order))]
        corrected = np.empty(len(order))
        corrected[order] = np.maximum.accumulate(steps)
        cases.append({"values": [rounded(own) for own in values], "corrected": [float(p) for p in corrected]})
    return cases


fixture = {
    "signFlips": sign_flips(),
    "equivalences": equivalences(),
    "powers": powers(),
    "detectableEffects": detectable_effects(),
    "sampleSizes": sample_sizes(),
    "crossedRows": crossed_rows(),
    "quadratics": quadratics(),
    "student": student(),
    "stepsDown": steps_down(),
}
TARGET.parent.mkdir(exist_ok=True)
TARGET.write_text("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in fixture.items()) + "\n}\n")
