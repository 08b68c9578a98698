"""A linear model that is trained in seconds: which of some labels a row of features speaks for.

Two kinds of rows: sparse ones, the features of a text, and dense ones, the vector an encoder makes of it. Training is
repeatable: the same rows in the same order give the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from bot.understanding.features import BUCKETS

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

#: Called between the steps of long work; whoever wants it to end early raises there.
Between = Callable[[], None]

_ROWS_AT_ONCE = 256


def go_on() -> None:
    """Nobody wants the work to end early."""


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """Weights by feature: `weights` is BUCKETS x labels, in half of the usual bytes; `telling` says how rare each feature is."""

    weights: NDArray[np.float16]
    bias: Floats
    telling: Floats

    def scores(self, features: Sequence[int]) -> Floats:
        """One score for each label, the logarithm of a likelihood."""
        if not features:
            return log_softmax(self.bias)
        places = np.fromiter(features, np.int64, len(features))
        values = self.telling[places]
        size = float(np.sqrt(values @ values)) or 1.0
        return log_softmax(self.bias + (values / size) @ self.weights[places].astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """Weights for vectors: `weights` is dimensions x labels, for a vector minus `centre`, divided by `spread`."""

    weights: Floats
    bias: Floats
    centre: Floats
    spread: Floats

    def scores(self, vector: Floats) -> Floats:
        return log_softmax(np.asarray(self.bias + ((vector - self.centre) / self.spread) @ self.weights, np.float32))


def train_sparse(
    rows: Sequence[Sequence[int]],
    labels: Numbers,
    importance: Floats,
    classes: int,
    rounds: int = 4,
    step: float = 0.5,
    decay: float = 2e-6,
    between: Between = go_on,
) -> Sparse:
    """`labels` below `classes`, one for each row; `importance` is how much each row counts."""
    telling, often = _telling(rows)
    weights = np.zeros((BUCKETS, classes), np.float32)
    bias = np.zeros(classes, np.float32)
    seen = np.full((BUCKETS, 1), 1e-6, np.float32)
    seen_bias = 1e-6
    order = np.random.default_rng(7)
    # A feature of a single text tells that text from all others, and nothing about the next one.
    joined = [places[often[places]] for places in (np.fromiter(row, np.int64, len(row)) for row in rows)]
    for _ in range(rounds):
        shuffled = order.permutation(len(rows))
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            between()
            batch = shuffled[start : start + _ROWS_AT_ONCE]
            places = np.concatenate([joined[i] for i in batch])
            lengths = np.array([len(joined[i]) for i in batch])
            known, columns = np.unique(places, return_inverse=True)
            dense = np.zeros((len(batch), len(known)), np.float32)
            dense[np.repeat(np.arange(len(batch)), lengths), columns] = telling[places]
            dense /= np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-6)
            error = _softmax(dense @ weights[known] + bias)
            error[np.arange(len(batch)), labels[batch]] -= 1
            error *= (importance[batch] / importance[batch].sum() * len(batch))[:, None]
            slope = dense.T @ error / len(batch) + decay * len(rows) / _ROWS_AT_ONCE * weights[known]
            seen[known] += (slope**2).mean(axis=1, keepdims=True)
            weights[known] -= step * slope / np.sqrt(seen[known])
            slope_bias = error.mean(axis=0)
            seen_bias += float((slope_bias**2).mean())
            bias -= step * 0.1 * slope_bias / np.sqrt(seen_bias)
    return Sparse(weights.astype(np.float16), bias, telling)


def train_dense(
    rows: Floats,
    labels: Numbers,
    importance: Floats,
    classes: int,
    rounds: int = 100,
    decay: float = 0.1,
    between: Between = go_on,
) -> Dense:
    """As `train_sparse`, for vectors."""
    centre = rows.mean(axis=0)
    spread = max(float(rows.std(axis=0).mean()), 1e-6) * np.ones_like(centre)
    scaled = (rows - centre) / spread
    weights = np.zeros((rows.shape[1], classes), np.float32)
    bias = np.zeros(classes, np.float32)
    wanted = np.zeros((len(rows), classes), np.float32)
    wanted[np.arange(len(rows)), labels] = 1
    share = (importance / importance.sum())[:, None].astype(np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, rounds + 1):
        between()
        error = (_softmax(scaled @ weights + bias) - wanted) * share
        slope = scaled.T @ error + decay * weights / rows.shape[1]
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        weights -= 0.03 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        bias -= 2.0 * error.sum(axis=0)
    return Dense(weights, bias, centre.astype(np.float32), spread.astype(np.float32))


def _telling(rows: Sequence[Sequence[int]]) -> tuple[Floats, NDArray[np.bool_]]:
    """How much a feature tells, by how few texts have it, and whether it is in more than one."""
    counts = np.zeros(BUCKETS, np.float32)
    for row in rows:
        counts[list(row)] += 1
    return (log(1 + len(rows)) - np.log1p(counts) + 1).astype(np.float32), counts > 1


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def log_softmax(scores: Floats) -> Floats:
    """Scores as logarithms of shares that add up to 1."""
    lowered = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True)), np.float32)
