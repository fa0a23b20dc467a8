"""Regions found in what people write."""

import pytest

from tanbiao.lca.datasets.regions import region_in


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
