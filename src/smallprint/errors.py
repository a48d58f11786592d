"""Every error that Smallprint raises, with the one sentence a user may read.

SmallprintError
├── DocumentError               a document that cannot be read; never worth a retry
│   ├── EmptyDocument           0 bytes, or nothing in it
│   ├── UnsupportedKind         a kind of file we do not read
│   ├── EncryptedDocument       protected by a password
│   ├── RightsManaged           protected by rights management, or a form that only its own program can show
│   ├── ScannedDocument         pages without text
│   ├── CorruptDocument         damaged or incomplete
│   ├── DocumentTooLarge        more bytes than the limit
│   ├── TooManyPages            more pages than the limit
│   ├── UnsafeArchive           expands to an unsafe size or nesting
│   ├── DocumentTooComplex      the parser ran out of memory or crashed
│   │   └── ReadingTimedOut     it ran out of time
│   └── DocumentTooLong         more text than the model's window holds
├── FileError                   a file in Slack that cannot be fetched
│   ├── FileGone                deleted, or not visible to us
│   ├── DocumentChanged         not the bytes that were analysed
│   ├── FileAccessDenied        `files:read` is missing
│   ├── ExternalFile            lives in another service
│   ├── UnsupportedFileMode     a kind of Slack file without bytes
│   ├── FileNotReady            Slack is still processing it (passing)
│   ├── FileTooSlow             the download took too long
│   ├── LinksOff                links are not fetched in this installation
│   ├── LinkRefused             not a public https address
│   ├── LinkClosed              the site does not give it to us
│   └── LinkUnreachable         the site did not answer (passing)
├── ModelError                  Claude did not give a usable answer
│   ├── ModelRefused            it declined
│   ├── AnswerTruncated         the answer hit the output limit
│   ├── ContextExceeded         the document is too long for the model
│   ├── InvalidAnswer           not the answer we asked for, even after one repair
│   ├── ModelAuthentication     key missing, wrong or without permission
│   ├── SpendLimitReached       the provider's own spending limit
│   ├── BudgetReached           our own limit: it was not even asked
│   ├── Stopped                 somebody stopped it
│   ├── ModelRequestRejected    the provider refused the request itself
│   ├── ModelOverloaded         busy or rate-limited (passing)
│   └── ModelUnreachable        connection, time-out or server fault (passing)
├── CostNeedsConsent            an analysis would cost more than may be spent without asking
├── InvalidBudget               a limit that cannot be set
├── InvalidUser                 not the id of a person in Slack
├── ReportGone                  a report that is not kept any more, or a button whose meaning is not known any more
├── PromptError                 a prompt version that cannot be used
│   ├── InvalidTemplate         a prompt file that breaks the rules
│   ├── UnknownAgent
│   ├── UnknownPromptVersion
│   ├── UnsupportedContract     its output contract is unknown to this release
│   ├── PromptAlreadyLive
│   ├── NothingToRollBack
│   ├── UnknownPeriod           "7d" and the like, as statistics want it
│   ├── NoCanary                there is none to promote or to end
│   ├── NotPinned               the channel has no version of its own
│   ├── GateRefused             no evaluation says that it is not worse
│   └── PromptMoved             somebody else changed it first
├── SlackError
│   ├── SlackUnavailable        no answer, 5xx or rate limit (passing)
│   ├── SlackRefused            Slack said no, with its code
│   ├── NotInChannel            the bot is not a member
│   ├── ModalNotOpened          a form that Slack did not show
│   └── NotAllowed              the person may not do or see this
├── DatabaseError
│   ├── DatabaseNewer           made by a newer release
│   ├── MigrationChanged        its schema came from other migrations than ours
│   └── DatabaseUnavailable     (passing)
├── EvaluationError             an evaluation that cannot be made, or labels that can't be used
│   ├── RecordingMissing        nothing was recorded for a request that is to be replayed
│   └── UnknownEvaluation       no run, or more than one, has this id
└── ConfigurationError          a setting is missing or wrong
"""

from __future__ import annotations

from typing import ClassVar

FORMATS = "PDF, Word, PowerPoint, Excel, HTML, Markdown, text, CSV, EML or a picture"
"""What we read, as refusals say it (docs/reference/formats.md)."""


class SmallprintError(Exception):
    """Base of all our errors.

    `code` is stable and goes to logs and the database; `user_message` is the only text of an error
    that a user reads; `retryable` says whether trying the same again later can succeed.
    """

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False
    sentence: ClassVar[str] = (
        "Something went wrong on our side. Please try again, or ask your admin to look at the log."
    )

    def __init__(self, user_message: str | None = None, *, retry_after_s: float | None = None) -> None:
        self.user_message = user_message or self.sentence
        self.retry_after_s = retry_after_s
        super().__init__(self.user_message)


# --- documents -------------------------------------------------------------------------------------------


class DocumentError(SmallprintError):
    code = "unreadable"
    sentence = "I couldn't read this document. Please export it as PDF and share that."


class EmptyDocument(DocumentError):
    code = "empty"
    sentence = (
        "This file is empty, so there is nothing to analyse."
        " Please check it and share it again when there is something in it."
    )


class UnsupportedKind(DocumentError):
    code = "unsupported_type"
    sentence = f"I can't read this kind of file. Please share it as {FORMATS}."


class EncryptedDocument(DocumentError):
    code = "encrypted"
    sentence = (
        "This document is protected by a password."
        " Please remove the password and share the file again; don't post the password here."
    )


class RightsManaged(DocumentError):
    code = "rights_managed"
    sentence = (
        "This document is protected by rights management, or a form that only its own program can show."
        " Please open it there, print it to PDF and share that."
    )


class ScannedDocument(DocumentError):
    code = "scanned"
    sentence = (
        "This document looks like a scan: it has no text that I can read."
        " Please share a version with text: exported from the original, or with text recognition (OCR) run over it."
    )


class CorruptDocument(DocumentError):
    code = "corrupt"
    sentence = "This file is damaged or incomplete. Please export it again and share the new copy."


class DocumentTooLarge(DocumentError):
    code = "too_large"
    sentence = "This file is too large for me. Please split it or share the part that matters."


class TooManyPages(DocumentError):
    code = "too_many_pages"
    sentence = "This document has too many pages for me. Please split it or share the part that matters."


class UnsafeArchive(DocumentError):
    code = "unsafe_archive"
    sentence = (
        "This file would unpack to an unsafe size or depth, so I did not open it."
        " Please save it again in the program it came from, or print it to PDF, and share that."
    )


class DocumentTooComplex(DocumentError):
    code = "too_complex"
    sentence = (
        "This document is too complex for me to read safely."
        " Please print it to PDF, or split it, and share that."
    )


class ReadingTimedOut(DocumentTooComplex):
    code = "timeout"
    sentence = "Reading this document took too long, so I stopped. Please print it to PDF, or split it, and share that."


class DocumentTooLong(DocumentError):
    code = "too_long"
    sentence = "This document has more text than I can analyse at once. Please split it or share the part that matters."


# --- files in Slack --------------------------------------------------------------------------------------


class FileError(SmallprintError):
    code = "file"
    sentence = "I couldn't get this file from Slack. Please share it again."


class FileGone(FileError):
    code = "file_gone"
    sentence = (
        "I can't find this file any more: it was deleted, or I'm not allowed to see it."
        " Please share it again in a channel I'm in."
    )


class FileAccessDenied(FileError):
    code = "file_access_denied"
    sentence = (
        "Slack didn't let me download this file."
        " Please ask an admin to give me the files:read permission and to reinstall me."
    )


class ExternalFile(FileError):
    code = "external_file"
    sentence = (
        "This file lives outside Slack, so I can't open it."
        f" Please download it and share the file itself, as {FORMATS}."
    )


class UnsupportedFileMode(FileError):
    code = "unsupported_file_mode"
    sentence = f"Slack doesn't hold this as a file I can download. Please share it as {FORMATS}."


class FileNotReady(FileError):
    code = "file_not_ready"
    retryable = True
    sentence = (
        "Slack was still processing this file and didn't finish in time. Please share it again in a minute."
    )


class FileTooSlow(FileError):
    code = "file_too_slow"
    sentence = (
        "Downloading this file took too long, so I stopped. Please share it again, or a smaller part of it."
    )


class LinksOff(FileError):
    code = "links_off"
    sentence = (
        "I don't open links to other sites here (an admin can allow it with the setting ALLOW_LINKS)."
        " Please download the document and share the file itself."
    )


class LinkRefused(FileError):
    code = "link_refused"
    sentence = (
        "I only open links to public pages: https, without a name or password in them, and not inside a private"
        " network. Please download the document and share the file itself."
    )


class LinkClosed(FileError):
    code = "link_closed"
    sentence = (
        "The site didn't give me this document: it isn't there, or one has to sign in."
        " Please download it and share the file itself."
    )


class LinkUnreachable(FileError):
    code = "link_unreachable"
    retryable = True
    sentence = "I couldn't reach the site of this link. Please check the link, or share the file itself."


# --- Claude ----------------------------------------------------------------------------------------------


class ModelError(SmallprintError):
    code = "model"
    sentence = "The AI didn't give a usable answer for this document."


class ModelRefused(ModelError):
    code = "model_refused"
    sentence = (
        "The AI declined to analyse this document, so there is no result. Please have a person read it."
    )


class AnswerTruncated(ModelError):
    code = "answer_truncated"
    sentence = "The AI's answer was too long and got cut off. Please share a smaller part of the document."


class ContextExceeded(ModelError):
    code = "context_exceeded"
    sentence = "This document is too long for the AI to read at once. Please split it or share the part that matters."


class InvalidAnswer(ModelError):
    """`fault` says what was wrong, for the model that repairs it: never shown, never logged."""

    code = "invalid_answer"
    sentence = "The AI's answer wasn't in a form I can check, so I don't show it. Please try again."

    def __init__(self, user_message: str | None = None, *, fault: str = "") -> None:
        self.fault = fault
        super().__init__(user_message)


class ModelAuthentication(ModelError):
    code = "model_authentication"
    sentence = "I'm not set up correctly to reach the AI (its key was not accepted). Please ask your admin to check it."


class SpendLimitReached(ModelError):
    code = "spend_limit"
    sentence = "The AI account's spending limit is reached. Please ask your admin to raise it, then share the file again."


class BudgetReached(ModelError):
    """Its message says which limit, how much is left of it and what this would have cost.

    A ModelError, so an analysis does without an agent that it can do without.
    """

    code = "budget_reached"
    sentence = "A spending limit is reached, so I didn't analyse this document. An admin can raise it."


class Stopped(ModelError):
    """Not a fault. `by` is the person's id, for who shows it; what it had cost is in the books.

    A ModelError, so what was found already is reported without the agents that were still to come.
    """

    code = "stopped"
    sentence = "This was stopped before there was a result. For a new one, share the file or ask again."

    def __init__(self, user_message: str | None = None, *, by: str = "") -> None:
        self.by = by
        super().__init__(user_message)


class ModelRequestRejected(ModelError):
    code = "model_request_rejected"
    sentence = "The AI service didn't accept this document. Please ask your admin to look at the log."


class ModelOverloaded(ModelError):
    code = "model_overloaded"
    retryable = True
    sentence = "The AI service is overloaded right now and several tries didn't get through. Please share the file again later."


class ModelUnreachable(ModelError):
    code = "model_unreachable"
    retryable = True
    sentence = "I couldn't reach the AI service after several tries. Please share the file again later."


class CostNeedsConsent(SmallprintError):
    """Not a fault: nothing was spent, and somebody may say yes. `estimate_nano_usd` is a little too high, if anything."""

    code = "cost_needs_consent"
    sentence = "Analysing this document would cost more than may be spent without asking."

    def __init__(self, user_message: str | None = None, *, estimate_nano_usd: int = 0) -> None:
        self.estimate_nano_usd = estimate_nano_usd
        super().__init__(user_message)


class InvalidBudget(SmallprintError):
    code = "invalid_budget"
    sentence = "That limit can't be set."


class InvalidUser(SmallprintError):
    code = "invalid_user"
    sentence = "That is no id of a person in Slack: it begins with U or W, as in U012AB3CD."


class DocumentChanged(FileError):
    code = "document_changed"
    sentence = (
        "This file has changed since I analysed it, so I can't mark the quotations in it."
        " Please run the analysis again, and export that one."
    )


class ReportGone(SmallprintError):
    code = "report_gone"
    sentence = "I don't keep this report any more. Please share the file again."


# --- prompts ---------------------------------------------------------------------------------------------


class PromptError(SmallprintError):
    code = "prompt"
    sentence = "That prompt can't be used."


class InvalidTemplate(PromptError):
    code = "invalid_template"


class UnknownAgent(PromptError):
    code = "unknown_agent"


class UnknownPromptVersion(PromptError):
    code = "unknown_prompt_version"


class UnsupportedContract(PromptError):
    code = "unsupported_contract"


class PromptAlreadyLive(PromptError):
    code = "prompt_already_live"


class NothingToRollBack(PromptError):
    code = "nothing_to_roll_back"


class NoCanary(PromptError):
    code = "no_canary"


class NotPinned(PromptError):
    code = "not_pinned"


class GateRefused(PromptError):
    """Its sentence says how to override the gate."""

    code = "gate_refused"


class PromptMoved(PromptError):
    code = "prompt_moved"


class UnknownPeriod(PromptError):
    code = "unknown_period"


# --- Slack -----------------------------------------------------------------------------------------------


class SlackError(SmallprintError):
    code = "slack"
    sentence = "Slack didn't accept what I tried to do."


class SlackUnavailable(SlackError):
    code = "slack_unavailable"
    retryable = True
    sentence = "Slack didn't answer. Please try again in a minute."


class SlackRefused(SlackError):
    code = "slack_refused"

    def __init__(self, slack_code: str = "unknown") -> None:
        """`slack_code` is Slack's own error code ("message_not_found"); it goes to the log, not to a user."""
        super().__init__()
        self.slack_code = slack_code


class NotInChannel(SlackError):
    code = "not_in_channel"
    sentence = "I'm not in this channel. Invite me with /invite, then try again."


class ModalNotOpened(SlackError):
    code = "modal_not_opened"
    sentence = "Slack didn't let me open a form for that. Please try again."


class NotAllowed(SlackError):
    code = "not_allowed"
    sentence = "You are not allowed to do this."


# --- database and settings -------------------------------------------------------------------------------


class DatabaseError(SmallprintError):
    code = "database"


class DatabaseNewer(DatabaseError):
    code = "database_newer"
    sentence = (
        "The database was made by a newer release of Smallprint. Install that release, or restore a backup."
    )


class MigrationChanged(DatabaseError):
    code = "migration_changed"
    sentence = (
        "The database was made by a different build of Smallprint: a released migration was changed since."
        " Install the release that made it, or restore a backup."
    )


class DatabaseUnavailable(DatabaseError):
    code = "database_unavailable"
    retryable = True
    sentence = "I can't reach my database right now. Please try again in a minute."


# --- evaluation ------------------------------------------------------------------------------------------


class EvaluationError(SmallprintError):
    code = "evaluation"
    sentence = "This evaluation can't be made."


class RecordingMissing(EvaluationError):
    code = "recording_missing"
    sentence = "Nothing was recorded for what an agent asks, so it can't be replayed."


class UnknownEvaluation(EvaluationError):
    code = "unknown_evaluation"
    sentence = "There is no such evaluation."


class ConfigurationError(SmallprintError):
    code = "configuration"
    sentence = "A setting is missing or wrong."


def sentence_of(code: str) -> str | None:
    """The sentence of the error with this code, as far as it can be said without the error itself."""
    kinds: list[type[SmallprintError]] = [SmallprintError]
    while kinds:
        kind = kinds.pop()
        if kind.code == code and kind is not SmallprintError:
            return kind.sentence
        kinds.extend(kind.__subclasses__())
    return None
