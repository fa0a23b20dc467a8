"""Regions found in what people write."""

import pytest

from tanbiao.lca.datasets.regions import region_code, region_in


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("上海市宝山区示例路 1 号", "CN-SH"),
        ("中国上海", "CN-SH"),
        ("1 Example Road, Shanghai, China", "CN-SH"),
        ("内蒙古自治区包头市", "CN-NM"),
        ("全国电力", "CN"),
        ("power of steel", ""),
        ("Ukrainian road", ""),
        ("", ""),
    ],
)
def test_the_region_of_an_address(address, code):
    assert region_in(address) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("SH-CN", "CN-SH"),
        ("HF-AH-CN", "CN-AH"),
        ("NMG-CN", "CN-NM"),
        ("XA-SAX-CN", "CN-SN"),
        ("QQ-CN", "QQ-CN"),
        ("上海市", "CN-SH"),
    ],
)
def test_places_written_the_other_way_round(written, code):
    assert region_code(written) == code
