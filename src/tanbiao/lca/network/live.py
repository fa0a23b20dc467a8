"""Footprints that follow changes: when the recipe of one product changes, only what is affected is calculated anew.

The change leaves a residual r = c + R y - y at one product. Pushing it, y_i += r_i, moves it to the products that take
i, each time smaller, until no |r_i| is above threshold |y_i| (as local push methods do for PageRank: Andersen, Chung
and Lang 2006). What stays below is kept, not dropped, so many small changes do not add up to a drift.

How far a residual can grow into an error is bounded by any w with w - |R| w >= |y|: no error exceeds threshold w. It is
solved for with twice |y|, so it goes on to hold while recipes and footprints change within that; where a change goes
beyond, it is solved anew. kappa = max w_i / |y_i| and threshold = tolerance / kappa.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tanbiao.lca.faults import NotConverged, WrongAmount
from tanbiao.lca.frames import Table
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.engine import check_network
from tanbiao.lca.network.iteration import backward_error, iterate, magnitudes
from tanbiao.words import Text

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_WIDE = 0.05  # share of all products from which solving for everything is cheaper than pushing
_WAVES = 300
_OVERRIDES = 64  # changed recipes kept beside the matrix before it is written anew


@dataclass(frozen=True, slots=True, eq=False)
class Affected(Table):
    """products (k,) whose footprint moved by more than the tolerance, ascending, with before and after (k,)."""

    products: Index
    before: Array
    after: Array
    network: Network

    def caption(self) -> Text:
        return Text(f"{self.products.size} 个产品受影响", f"{self.products.size} products affected")

    def rows(self) -> list[dict[str, object]]:
        return [
            {"product": self.network.name(i), "before": before, "after": after}
            for i, before, after in zip(self.products.tolist(), self.before.tolist(), self.after.tolist(), strict=True)
        ]


class LiveFootprints:
    """Footprints of all products of a network, kept true while recipes change. Not for several threads at once.

    Recipes are given as in `Network.inputs` (of a waste: that of treating one unit), footprints as the source counts.
    Raises NotConverged where the first solution does not arrive, NotProductive, WrongShape.
    """

    def __init__(self, network: Network, characterisation: ArrayLike, *, tolerance: float = 1e-6):
        self._network, self._tolerance = network, tolerance
        self._c = network.direct(characterisation)
        self._recipes, self._users = network.inputs, sparse.csc_array(network.inputs)
        found = iterate(network.inputs, self._c[:, None])
        self._y = found.y[:, 0]
        self._r, self._scratch = np.zeros(self._y.size), np.zeros(self._y.size)
        self._w, self._kappa = self._y, 1.0
        self._changed: dict[int, tuple[Index, Array]] = {}
        self._override(self._changed)
        if not (found.converged and self._bound()):
            check_network(network)
            raise NotConverged(
                (),
                "迭代没有收敛，不能跟踪变化。请核对抵扣和过长的单一供应链，或用 unit_footprints 逐次求解。",
                "The iteration does not converge, so changes cannot be followed. Look at credits and very long chains, "
                "or solve by unit_footprints each time.",
            )

    @property
    def footprints(self) -> Array:
        """(n,) per unit of every product, as the source counts it: a copy."""
        return np.array(self._network.as_counted(self._y))

    @property
    def kappa(self) -> float:
        """How far a residual can grow into an error."""
        return self._kappa

    def change(self, product: int, inputs: dict[int, float], direct: float) -> Affected:
        """Give one product a new recipe (inputs per unit, replacing all before) and new direct impact per unit.

        Raises WrongAmount for amounts that are not finite or products that do not exist, NotConverged where the new
        recipe makes a loop that uses up what it makes; then all is as it was before.
        """
        self._check(product, inputs, direct)
        recipe = np.array(list(inputs), dtype=np.intp), np.array(list(inputs.values()), dtype=float)
        journal = _Journal(self._y, self._r)
        earlier = self._changed, self._recipes, self._users, self._w, self._kappa, self._c[product]
        self._override({**self._changed, product: recipe})
        self._c[product] = direct
        start = np.array([product])
        journal.residual(start)
        self._r[product] = direct + float(recipe[1] @ self._y[recipe[0]]) - self._y[product]
        with np.errstate(all="ignore"):  # a loop that uses up what it makes runs away, and is told below
            settled = self._settle(start, journal) and self._keep_bound(product, recipe, journal)
        if not settled:
            journal.undo()
            changed, self._recipes, self._users, self._w, self._kappa, self._c[product] = earlier
            self._override(changed)
            name = self._network.name(product)
            raise NotConverged(
                [name],
                f"按“{name}”的新清单求解不收敛（多半是某个循环消耗不少于产出），未作更改。请核对数量。",
                f'With the new recipe of "{name}" the solution does not converge (most likely a loop uses up what it '
                "makes); nothing was changed. Check the amounts.",
            )
        if len(self._changed) > _OVERRIDES:
            self._write_recipes()
        touched, before = journal.moved()
        after = self._y[touched]
        moved = abs(after - before) > self._tolerance * abs(before)
        signs = self._network.as_counted(np.ones(self._y.size))[touched[moved]]
        return Affected(touched[moved], signs * before[moved], signs * after[moved], self._network)

    def residual(self) -> float:
        """Backward error of the present footprints, calculated from the recipes themselves."""
        self._write_recipes()
        sizes = abs(self._c) + magnitudes(self._recipes) @ abs(self._y)
        return backward_error(self._y, self._c + self._recipes @ self._y, sizes)

    def _bound(self) -> bool:
        """Solve for w with twice |y|, over the recipes as they stand in the matrix."""
        bound = iterate(magnitudes(self._recipes), 2 * abs(self._y)[:, None], tolerance=1e-6)
        self._w = bound.y[:, 0] * (1 + 1e-5)
        self._kappa = float(np.max(self._w / np.where(self._y != 0, abs(self._y), np.inf), initial=1.0))
        return bound.converged and bool(np.all(self._w >= 0))

    def _keep_bound(self, product: int, recipe: tuple[Index, Array], journal: _Journal) -> bool:
        """Whether errors are bounded as promised, after solving for the bound anew where the change went beyond."""
        touched, _ = journal.moved()
        y, w = abs(self._y[touched]), self._w[touched]
        within = np.all(w - self._reached(touched) >= y) and np.all(w <= self._kappa * y * (1 + 1e-9))
        taken, amounts = recipe
        if within and self._w[product] - abs(amounts) @ self._w[taken] >= abs(self._y[product]):
            return True
        self._write_recipes()
        if not self._bound():
            return False
        over = np.flatnonzero(abs(self._r) > self._tolerance / self._kappa * abs(self._y))
        return self._settle(over, journal)

    def _reached(self, products: Index) -> Array:
        """|R| w of some products, by the recipes that hold."""
        rows = self._recipes[products]
        found = np.asarray(magnitudes(rows) @ self._w)
        own = {int(product): k for k, product in enumerate(products.tolist())}
        for product, (taken, amounts) in self._changed.items():
            if product in own:
                found[own[product]] = float(abs(amounts) @ self._w[taken])
        return found

    def _settle(self, frontier: Index, journal: _Journal) -> bool:
        """Push residuals, wave by wave, until none is above the threshold; False where there is no solution."""
        y, r, scratch = self._y, self._r, self._scratch
        threshold = self._tolerance / self._kappa
        for _ in range(_WAVES):
            if not frontier.size:
                return True
            if frontier.size > _WIDE * y.size:
                break
            v = r[frontier]
            journal.footprint(frontier)
            journal.residual(frontier)
            y[frontier] += v
            r[frontier] = 0.0
            users, shares = self._shares(frontier, v)
            scratch[frontier] = v
            reached = np.concatenate((users, self._rows))
            journal.residual(reached)
            np.add.at(r, users, shares)
            r[self._rows] += self._over @ scratch
            scratch[frontier] = 0.0
            reached = np.unique(reached)
            frontier = reached[abs(r[reached]) > threshold * abs(y[reached])]
            if not (np.isfinite(y[frontier]).all() and np.isfinite(r[reached]).all()):
                break
        return self._solve(journal)

    def _solve(self, journal: _Journal) -> bool:
        """Solve for all products at once: where much is affected, or pushing does not come to an end."""
        journal.everything()
        self._write_recipes()
        found = iterate(self._recipes, self._c[:, None])
        y = found.y[:, 0]
        plain = self._c.min() >= 0 and self._recipes.data.min(initial=0) >= 0
        if not found.converged or (plain and y.min() < 0):
            return False
        self._y[:], self._r[:] = y, 0.0
        return True

    def _shares(self, frontier: Index, v: Array) -> tuple[Index, Array]:
        """Who takes the products of the frontier by recipes as they stand in the matrix, and what reaches them."""
        indptr = self._users.indptr
        first, counts = indptr[frontier], indptr[frontier + 1] - indptr[frontier]
        at = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        users = self._users.indices[at]
        shares = self._users.data[at] * np.repeat(v, counts)
        return users, np.where(self._is_changed[users], 0.0, shares)

    def _override(self, changed: dict[int, tuple[Index, Array]]) -> None:
        """Hold these recipes beside the matrix."""
        self._changed = changed
        self._rows = np.array(list(changed), dtype=np.intp)
        self._is_changed = np.zeros(self._y.size, dtype=bool)
        self._is_changed[self._rows] = True
        self._over = _rows_of(list(changed.values()), self._y.size)

    def _write_recipes(self) -> None:
        """Write the changed recipes into the matrix."""
        if not self._changed:
            return
        kept = self._recipes.copy()
        kept.data[np.repeat(self._is_changed, np.diff(kept.indptr))] = 0.0
        kept.eliminate_zeros()
        place = sparse.csr_array(
            (np.ones(self._rows.size), (self._rows, np.arange(self._rows.size))), (self._y.size, self._rows.size)
        )
        self._recipes = sparse.csr_array(kept + place @ self._over)
        self._users = sparse.csc_array(self._recipes)
        self._override({})

    def _check(self, product: int, inputs: dict[int, float], direct: float) -> None:
        n = self._y.size
        wrong = {j + 1: a for j, a in inputs.items() if not (0 <= j < n and np.isfinite(a))}
        if not wrong and np.isfinite(direct) and 0 <= product < n:
            return
        raise WrongAmount(
            self._network.name(product) if 0 <= product < n else f"#{product + 1}",
            f"新清单有误（产品 #{product + 1}，投入 {wrong or '无误'}，直接排放 {direct}）："
            f"产品应在 1 到 {n} 之间，数量应为有限数。",
            f"The new recipe is wrong (product #{product + 1}, inputs {wrong or 'right'}, direct {direct}): "
            f"products run from 1 to {n}, amounts must be finite.",
        )


def _rows_of(recipes: list[tuple[Index, Array]], n: int) -> sparse.csr_array:
    indptr = np.cumsum([0, *(taken.size for taken, _ in recipes)])
    indices = np.concatenate([taken for taken, _ in recipes]) if recipes else np.empty(0, dtype=np.intp)
    data = np.concatenate([amounts for _, amounts in recipes]) if recipes else np.empty(0)
    return sparse.csr_array((data, indices, indptr), shape=(len(recipes), n))


class _Journal:
    """What y and r were before a change, so that it can be told and undone."""

    def __init__(self, y: Array, r: Array):
        self._y, self._r = y, r
        self._before: list[tuple[Array, Index | slice, Array]] = []

    def footprint(self, at: Index) -> None:
        self._before.append((self._y, at, self._y[at]))

    def residual(self, at: Index) -> None:
        self._before.append((self._r, at, self._r[at]))

    def everything(self) -> None:
        self._before += [(part, slice(None), part.copy()) for part in (self._y, self._r)]

    def undo(self) -> None:
        for part, at, values in reversed(self._before):
            part[at] = values

    def moved(self) -> tuple[Index, Array]:
        """Products whose footprint was touched, ascending, and their footprints before."""
        entries = [(at, values) for part, at, values in self._before if part is self._y]
        everything = np.arange(self._y.size)
        products = np.concatenate([everything[at] for at, _ in entries])
        unique, first = np.unique(products, return_index=True)
        return unique, np.concatenate([values for _, values in entries])[first]
