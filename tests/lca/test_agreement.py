"""Brightway's bw2calc and this engine give the same supplies, inventories and scores, on any database that is sound."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanbiao.formats.datapackage import read_datapackage
from tanbiao.formats.datapackage_entries import ids_of, settled
from tanbiao.formats.datapackage_groups import read_groups
from tanbiao.formats.datapackage_writer import write_datapackage
from tanbiao.lca.distributions import making as distributions
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import network_from_matrices

with warnings.catch_warnings():
    warnings.filterwarnings(
        "ignore", "\nIt seems like you have", UserWarning
    )  # a faster solver that bw2calc would like
    bw2calc = pytest.importorskip("bw2calc")
import bw_processing
import matrix_utils
from fsspec.implementations.zip import ZipFileSystem

RELATIVE = 1e-9
INDICES = bw_processing.INDICES_DTYPE


@dataclass(frozen=True)
class Database:
    """A (products, processes), B (flows, processes), C (methods, flows); reference: row of the product of each process.

    most (processes, products): runs for one unit of each product, were nothing to cancel; scale (processes,): runs that
    make the same value.
    """

    A: np.ndarray
    B: np.ndarray
    C: np.ndarray
    reference: np.ndarray
    most: np.ndarray
    scale: np.ndarray
    rng: np.random.Generator


@st.composite
def databases(draw):
    """Loops, credits, self-use, waste, amounts of any scale; rows in another order than columns.

    What a process takes of all products, each measured by what its maker makes, stays below 0.9 in sum: no loop uses up
    what it makes.
    """
    n, m, k = draw(st.integers(1, 7)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shares = rng.uniform(0, 1, (n, n)) * (rng.uniform(size=(n, n)) < draw(st.floats(0.1, 0.9)))
    shares *= 0.9 / np.maximum(shares.sum(axis=1, keepdims=True), 0.9)
    unit = 10.0 ** rng.uniform(-3, 3, n)  # of each product
    made = 10.0 ** rng.uniform(-3, 3, n) * np.where(rng.uniform(size=n) < 0.2, -1, 1)  # negative: waste taken in
    most = (shares / unit * unit[:, None]).T * abs(made)
    taken = most * np.sign(made)[:, None] * np.where(rng.uniform(size=(n, n)) < 0.15, -1, 1)  # negative: credits
    rows = rng.permutation(n)
    B = rng.normal(size=(m, n)) * 10.0 ** rng.uniform(-3, 3, (m, 1)) * (rng.uniform(size=(m, n)) < 0.7)
    B[:, 0] = rng.normal(size=m)  # a flow of no process would not be in the file
    return Database(
        A=(np.diag(made) - taken)[rows],
        B=B,
        C=rng.normal(size=(k, m)),
        reference=np.argsort(rows),
        most=np.linalg.inv(np.diag(abs(made)) - most)[:, rows],
        scale=1 / (unit * abs(made)),
        rng=rng,
    )


def package(database):
    """The zip that bw_processing makes of a database, its amounts split, shuffled and partly turned round by `flip`."""
    buffer = io.BytesIO()
    made = bw_processing.create_datapackage(fs=ZipFileSystem(buffer, mode="w"), name="random")
    A, B, rng = database.A, database.B, database.rng
    n, m = A.shape[1], B.shape[0]
    ids = {"product": 10 + 3 * np.arange(n), "process": 1000 + 7 * np.arange(n), "flow": 5 * np.arange(m)}
    for matrix, values, row_ids in (("technosphere_matrix", A, ids["product"]), ("biosphere_matrix", B, ids["flow"])):
        rows, columns = np.nonzero(values if matrix.startswith("t") else np.ones_like(values))
        amounts = values[rows, columns]
        twice = np.concatenate((np.arange(rows.size), np.flatnonzero(rng.uniform(size=rows.size) < 0.3)))
        part = rng.uniform(0.2, 0.8, rows.size) * np.isin(np.arange(rows.size), twice[rows.size :])
        split = np.concatenate((amounts * (1 - part), (amounts * part)[twice[rows.size :]]))
        order = rng.permutation(twice.size)
        flip = rng.uniform(size=twice.size) < 0.5
        made.add_persistent_vector(
            matrix=matrix,
            name=matrix,
            indices_array=indices(row_ids[rows[twice[order]]], ids["process"][columns[twice[order]]]),
            data_array=np.where(flip, -split[order], split[order]),
            flip_array=flip,
        )
    for k, factors in enumerate(database.C):
        made.add_persistent_vector(
            matrix="characterization_matrix",
            name=f"method-{k}",
            indices_array=indices(ids["flow"], np.zeros(m)),
            data_array=factors,
            identifier=["method", str(k)],
            global_index=0,
        )
    made.finalize_serialization()
    return buffer.getvalue(), ids


def indices(rows, columns):
    table = np.empty(rows.size, INDICES)
    table["row"], table["col"] = rows, columns
    return table


def load(*zips):
    return [bw_processing.load_datapackage(ZipFileSystem(io.BytesIO(data))) for data in zips]


def supplied(lca):
    return {id: lca.supply_array[i] for id, i in lca.dicts.activity.items()}


def released(lca):
    totals = np.asarray(lca.inventory.sum(axis=1)).ravel()
    return {id: totals[i] for id, i in lca.dicts.biosphere.items()}


def near(found, expected, sizes):
    """Equal to 1e-9 of what was added up, which is more than the sum where credits cancel."""
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert abs(found[key] - value) <= RELATIVE * max(abs(value), sizes[key]), key


def floored(sizes, scale):
    """A factorisation rounds what is small by what is large: nothing is asked below 1e-13 of the largest."""
    return np.maximum(sizes, 1e-4 * scale * (sizes / scale).max())


@settings(max_examples=120, deadline=None)
@given(databases())
def test_a_package_made_by_brightway_has_the_same_supplies_inventories_and_scores(database):
    data, ids = package(database)
    ours = read_datapackage(data)
    loaded = load(data)
    lca = bw2calc.LCA({int(ids["product"][0]): 1}, data_objs=loaded)
    lca.lci(factorize=True)
    for i, product in enumerate(ids["product"].tolist()):
        lca.lci({product: 2.5})
        runs = floored(2.5 * database.most[:, i], database.scale)
        flows = abs(database.B) @ runs
        near(ours.supply({product: 2.5}), supplied(lca), dict(zip(ids["process"].tolist(), runs, strict=True)))
        near(ours.inventory({product: 2.5}), released(lca), dict(zip(ids["flow"].tolist(), flows, strict=True)))
        for k, factors in enumerate(database.C):
            method = ("method", str(k))
            lca.load_lcia_data([each.filter_by_attribute("identifier", list(method)) for each in loaded])
            lca.lcia_calculation()
            sizes = {method: abs(factors) @ flows}
            near({method: ours.score({product: 2.5}, method)}, {method: lca.score}, sizes)
            near({method: 2.5 * ours.scores(method)[product]}, {method: lca.score}, sizes)


@settings(max_examples=80, deadline=None)
@given(databases())
def test_a_network_written_as_a_package_runs_in_brightway_with_the_same_results(database):
    network = network_from_matrices(database.A, database.B, reference=database.reference)
    data = write_datapackage(network, methods={("one",): database.C[0]})
    back = read_datapackage(data)
    assert back.network.sha256 == network.sha256
    assert write_datapackage(back.network, methods=back.methods) == data
    lca = bw2calc.LCA({1: 1}, data_objs=load(data))
    lca.lci(factorize=True)
    lca.lcia()
    makes = abs(database.A[database.reference, np.arange(network.size)])
    for product in range(1, network.size + 1):
        lca.lcia({product: 1})
        runs = floored(makes * database.most[:, product - 1], makes * database.scale)
        flows = abs(database.B / makes) @ runs
        near(back.supply({product: 1}), supplied(lca), dict(zip(database.reference + 1, runs, strict=True)))
        near(back.inventory({product: 1}), released(lca), dict(zip(back.flow_ids.tolist(), flows, strict=True)))
        near({0: back.score({product: 1})}, {0: lca.score}, {0: abs(database.C[0]) @ flows})


@st.composite
def layered(draw):
    """One or two packages of some groups: doubles, NaN, flips, rescales, scenarios, both flags of sums."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    zips = []
    for _ in range(draw(st.integers(1, 2))):
        buffer = io.BytesIO()
        made = bw_processing.create_datapackage(
            fs=ZipFileSystem(buffer, mode="w"),
            sequential=True,
            sum_intra_duplicates=draw(st.booleans()),
            sum_inter_duplicates=draw(st.booleans()),
        )
        for k in range(draw(st.integers(1, 3))):
            size = int(rng.integers(1, 12))
            is_array = draw(st.booleans())
            data = rng.normal(size=(size, 3) if is_array else size)
            data[rng.uniform(size=data.shape) < 0.15] = np.nan
            (made.add_persistent_array if is_array else made.add_persistent_vector)(
                matrix="technosphere_matrix",
                name=f"group-{k}",
                indices_array=indices(rng.integers(0, 4, size), rng.integers(0, 3, size)),
                data_array=data,
                flip_array=rng.uniform(size=size) < 0.4,
                rescale_array=rng.uniform(0.5, 2, size) if draw(st.booleans()) else None,
            )
        made.finalize_serialization()
        zips.append(buffer.getvalue())
    return zips


@settings(max_examples=120, deadline=None)
@given(layered(), st.sampled_from([None, 0, 2]))
def test_groups_replace_and_add_up_as_in_matrix_utils(zips, scenario):
    groups = [group for data in zips for group in read_groups(data, "x", scenario=scenario)[0]]
    rows, columns = ids_of(g.rows for g in groups), ids_of(g.columns for g in groups)
    entries, _flags = settled(groups, rows, columns, [])
    ours = np.zeros((rows.size, columns.size))
    np.add.at(ours, (entries.rows, entries.columns), entries.amounts)
    try:
        theirs = matrix_utils.MappedMatrix(
            packages=load(*zips),
            matrix="technosphere_matrix",
            use_arrays=scenario is not None,
            indexer_override=matrix_utils.SequentialIndexer(offset=scenario or 0),
        )
    except matrix_utils.errors.AllArraysEmpty:
        assert not groups
        return
    assert theirs.row_mapper.to_dict() == {id: i for i, id in enumerate(rows.tolist())}
    np.testing.assert_allclose(ours, theirs.matrix.toarray(), rtol=1e-12, atol=1e-12)


def test_brightway_draws_from_the_distributions_that_we_write():
    base = network_from_matrices([[1, -0.5], [0.25, -1]], [[1, 2]])  # the second takes in waste
    low, high = np.sort([0.9 * base.inputs.data, 1.1 * base.inputs.data], axis=0)
    network = Network(
        base.inputs,
        base.flows,
        made=base.made,
        input_spread=distributions.uniform(low, high),
        flow_spread=distributions.lognormal(base.flows.data, [1.2, 1.2]),
    )
    data = write_datapackage(network)
    back = read_datapackage(data).network
    np.testing.assert_allclose(back.input_spread.mean(), network.input_spread.mean(), rtol=1e-6)
    np.testing.assert_allclose(back.flow_spread.mean(), network.flow_spread.mean(), rtol=1e-6)
    assert back.made_spread is None
    lca = bw2calc.LCA({1: 1}, data_objs=load(data), use_distributions=True, seed_override=7)
    lca.lci()
    drawn = []
    for _ in range(5):
        next(lca)
        A = lca.technosphere_matrix.toarray()
        drawn.append(A)
        np.testing.assert_array_equal(np.diag(A), [1, -1])
        for (i, j), amount in {(0, 1): -0.5, (1, 0): 0.25}.items():
            assert abs(A[i, j] / amount - 1) <= 0.1 + 1e-6
    assert len({A.tobytes() for A in drawn}) == 5
