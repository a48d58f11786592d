"""A post-incident report that says the right words and leaves the dates to speak."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, risk
from evaluation.datasets.house.making.pdf import pdf

from smallprint.models.domain import DocumentType, RiskLevel

_TEXT = """
# Post-incident report INC-2026-014

^ Norrvik Betal AB, Gothenburg – Payment platform – 20 March 2026

## 1. Summary

On Tuesday 3 March 2026 merchants could not take card payments for three hours and forty minutes, and a file with settlement data could be fetched from the public internet. 1,200 cardholders are concerned. Service was restored at 11:52 the same day. No data was taken. We are sorry for what our merchants went through.

This report follows our rule that we look for causes and not for somebody to blame.

## 2. What happened

| Time (CET) | Event |
| 3 March, 08:12 | First alarms: card authorisations fail at the gateway |
| 3 March, 08:20 | On-call engineer starts; status page says "investigating" |
| 3 March, 09:05 | Traffic moved to the stand-by gateway; errors continue |
| 3 March, 10:31 | The gateway's certificate is found to have run out at 08:00; a new one is requested |
| 3 March, 10:48 | A colleague notices that the settlement file of February lies in a folder open to the internet |
| 3 March, 10:55 | The folder is closed |
| 3 March, 11:52 | The new certificate is in place; payments work |
| 4 March, 09:00 | Merchants are told of the outage by e-mail, with a link to the status page |
| 11 March, 16:30 | The data protection authority is told of the open folder, as soon as the facts were clear to us |
| 12 March, 10:00 | Letters go to the cardholders concerned |

## 3. Effect

About 9 % of the day's payments in Sweden and Denmark failed; most were tried again with success. The settlement file held 12,400 records with name, the last four digits of the card and the amount. The access log of the folder covers the last forty-eight hours only, so earlier requests cannot be seen.

The amount of service credits owed to merchants has been computed under their contracts and is paid with the April statement.

## 4. Cause

The certificate was not renewed because the reminder went to the mailbox of an engineer who left in December. The same happened on 14 October 2025 (INC-2025-091) with the certificate of the reporting service; the action decided then, a central register of certificates, had not been started by March.

How the folder came to be open could not be settled. It may have been a change in January, a fault of the storage software, or something else. As the folder is closed now, the matter is not followed up.

## 5. What went well

The on-call engineer was at work eight minutes after the first alarm. The stand-by gateway took over as rehearsed. The status page was kept up to date every twenty minutes.

## 6. Actions

| No. | Action | Owner | Due | State |
| 1 | Renew all certificates that end before July | Elin Sundqvist | 13 March 2026 | Done |
| 2 | Central register of certificates, with two people reminded | Oskar Brandt | 30 April 2026 | In progress |
| 3 | Scan all storage for folders open to the internet | the team | 28 February 2026 | Open |
| 4 | Keep access logs for ninety days | | | Open |
| 5 | Rehearse the loss of a certificate | Elin Sundqvist | 29 May 2026 | Planned |

## 7. Approval

Approved by the head of platform, Tove Lindgren, on 20 March 2026. Actions 1, 2 and 5 are reviewed every fortnight.
"""

_EXPECTED = (
    risk(
        "incident.late_notification",
        "Found on 3 March, the authority told on 11 March: eight days instead of 72 hours",
        "The data protection authority is told of the open folder, as soon as the facts were clear to us",
    ),
    risk(
        "document.contradiction",
        "1,200 cardholders in the summary, 12,400 records under Effect",
        "1,200 cardholders are concerned.",
        "The settlement file held 12,400 records",
    ),
    risk(
        "document.unsupported_claim",
        "'No data was taken', though the log reaches back two days only",
        "No data was taken.",
        "The access log of the folder covers … cannot be seen.",
    ),
    risk(
        "incident.repeat",
        "The same cause in October, and the action decided then was not begun",
        "The same happened on 14 October 2025 … started by March.",
    ),
    risk(
        "incident.root_cause_unclear",
        "Why the folder was open is not known, and nobody looks any further",
        "How the folder came to be open … not followed up.",
    ),
    risk(
        "incident.no_owner",
        "Two actions that matter belong to nobody",
        "Scan all storage for folders open to the internet … the team",
        "Keep access logs for ninety days",
    ),
    risk("document.deadline_passed", "Due before the incident, and open", "28 February 2026 … Open"),
)

_MUST_NOT_FLAG = (
    harmless("incident.root_cause_unclear", "Looks for causes, not for blame", "This report follows … to blame."),
    harmless("incident.no_owner", "An action with owner and date, done", "Renew all certificates that end before July … Done"),
    harmless("security.no_incident_process", "It worked as rehearsed", "The stand-by gateway took over as rehearsed."),
    harmless("incident.late_notification", "The status page was current", "The status page was kept up to date every twenty minutes."),
    harmless("liability.liquidated_damages", "Credits are paid", "The amount of service credits … April statement."),
)  # fmt: skip

_ABSENT = (
    "document.blank_or_placeholder",
    "document.hidden_text",
    "document.addresses_ai",
    "document.formula_error",
    "document.missing_attachment",
    "proposal.conflict_of_interest",
    "liability.uncapped",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-incident-report",
        title="Post-incident report INC-2026-014 of Norrvik Betal",
        doc_type=DocumentType.INCIDENT_REPORT,
        file="post-incident-report-INC-2026-014.pdf",
        content=pdf(
            _TEXT,
            title="Post-incident report INC-2026-014",
            author="Norrvik Betal AB",
            foot="Norrvik Betal AB – internal – INC-2026-014",
            serif=False,
        ),
        perspective="management",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Norrvik Betal AB"],
            "dates": {"incident": "3 March 2026", "approved": "20 March 2026"},
        },
    )
