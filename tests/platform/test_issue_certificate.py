"""Issuing: a decision leaves a certificate, its log entry and its proof, or nothing at all."""

import json

import pytest

from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certificates.number import make_number
from tanbiao.platform.certificates.queries import trust_list
from tanbiao.platform.certification import actions as case
from tanbiao.platform.kernel import clock
from tanbiao.platform.publiclog.models import Checkpoint, Entry
from tanbiao.trust import load_trust, verify_certificate


def verdict(document):
    trust = load_trust(json.dumps(trust_list()).encode())
    return verify_certificate(document.encode(), trust, at=clock.now())


def test_the_issued_certificate_verifies_offline(certificate):
    found = verdict(certificate.document)
    assert found.valid, [c for c in found.checks if not c.ok]


def test_an_edited_footprint_does_not(certificate):
    value = certificate.claims["footprint"]["value"]
    edited = certificate.document.replace(f'"value":"{value}"', '"value":"1"', 1)
    found = verdict(edited)
    assert edited != certificate.document
    assert not found.valid
    assert "signature" in {c.name for c in found.checks if c.ok is False}


def test_the_claims_say_what_was_decided(certificate):
    study = certificate.application.study
    assert certificate.claims["footprint"]["value"] == study.published
    assert certificate.claims["study_sha256"] == study.sha256
    assert certificate.claims["rule"]["filing_number"] == "试验-1"
    assert sum(float(s["share"]) for s in certificate.claims["stages"]) == pytest.approx(1, abs=1e-5)


def test_a_failure_while_issuing_undoes_the_decision(cast, reviewed, monkeypatch):
    from tanbiao.platform.certificates import actions as issuing

    def broken(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(issuing, "assemble", broken)
    with pytest.raises(OSError, match="disk full"):
        case.grant_certification(cast.decision_maker, reviewed, note="同意")
    reviewed.refresh_from_db()
    assert reviewed.state == "reviewed"
    assert not Certificate.objects.exists()
    assert not Entry.objects.exists()
    assert not Checkpoint.objects.exists()


def test_the_key_file_is_for_its_owner_only(certificate, settings):
    for key in (settings.VAR / "keys").iterdir():
        assert key.stat().st_mode & 0o077 == 0


def test_numbers_carry_check_digits():
    right = {make_number(2026, serial) for serial in range(2000)}
    for number in right:
        _tb, _year, serial, digits = number.split("-")
        for place in range(6):
            slips = [serial[:place] + d + serial[place + 1 :] for d in "0123456789" if d != serial[place]]
            assert right.isdisjoint(f"TB-2026-{slip}-{digits}" for slip in slips)


def test_a_later_status_makes_a_later_file_and_leaves_what_was_signed(certificate):
    """What suspension will do: no seal has to be broken for it."""
    from tanbiao.platform.certificates.keys import signer_of
    from tanbiao.platform.certificates.models import Status
    from tanbiao.trust import sign_status

    before = json.loads(certificate.document)
    suspended = sign_status(certificate.signed, "suspended", clock.now(), signer_of(certificate.body))
    Status.objects.create(certificate=certificate, statement=suspended)
    after = json.loads(certificate.document)
    assert after == before | {"status": suspended}
    found = verdict(certificate.document)
    assert [c.name for c in found.checks if not c.ok] == ["status"]


def test_a_lost_key_is_told_and_none_is_made_in_its_place(cast, reviewed, settings, organisations):
    from tanbiao.platform.certificates.keys import key_file
    from tanbiao.platform.certificates.models import IssuerKey
    from tanbiao.platform.kernel.actions import Refused

    key = IssuerKey.objects.get(organisation=organisations["body"])
    key_file(key).unlink()
    with pytest.raises(Refused, match="密钥"):
        case.grant_certification(cast.decision_maker, reviewed, note="同意")
    assert list(IssuerKey.objects.filter(organisation=organisations["body"])) == [key]
    assert not Certificate.objects.exists()


def test_what_an_older_key_and_an_older_name_signed_still_verifies(cast, certificate, organisations):
    from tanbiao.platform.accounts.models import Organisation
    from tanbiao.platform.certificates.actions import register_key

    Organisation.objects.filter(pk=certificate.body_id).update(name="更名后的认证有限公司")
    register_key(cast.operator, Organisation.objects.get(pk=certificate.body_id))
    assert verdict(certificate.document).valid
    names = [issuer["name"] for issuer in trust_list()["issuers"] if issuer["id"].endswith(str(certificate.body_id))]
    assert sorted(names) == ["更名后的认证有限公司", "甲认证有限公司"]


def test_reading_makes_no_keys(client, db, settings):
    assert client.get("/trust.json").status_code == 404
    assert client.get("/").status_code == 200
    assert not (settings.VAR / "keys").exists()


def test_the_log_is_opened_once(cast, organisations):
    from tanbiao.platform.accounts.models import Organisation
    from tanbiao.platform.kernel.actions import Refused
    from tanbiao.platform.publiclog.actions import open_log

    with pytest.raises(Refused, match="已经开通"):
        open_log(cast.operator, Organisation.objects.get(pk=cast.operator.organisation_id))


def test_without_the_logs_key_nothing_is_vouched_for_and_nothing_issued(
    client, cast, certificate, filed_rule, settings
):
    (settings.VAR / "keys" / "log.key").unlink()
    for address in ("/", "/certificates/", f"/c/{certificate.number}/"):
        answer = client.get(address)
        assert answer.status_code == 200 and "查验未通过" in answer.content.decode()
    assert client.get(f"/api/v1/certificates/{certificate.number}").json()["state"] == "unproven"
    assert client.get("/trust.json").status_code == 404


def test_without_the_logs_key_a_decision_is_refused_whole(cast, reviewed, settings):
    from tanbiao.platform.kernel.actions import Refused

    (settings.VAR / "keys" / "log.key").unlink()
    with pytest.raises(Refused, match="签名密钥不在"):
        case.grant_certification(cast.decision_maker, reviewed, note="同意")
    reviewed.refresh_from_db()
    assert reviewed.state == "reviewed"
