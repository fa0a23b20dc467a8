"""Another factor for one input: found in the context of the row, refused with reasons, taken with one, recorded."""

import pytest

from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.platform.products.queries import factor_rows


@pytest.fixture
def starter(cast):
    from tanbiao.platform.library.actions import ensure_starter

    return ensure_starter()


@pytest.fixture
def row(draft_study, starter):
    """The purchased electricity of the rolling mill."""
    return next(r for r in factor_rows(draft_study.workbook) if r.process.id == "rolling" and "电力" in r.input.name)


@pytest.fixture
def choose(cast, draft_study, row):
    from tanbiao.platform.footprints.actions import study_with_factor

    def act(key, reason="与工厂所在电网和年份一致", actor=cast.maker, study=draft_study):
        return study_with_factor(actor, study, **row.address, key=key, reason=reason)

    return act


def test_a_choice_makes_a_workbook_and_a_draft_of_their_own(draft_study, choose, row):
    before = draft_study.result["total_kg_co2e"]
    made = choose("cn-electricity-footprint-2023")
    assert made.pk != draft_study.pk and made.workbook_id != draft_study.workbook_id
    assert made.workbook.file_id == draft_study.workbook.file_id
    draft_study.refresh_from_db()
    assert draft_study.result["total_kg_co2e"] == before and draft_study.workbook.choices == []
    electricity = 4500e4 * (0.6205 - 0.5777)
    per_tonne = (made.result["total_kg_co2e"] - before) * _output(made)
    assert per_tonne == pytest.approx(electricity, rel=1e-9)


def _output(study):
    """Tonnes the rolling mill makes in its year."""
    rolling = next(p for p in study.workbook.system["processes"] if p["id"] == "rolling")
    return float(next(o for o in rolling["outputs"] if o["kind"] == "product")["quantity"]["amount"])


def test_the_choice_is_kept_with_its_reason_and_reported_without_a_name(cast, choose, row):
    made = choose("cn-electricity-footprint-2023")
    (choice,) = made.workbook.choices
    assert choice["from"]["id"] == "cn-electricity-footprint-2024"
    assert choice["to"]["id"] == "cn-electricity-footprint-2023"
    assert (choice["reason"], choice["by"]) == ("与工厂所在电网和年份一致", cast.maker.name)
    (reported,) = made.result["choices"]
    assert reported["reason"] == choice["reason"] and "by" not in reported


def test_a_second_choice_stands_beside_the_first(choose, row):
    first = choose("cn-electricity-footprint-2023")
    second = choose("cn-electricity-footprint-coal-2024", study=first)
    assert [c["to"]["id"] for c in second.workbook.choices] == [
        "cn-electricity-footprint-2023",
        "cn-electricity-footprint-coal-2024",
    ]


def test_the_grid_factor_is_refused_and_the_message_names_the_right_one(choose):
    with pytest.raises(Invalid, match="2024年全国电力平均碳足迹因子") as refused:
        choose("cn-sh-grid-co2-2022")
    assert "6.4.9.4" in str(refused.value)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("cn-combustion-natural-gas", "单位|不能填在"),
        ("nowhere@1:x", "没有"),
        ("cn-electricity-footprint-2024", "现在用的就是"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(choose, key, said):
    with pytest.raises(Invalid, match=said):
        choose(key)


def test_a_choice_needs_a_reason_and_the_right_person(cast, choose):
    with pytest.raises(Invalid, match="为什么"):
        choose("cn-electricity-footprint-2023", reason=" ")
    with pytest.raises(Refused, match="产品所属企业"):
        choose("cn-electricity-footprint-2023", actor=cast.rival)


def test_a_retired_factor_is_not_chosen(cast, choose, starter):
    from tanbiao.platform.library.actions import retire_dataset
    from tanbiao.platform.library.queries import dataset_by_key

    old = dataset_by_key(cast.operator, "cn-electricity-footprint-2023")
    retire_dataset(cast.operator, old, reason="已有新值", successor="cn-electricity-footprint-2024")
    with pytest.raises(Invalid, match="已停用，请改用“2024年"):
        choose("cn-electricity-footprint-2023")


def test_a_chosen_study_is_frozen_like_any_other(cast, choose):
    from tanbiao.platform.footprints.actions import freeze_study
    from tanbiao.platform.footprints.queries import reproduces

    assert reproduces(freeze_study(cast.maker, choose("cn-electricity-footprint-2023")))


# pages


@pytest.fixture
def address(draft_study, row):
    from tanbiao.platform.footprints.queries import address_of

    return f"/studies/{draft_study.pk}/choose/?{address_of(row)}"


def test_the_page_finds_by_the_name_of_the_row_and_says_what_may_not_stand_there(cast, address, signed_in):
    page = signed_in(cast.maker).get(f"{address}&q=电力").content.decode()
    assert "选用" in page and "现在用的" in page
    refused = signed_in(cast.maker).get(f"{address}&q=上海 电力").content.decode()
    assert "不可用于碳足迹" in refused and "6.4.9.4" in refused
    after_the_usable = signed_in(cast.maker).get(f"{address}&q=电力&page=2").content.decode()
    assert "不能选用" in after_the_usable and "为什么不能" in after_the_usable
    assert 'value="电力"' in signed_in(cast.maker).get(address).content.decode()


def test_choosing_asks_for_the_reason_and_leads_to_the_new_study(cast, draft_study, address, signed_in):
    browser, chosen = signed_in(cast.maker), f"{address}&key=cn-electricity-footprint-2023"
    page = browser.get(chosen).content.decode()
    assert "2024年全国电力平均碳足迹因子" in page and "2023年全国电力平均碳足迹因子" in page
    assert browser.post(chosen, {"reason": ""}).status_code == 400
    answer = browser.post(chosen, {"reason": "按 2023 年数据核算"}, follow=True)
    made = answer.redirect_chain[-1][0]
    assert made != f"/studies/{draft_study.pk}/"
    page = answer.content.decode()
    assert "换用过的因子和理由" in page and "按 2023 年数据核算" in page


def test_a_refused_factor_cannot_be_chosen_by_address(cast, address, signed_in):
    answer = signed_in(cast.maker).get(f"{address}&key=cn-sh-grid-co2-2022")
    assert answer.status_code == 403 and "6.4.9.4" in answer.content.decode()


def test_nobody_else_chooses(cast, address, signed_in, client):
    assert signed_in(cast.rival).get(address).status_code == 404
    assert signed_in(cast.verifier).get(address).status_code == 404
    assert client.get(address).status_code == 302
    for wrong in ("process=x&row=0&column=factor", "process=rolling&row=99&column=factor", "row=x"):
        assert signed_in(cast.maker).get(f"{address.split('?')[0]}?{wrong}").status_code == 404


# who uses what


def test_a_study_knows_what_it_uses_and_who_retires_it_is_seen(cast, draft_study, starter, signed_in):
    from tanbiao.platform.footprints.queries import studies_on_retired, uses_of
    from tanbiao.platform.library.actions import retire_dataset
    from tanbiao.platform.library.queries import dataset_by_key

    key = "cn-electricity-footprint-2024"
    assert uses_of(cast.passer_by, key).count == 1 and not uses_of(cast.rival, key).own
    assert list(uses_of(cast.maker, key).own) == [draft_study]
    assert studies_on_retired(cast.maker) == []
    old = dataset_by_key(cast.operator, key)
    retire_dataset(cast.operator, old, reason="公布了新值", successor="cn-electricity-footprint-2023")
    ((study, datasets),) = studies_on_retired(cast.maker)
    assert (study.pk, [d.key for d in datasets]) == (draft_study.pk, [key])
    assert studies_on_retired(cast.rival) == []
    for page in ("/", f"/studies/{draft_study.pk}/"):
        shown = signed_in(cast.maker).get(page).content.decode()
        assert "已停用" in shown and "2023年全国电力平均碳足迹因子" in shown
    assert "已停用的因子" not in signed_in(cast.rival).get("/").content.decode()


def test_the_page_of_a_factor_counts_all_uses_and_links_to_ones_own(cast, draft_study, starter, signed_in, client):
    from tanbiao.platform.library.queries import dataset_by_key

    page = f"/library/f/{dataset_by_key(cast.maker, 'cn-electricity-footprint-2024').pk}/"
    assert "共有 1 份研究" in client.get(page).content.decode()
    assert f"/studies/{draft_study.pk}/" in signed_in(cast.maker).get(page).content.decode()
    assert f"/studies/{draft_study.pk}/" not in signed_in(cast.rival).get(page).content.decode()


@pytest.fixture
def choosing(cast, draft_study, row, signed_in):
    """The page on which a factor is chosen for the row."""

    def ask(**query):
        browser = signed_in(cast.maker)
        return browser.get(f"/studies/{draft_study.pk}/choose/", {**row.address, **query}).content.decode()

    return ask


def test_both_kinds_of_electricity_stand_on_top_whatever_else_is_found(cast, choosing, begin, a_file, reads):
    from library_cast import factor

    from tanbiao.platform.library.actions import import_into, publish_version

    kind = {"kind": "electricity_footprint"}
    reads(*(factor(f"el-{n}", f"电力，{n} 号", f"Electricity {n}", 0.2 + n / 1000, "MJ", **kind) for n in range(60)))
    publish_version(cast.researcher, import_into(cast.researcher, begin(cast.researcher, "大数据库"), a_file()))
    page = choosing(q="电力")
    right = page.index("tb-answer-good")
    wrong, table = page.index("tb-answer-bad"), page.index("<tbody>")
    assert "2024年全国电力平均碳足迹因子" in page[right:wrong] and "现在用的" in page[right:wrong]
    assert "2023年上海电力平均二氧化碳排放因子" in page[wrong:table]  # the average of where the plant is
    assert "0.5737" in page[wrong:table] and "6.4.9.4" in page[wrong:table]
    assert "kWh</span>" in page[table:] and "/MJ" not in page  # all per the unit of the factor in use
    assert 'rel="next"' in page and "tb-answer-bad" not in choosing(q="电力", page="2")


def test_where_no_electricity_is_asked_for_no_kinds_are_told_apart(choosing):
    assert "tb-answer-bad" not in choosing(q="钢")
