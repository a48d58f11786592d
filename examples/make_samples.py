"""Write the two sample documents beside this file. Run again, it writes the same bytes.

Both are our own fiction: a services agreement (PDF, with page breaks) whose small print favours the supplier, and a
remote-work policy (DOCX). The demo reads them; tests do too.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

HERE = Path(__file__).resolve().parent
EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ZIP_EPOCH = (2026, 1, 1, 0, 0, 0)

AGREEMENT: list[list[tuple[str, list[str]]]] = [
    [
        (
            "SERVICES AGREEMENT",
            [
                (
                    "This Services Agreement (the “Agreement”) is made on 1 February 2026 between Northwind Cloud Ltd, a company"
                    " registered in Ireland (the “Supplier”), and Harbour Lane Clinics GmbH, a company registered in Germany"
                    " (the “Customer”)."
                ),
            ],
        ),
        (
            "1. Services",
            [
                (
                    "1.1 The Supplier shall provide the hosted appointment and records platform described in Schedule A"
                    " (the “Services”) to the Customer during the Term."
                ),
                "1.2 The Supplier may change, suspend or withdraw any feature of the Services at any time without notice.",
                (
                    "1.3 The Supplier aims for an availability of 99.5 % in each calendar month. Missing this aim is not a breach"
                    " of this Agreement and gives no right to a credit or refund."
                ),
            ],
        ),
        (
            "2. Term and renewal",
            [
                "2.1 The initial term is thirty-six (36) months from the date of this Agreement.",
                (
                    "2.2 After the initial term this Agreement shall automatically renew for successive periods of twenty-four (24)"
                    " months, unless the Customer gives written notice of non-renewal at least one hundred and eighty (180) days"
                    " before the end of the then current term."
                ),
                (
                    "2.3 The Supplier may terminate this Agreement for convenience on thirty (30) days’ written notice. The Customer"
                    " has no right to terminate before the end of the then current term."
                ),
            ],
        ),
    ],
    [
        (
            "3. Fees",
            [
                "3.1 The Customer shall pay a fee of EUR 14,500 per month, in advance, within ten (10) days of the invoice.",
                (
                    "3.2 The Customer commits to a minimum purchase of EUR 174,000 in each contract year, whether or not the Services"
                    " are used."
                ),
                (
                    "3.3 The Supplier may increase the fees at any time by giving thirty (30) days’ notice. Continued use of the"
                    " Services is acceptance of the increase."
                ),
                (
                    "3.4 Late payments bear interest at 1.5 % per month. If the Customer terminates early for any reason, it shall pay,"
                    " as liquidated damages and not as a penalty, one hundred percent (100 %) of the fees for the remainder of the"
                    " term."
                ),
            ],
        ),
        (
            "4. Data and intellectual property",
            [
                (
                    "4.1 The Customer grants the Supplier a perpetual, irrevocable, worldwide licence to use the data that the Customer"
                    " and its patients enter into the Services, for any purpose, including the development of other products."
                ),
                (
                    "4.2 All configurations, reports and improvements made for the Customer, whether or not paid for by the Customer,"
                    " are hereby assigned to the Supplier."
                ),
                "4.3 The Supplier may use subcontractors and may transfer data to any country in which it or they operate.",
            ],
        ),
        (
            "5. Restrictions",
            [
                (
                    "5.1 During the Term and for two (2) years thereafter the Customer shall not purchase services that compete with"
                    " the Services from any third party."
                ),
                "5.2 The Customer shall not make any statement that disparages the Supplier.",
            ],
        ),
    ],
    [
        (
            "6. Liability and indemnity",
            [
                (
                    "6.1 The Supplier’s total liability under this Agreement shall not exceed the fees paid in the one (1) month before"
                    " the event that gave rise to the claim."
                ),
                (
                    "6.2 The Customer’s liability under this Agreement is unlimited. The Customer shall indemnify the Supplier against"
                    " all losses, claims and expenses, however they arise, including those caused by the Supplier’s own negligence."
                ),
                "6.3 In no event shall the Supplier be liable for loss of data, loss of profit or indirect damages.",
            ],
        ),
        (
            "7. Assignment and change of control",
            [
                (
                    "7.1 The Customer may not assign this Agreement without the Supplier’s prior written consent. The Supplier may"
                    " assign it freely."
                ),
                "7.2 If control of the Customer changes, the Supplier may terminate this Agreement at once and clause 3.4 applies.",
            ],
        ),
        (
            "8. Audit",
            [
                (
                    "8.1 The Supplier may audit the Customer’s use of the Services at any time, on the Customer’s premises and at the"
                    " Customer’s expense."
                ),
            ],
        ),
        (
            "9. General",
            [
                "9.1 This Agreement is governed by the laws of Ireland.",
                (
                    "9.2 This is the entire agreement between the parties. It may be changed by the Supplier by publishing a new version"
                    " on its website."
                ),
            ],
        ),
    ],
]

POLICY: list[tuple[str, list[str]]] = [
    (
        "1. Purpose",
        [
            "This policy says how employees of Harbour Lane Clinics work from home and from abroad. It applies from 1 March 2026."
        ],
    ),
    (
        "2. Working from home",
        [
            "Employees may work from home on up to three days a week, after agreeing the days with their manager.",
            (
                "The employer provides a laptop and a headset. Furniture and internet access are the employee’s own matter and are"
                " not reimbursed."
            ),
            "Core hours are from 10:00 to 15:00. Overtime needs approval before it is worked.",
        ],
    ),
    (
        "3. Working from abroad",
        [
            (
                "Work from another country of the European Union is possible on up to twenty working days a year, if People"
                " Operations has confirmed social insurance and tax beforehand."
            ),
        ],
    ),
    (
        "4. Privacy at work",
        [
            (
                "The employer may monitor the use of company devices, including screenshots and keystrokes, at any time and without"
                " further notice."
            ),
            (
                "Personal data of employees may be shared with third parties, including service providers outside the European Union,"
                " for any business purpose."
            ),
            "Monitoring records are retained indefinitely.",
        ],
    ),
    (
        "5. Equipment and liability",
        [
            "Employees are liable without limitation for damage to or loss of company equipment at home.",
            "Equipment is returned within seven days after employment ends.",
        ],
    ),
    (
        "6. Inventions",
        [
            "Everything an employee creates on company devices, inside or outside working hours, is hereby assigned to the employer.",
        ],
    ),
    (
        "7. Changes",
        ["The employer may change this policy at any time, at its sole discretion, without notice."],
    ),
]


def agreement_pdf() -> bytes:
    """Three pages, one `PageBreak` between them."""
    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", parent=styles["BodyText"], fontSize=10.5, leading=14.5, spaceAfter=5)
    story: list[Any] = []
    for number, page in enumerate(AGREEMENT):
        if number:
            story.append(PageBreak())
        for heading, paragraphs in page:
            story.append(Paragraph(heading, styles["Title" if heading.isupper() else "Heading2"]))
            story.extend(Paragraph(paragraph, body) for paragraph in paragraphs)
            story.append(Spacer(1, 0.2 * cm))
    written = io.BytesIO()
    margins = {
        "leftMargin": 2.4 * cm,
        "rightMargin": 2.4 * cm,
        "topMargin": 2.2 * cm,
        "bottomMargin": 2.2 * cm,
    }
    SimpleDocTemplate(
        written, pagesize=A4, title="Services Agreement", author="Smallprint samples", invariant=1, **margins
    ).build(story)
    return written.getvalue()


def policy_docx() -> bytes:
    """Headings and paragraphs, as Word writes them."""
    document = docx.Document()
    document.core_properties.author = "Smallprint samples"
    document.core_properties.created = document.core_properties.modified = EPOCH
    document.add_heading("Remote Work Policy", level=0)
    for heading, paragraphs in POLICY:
        document.add_heading(heading, level=1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    written = io.BytesIO()
    document.save(written)
    return _with_fixed_dates(written.getvalue())


def _with_fixed_dates(package: bytes) -> bytes:
    """The same archive without the time of writing in it."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()


SAMPLES = {"services-agreement.pdf": agreement_pdf, "remote-work-policy.docx": policy_docx}

if __name__ == "__main__":
    for name, make in SAMPLES.items():
        (HERE / name).write_bytes(make())
        print(f"wrote {name}")
