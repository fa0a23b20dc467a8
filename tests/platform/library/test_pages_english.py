"""Who asks for English reads English in the library too: no Chinese but what people and sources have written."""

import pytest
from django.urls import reverse
from test_english import ask_for_english, chinese_in, left_in_chinese

from tanbiao.platform.library.models import Flag


@pytest.fixture
def starter(cast):
    from tanbiao.platform.library.actions import ensure_starter

    return ensure_starter()


def test_pages_for_everybody(client, cast, starter):
    pages = [reverse(f"library:{name}") for name in ("factors", "sources", "compare")]
    pages += [f"/library/?{query}" for query in ("q=electricity", "q=electricity&kind=grid_co2", "q=nothing+like+it")]
    pages += [reverse("library:version", args=[starter.pk]), "/library/compare/?key=cn-electricity-footprint-2024"]
    keys = ("cn-electricity-footprint-2024", "cn-sh-grid-co2-2022", "cn-combustion-natural-gas")
    pages += [reverse("library:dataset", args=[starter.datasets.get(key=key).pk]) for key in keys]
    assert not left_in_chinese(client, pages)


def test_pages_of_a_version(cast, staged, signed_in, starter):
    Flag.objects.create(
        version=staged, check_code="spread", severity="blocking", place="a", zh="偏大", en="large", dataset=None
    )
    staged.report = {
        "counts": {"processes": 1},
        "seen": {"unlinked": 1},
        "notices": [{"code": "unlinked", "severity": "warning", "place": "a", "zh": "没有连接", "en": "not linked"}],
    }
    staged.save()
    home = reverse("library:version", args=[staged.pk])
    researcher = signed_in(cast.researcher)
    pages = [home, f"{home}flags/?check=spread", f"{home}discard/", reverse("library:import")]
    assert not left_in_chinese(researcher, pages)
    staged.flags.update(state="accepted", reason="looked at")
    assert not left_in_chinese(researcher, [f"{home}publish/"])
    researcher.post(f"{home}publish/")
    dataset = reverse("library:dataset", args=[staged.datasets.first().pk])
    assert not left_in_chinese(researcher, [home, f"{home}retire/", dataset, f"{dataset}retire/"])
    wrong = ask_for_english(researcher).post(reverse("library:import"), {"name": ""})
    assert (wrong.status_code, chinese_in(wrong.content.decode())) == (400, [])


def test_pages_of_a_submission(cast, submission, signed_in):
    home = reverse("library:submission", args=[submission.pk])
    lists = ["/", reverse("library:submissions")]
    assert not left_in_chinese(
        signed_in(cast.researcher), [home, f"{home}call-back/", *lists, reverse("library:submit")]
    )
    reviewer = signed_in(cast.data_reviewer)
    assert not left_in_chinese(reviewer, [home, f"{home}review/", *lists])
    reviewer.post(f"{home}review/", {"verdict": "send_back", "note": "say how it was sampled"})
    assert not left_in_chinese(signed_in(cast.researcher), [home, f"{home}correct/", "/"])
    wrong = ask_for_english(signed_in(cast.researcher)).post(reverse("library:submit"), {"name-1": "x", "value": "y"})
    assert (wrong.status_code, chinese_in(wrong.content.decode())) == (400, [])


def test_pages_of_a_choice(cast, draft_study, published, signed_in, starter):
    from tanbiao.platform.footprints.actions import study_with_factor
    from tanbiao.platform.footprints.queries import address_of
    from tanbiao.platform.library.actions import retire_dataset
    from tanbiao.platform.library.queries import dataset_by_key
    from tanbiao.platform.products.queries import factor_rows

    maker, home = signed_in(cast.maker), f"/studies/{draft_study.pk}/"
    row = next(r for r in factor_rows(draft_study.workbook) if "电力" in r.input.name)
    choose, key = f"{home}choose/?{address_of(row)}", "cn-electricity-footprint-2023"
    other = study_with_factor(cast.maker, draft_study, **row.address, key=key, reason="the year of the data")
    old = dataset_by_key(cast.operator, "cn-electricity-footprint-2024")
    retire_dataset(cast.operator, old, reason="revised", successor=key)
    pages = ["/", home, choose, f"{choose}&q=Shanghai", f"{choose}&key={key}", f"/studies/{other.pk}/"]
    pages += [f"{home}background/", f"{home}background/?version={published.pk}", f"{home}beside/{other.pk}/"]
    names = " ".join(r.input.name for r in factor_rows(draft_study.workbook))  # searched for by parts of them
    left = {address: [w for w in words if w not in names] for address, words in left_in_chinese(maker, pages).items()}
    assert not any(left.values()), left
