"""From application to decision: what may follow what."""

from tanbiao.platform.accounts.models import Role
from tanbiao.platform.certification.models import ApplicationState as S
from tanbiao.platform.certification.models import FindingState
from tanbiao.platform.kernel.flow import Flow, Transition

# In evaluation too: the applicant of a case with a clause that fails may begin again, rather than be denied.
CALL_BACK = Transition("call_back", (S.SUBMITTED, S.ACCEPTED, S.IN_EVALUATION), S.CALLED_BACK, Role.APPLICANT)
ACCEPT = Transition("accept", (S.SUBMITTED,), S.ACCEPTED, Role.APPLICATION_REVIEWER, "ISO/IEC 17065 7.3")
REFUSE = Transition("refuse", (S.SUBMITTED,), S.REFUSED, Role.APPLICATION_REVIEWER, "ISO/IEC 17065 7.3")
ASSIGN = Transition(
    "assign_verifier", (S.ACCEPTED, S.IN_EVALUATION), S.IN_EVALUATION, Role.APPLICATION_REVIEWER, "ISO/IEC 17065 7.4"
)
COMPLETE = Transition("complete_evaluation", (S.IN_EVALUATION,), S.EVALUATED, Role.VERIFIER, "ISO/IEC 17065 7.4")
SEND_BACK = Transition("send_back", (S.EVALUATED,), S.IN_EVALUATION, Role.REVIEWER, "ISO/IEC 17065 7.5")
REVIEW = Transition("review", (S.EVALUATED,), S.REVIEWED, Role.REVIEWER, "ISO/IEC 17065 7.5")
GRANT = Transition("grant", (S.REVIEWED,), S.GRANTED, Role.DECISION_MAKER, "ISO/IEC 17065 7.6")
DENY = Transition("deny", (S.REVIEWED,), S.DENIED, Role.DECISION_MAKER, "ISO/IEC 17065 7.6")

FLOW = Flow(S.SUBMITTED, (CALL_BACK, ACCEPT, REFUSE, ASSIGN, COMPLETE, SEND_BACK, REVIEW, GRANT, DENY))

ANSWER = Transition("answer_finding", (FindingState.OPEN,), FindingState.ANSWERED, Role.APPLICANT)
REOPEN = Transition("reopen_finding", (FindingState.ANSWERED,), FindingState.OPEN, Role.VERIFIER)
CLOSE = Transition("close_finding", (FindingState.ANSWERED,), FindingState.CLOSED, Role.VERIFIER)

FINDING_FLOW = Flow(FindingState.OPEN, (ANSWER, REOPEN, CLOSE))


def turn_of(state: str) -> list[Role]:
    """The roles that can move a case on from a state; to call it back or to hand it over is no step forward."""
    onward = (t for t in FLOW.following(state) if t.target != state and t != CALL_BACK)
    return list(dict.fromkeys(Role(t.role) for t in onward))
