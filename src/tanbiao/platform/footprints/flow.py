from tanbiao.platform.accounts.models import Role
from tanbiao.platform.footprints.models import StudyState
from tanbiao.platform.kernel.flow import Flow, Transition

FREEZE = Transition("freeze", (StudyState.DRAFT,), StudyState.FROZEN, Role.APPLICANT, "ISO 14067:2018 7.3")
FLOW = Flow(StudyState.DRAFT, (FREEZE,))
