"""The values that travel through Smallprint: frozen, plain, without I/O."""

from smallprint.models.domain.brief import Brief, Profile
from smallprint.models.domain.document import (
    Document,
    DocumentKind,
    Passage,
    PassageKind,
    Picture,
    ReadingReceipt,
)
from smallprint.models.domain.document_type import DocumentType
from smallprint.models.domain.finding import (
    Analysis,
    Evidence,
    FactKind,
    Finding,
    FindingReview,
    KeyFact,
    Match,
    Quotation,
    Reduction,
    Review,
    Ruling,
    Verdict,
)
from smallprint.models.domain.job import Ending, Job, SharedFile, Step
from smallprint.models.domain.prompt import (
    Activation,
    ActivationAction,
    Agent,
    Arm,
    Gate,
    Prompt,
    PromptRecord,
    Scope,
)
from smallprint.models.domain.report import (
    AnalysisRequest,
    EarlierAnalysis,
    Outcome,
    Report,
    ReportFact,
    ReportFinding,
)
from smallprint.models.domain.risk import RiskLevel
from smallprint.models.domain.triage import Triage
from smallprint.models.domain.usage import NANO_USD_PER_USD, AgentRun, ModelCall, Usage

__all__ = [
    "NANO_USD_PER_USD",
    "Activation",
    "ActivationAction",
    "Agent",
    "AgentRun",
    "Analysis",
    "AnalysisRequest",
    "Arm",
    "Brief",
    "Document",
    "DocumentKind",
    "DocumentType",
    "EarlierAnalysis",
    "Ending",
    "Evidence",
    "FactKind",
    "Finding",
    "FindingReview",
    "Gate",
    "Job",
    "KeyFact",
    "Match",
    "ModelCall",
    "Outcome",
    "Passage",
    "PassageKind",
    "Picture",
    "Profile",
    "Prompt",
    "PromptRecord",
    "Quotation",
    "ReadingReceipt",
    "Reduction",
    "Report",
    "ReportFact",
    "ReportFinding",
    "Review",
    "RiskLevel",
    "Ruling",
    "Scope",
    "SharedFile",
    "Step",
    "Triage",
    "Usage",
    "Verdict",
]
