"""The values that travel through Smallprint: frozen, plain, without I/O."""

from smallprint.models.domain.document import (
    Document,
    DocumentKind,
    Passage,
    PassageKind,
    Picture,
    ReadingReceipt,
)
from smallprint.models.domain.finding import (
    Analysis,
    Evidence,
    Finding,
    FindingReview,
    Match,
    Quotation,
    Review,
    Verdict,
)
from smallprint.models.domain.job import Ending, Job, SharedFile, Step
from smallprint.models.domain.prompt import Activation, ActivationAction, Agent, Prompt, PromptRecord
from smallprint.models.domain.report import AnalysisRequest, Outcome, Report, ReportFinding
from smallprint.models.domain.risk import RiskLevel
from smallprint.models.domain.usage import NANO_USD_PER_USD, AgentRun, ModelCall, Usage

__all__ = [
    "NANO_USD_PER_USD",
    "Activation",
    "ActivationAction",
    "Agent",
    "AgentRun",
    "Analysis",
    "AnalysisRequest",
    "Document",
    "DocumentKind",
    "Ending",
    "Evidence",
    "Finding",
    "FindingReview",
    "Job",
    "Match",
    "ModelCall",
    "Outcome",
    "Passage",
    "PassageKind",
    "Picture",
    "Prompt",
    "PromptRecord",
    "Quotation",
    "ReadingReceipt",
    "Report",
    "ReportFinding",
    "Review",
    "RiskLevel",
    "SharedFile",
    "Step",
    "Usage",
    "Verdict",
]
