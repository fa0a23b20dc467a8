"""What may follow what: of an imported version, and of a measured factor on its way into the library."""

from tanbiao.platform.accounts.models import Role
from tanbiao.platform.kernel.flow import Flow, Transition
from tanbiao.platform.library.models import DatasetState, SubmissionState, VersionState

_V, _S = VersionState, SubmissionState

STAGE = Transition("stage_version", (_V.IMPORTING,), _V.STAGED, Role.RESEARCHER)
FAIL = Transition("fail_import", (_V.IMPORTING,), _V.FAILED, Role.RESEARCHER)
DISCARD = Transition("discard_version", (_V.IMPORTING, _V.STAGED), _V.FAILED, Role.RESEARCHER)
PUBLISH = Transition("publish_version", (_V.STAGED,), _V.PUBLISHED, Role.RESEARCHER)
RETIRE = Transition("retire_version", (_V.PUBLISHED,), _V.RETIRED, Role.RESEARCHER)

VERSION_FLOW = Flow(_V.IMPORTING, (STAGE, FAIL, DISCARD, PUBLISH, RETIRE))

RETIRE_DATASET = Transition("retire_dataset", (DatasetState.CURRENT,), DatasetState.RETIRED, Role.RESEARCHER)

DATASET_FLOW = Flow(DatasetState.CURRENT, (RETIRE_DATASET,))

# One agreement leaves the submission where it is; the second, of another organisation, approves it.
AGREE = Transition("agree_to_factor", (_S.SUBMITTED,), _S.SUBMITTED, Role.DATA_REVIEWER)
APPROVE = Transition("approve_factor", (_S.SUBMITTED,), _S.APPROVED, Role.DATA_REVIEWER)
SEND_BACK = Transition("send_back_factor", (_S.SUBMITTED,), _S.SENT_BACK, Role.DATA_REVIEWER)
TURN_DOWN = Transition("turn_down_factor", (_S.SUBMITTED,), _S.TURNED_DOWN, Role.DATA_REVIEWER)
CORRECT = Transition("correct_factor", (_S.SENT_BACK,), _S.SUBMITTED, Role.RESEARCHER)
CALL_BACK = Transition("call_back_factor", (_S.SUBMITTED, _S.SENT_BACK), _S.CALLED_BACK, Role.RESEARCHER)
PUBLISH_FACTOR = Transition("publish_factor", (_S.APPROVED,), _S.PUBLISHED, Role.OPERATOR)

SUBMISSION_FLOW = Flow(_S.SUBMITTED, (AGREE, APPROVE, SEND_BACK, TURN_DOWN, CORRECT, CALL_BACK, PUBLISH_FACTOR))
