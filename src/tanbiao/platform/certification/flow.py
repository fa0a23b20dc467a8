"""From application to decision: what may follow what."""

from tanbiao.platform.certification.models import ApplicationState as S
from tanbiao.platform.certification.models import FindingState
from tanbiao.platform.kernel.flow import Flow, Transition

CALL_BACK = Transition("call_back", (S.SUBMITTED, S.ACCEPTED), S.CALLED_BACK, "认证委托人")
ACCEPT = Transition("accept", (S.SUBMITTED,), S.ACCEPTED, "受理人员", "ISO/IEC 17065 7.3")
REFUSE = Transition("refuse", (S.SUBMITTED,), S.REFUSED, "受理人员", "ISO/IEC 17065 7.3")
ASSIGN = Transition("assign_verifier", (S.ACCEPTED, S.IN_EVALUATION), S.IN_EVALUATION, "受理人员", "ISO/IEC 17065 7.4")
COMPLETE = Transition("complete_evaluation", (S.IN_EVALUATION,), S.EVALUATED, "核查员", "ISO/IEC 17065 7.4")
SEND_BACK = Transition("send_back", (S.EVALUATED,), S.IN_EVALUATION, "复核人员", "ISO/IEC 17065 7.5")
REVIEW = Transition("review", (S.EVALUATED,), S.REVIEWED, "复核人员", "ISO/IEC 17065 7.5")
GRANT = Transition("grant", (S.REVIEWED,), S.GRANTED, "认证决定人员", "ISO/IEC 17065 7.6")
DENY = Transition("deny", (S.REVIEWED,), S.DENIED, "认证决定人员", "ISO/IEC 17065 7.6")

FLOW = Flow(S.SUBMITTED, (CALL_BACK, ACCEPT, REFUSE, ASSIGN, COMPLETE, SEND_BACK, REVIEW, GRANT, DENY))

ANSWER = Transition("answer_finding", (FindingState.OPEN,), FindingState.ANSWERED, "认证委托人")
REOPEN = Transition("reopen_finding", (FindingState.ANSWERED,), FindingState.OPEN, "核查员")
CLOSE = Transition("close_finding", (FindingState.ANSWERED,), FindingState.CLOSED, "核查员")

FINDING_FLOW = Flow(FindingState.OPEN, (ANSWER, REOPEN, CLOSE))
