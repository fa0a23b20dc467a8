from __future__ import annotations

import json
from datetime import date

import pytest
from trust_world import ORIGIN

from tanbiao.trust.canonical import Unreadable
from tanbiao.trust.trustlist import TrustListError, load_trust


def test_a_trust_list_reads(world):
    trust = world.trust(to="2026-12-31")
    (issuer,) = trust.issuers
    assert (trust.log.name, trust.log.public_key) == (ORIGIN, world.log.public_key)
    assert (issuer.name, issuer.key, issuer.ends) == ("甲认证有限公司", world.body.public_key, date(2026, 12, 31))


@pytest.mark.parametrize("still_in_use", [None, ""])
def test_a_key_without_a_last_day_is_still_in_use(world, still_in_use):
    (issuer,) = world.trust(to=still_in_use).issuers
    assert not issuer.was_in_force_on(date(2025, 12, 31))
    assert issuer.was_in_force_on(date(2026, 1, 1))
    assert issuer.was_in_force_on(date(2999, 1, 1))


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("trust", lambda d: d.pop("issuers")),
        ("trust", lambda d: d.update(extra=1)),
        ("issuers", lambda d: d.update(issuers={})),
        ("log", lambda d: d.update(log=None)),
        ("log.verifier_key", lambda d: d["log"].update(verifier_key=7)),
        ("log.verifier_key", lambda d: d["log"].update(verifier_key="log+00000000+AAAA")),
        ("log.origin", lambda d: d["log"].update(origin="elsewhere")),
        ("issuers[0]", lambda d: d["issuers"][0].pop("to")),
        ("issuers[0]", lambda d: d["issuers"][0].update(to="soon")),
        ("issuers[0]", lambda d: d["issuers"][0].update({"from": None})),
        ("issuers[0].key", lambda d: d["issuers"][0].update(key="ab")),
        ("issuers[0].name", lambda d: d["issuers"][0].update(name="")),
        ("issuers[0].id", lambda d: d["issuers"][0].update(id=[])),
    ],
)
def test_a_wrong_trust_list_is_refused_with_the_place(world, place, change):
    document = world.trust_document()
    change(document)
    with pytest.raises(TrustListError) as refusal:
        load_trust(json.dumps(document).encode())
    assert refusal.value.text.en.startswith(f"{place}: ")


@pytest.mark.parametrize("data", [b"", b"[", b'{"log":1,"log":2}', b"\xff"])
def test_what_is_no_json_is_no_trust_list(data):
    with pytest.raises(Unreadable):
        load_trust(data)


@pytest.mark.parametrize("data", [b"[]", b"1", b'"log"'])
def test_other_json_is_no_trust_list(data):
    with pytest.raises(TrustListError, match="an object of log and issuers"):
        load_trust(data)
