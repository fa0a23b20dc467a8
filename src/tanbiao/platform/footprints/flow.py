from tanbiao.platform.footprints.models import StudyState
from tanbiao.platform.kernel.flow import Flow, Transition

FREEZE = Transition("freeze", (StudyState.DRAFT,), StudyState.FROZEN, "企业的认证委托人", "ISO 14067:2018 7.3")
FLOW = Flow(StudyState.DRAFT, (FREEZE,))
