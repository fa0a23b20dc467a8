"""The public API: certificates for programs."""

import json


def test_a_certificate_comes_with_its_signed_document(client, certificate):
    found = client.get(f"/api/v1/certificates/{certificate.number}").json()
    assert found["state"] == "active"
    assert found["footprint"] == certificate.claims["footprint"]["value"]
    assert json.loads(found["document"])["certificate"] == certificate.claims == found["claims"]


def test_search_finds_by_product_and_holder_and_nothing_else(client, certificate):
    numbers = [
        [c["number"] for c in client.get("/api/v1/certificates", {"q": q}).json()["items"]]
        for q in ("带肋钢筋", "试验钢铁", "水泥")
    ]
    assert numbers == [[certificate.number], [certificate.number], []]


def test_an_unknown_number_is_said_in_both_languages(client, db):
    answer = client.get("/api/v1/certificates/TB-2026-999999-00")
    assert answer.status_code == 404
    assert set(answer.json()) == {"zh", "en"}


def test_a_search_says_how_much_there_is_and_gives_it_by_pages(client, certificate, monkeypatch):
    answer = client.get("/api/v1/certificates").json()
    assert (answer["count"], answer["page"], answer["pages"], len(answer["items"])) == (1, 1, 1, 1)
    assert client.get("/api/v1/certificates", {"page": 10**9}).json()["page"] == 1
    assert client.get("/api/v1/certificates", {"page": "x"}).status_code == 422
