"""Messages in both languages at once, whoever causes them."""

from django.utils.translation import gettext_lazy, override

from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.kernel.bilingual import bilingual, text_of


def test_a_message_knows_itself_in_both_languages():
    message = bilingual("当前状态“%(state)s”不能执行此操作，请刷新页面查看最新状态。") % {
        "state": gettext_lazy("待检查")
    }
    assert "待检查" in message
    assert message.text.zh == message
    assert "待检查" not in message.text.en
    with override("en"):
        assert bilingual("请填写此项。") == bilingual("请填写此项。").text.en != "请填写此项。"


def test_an_error_without_both_says_what_it_has():
    assert text_of(Refused(bilingual("请填写此项。"))).en != "请填写此项。"
    assert text_of(ValueError("x")).zh == "x"
