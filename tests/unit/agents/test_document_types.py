import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.document_types import guess_types
from smallprint.documents.reader import DocumentReader
from smallprint.models.domain import Document, DocumentType, PassageKind
from tests.fakes import passages

EXAMPLES = Path(__file__).parents[3] / "examples"
LABELLED = Path(__file__).parents[4] / "shared" / "evaldata" / "dev"
NOTHING = "The weather was fine, and we walked along the river until the evening came."


def document_of(*texts: str | tuple[PassageKind, str], name: str = "scan-0017.pdf") -> Document:
    return passages.document_of(*texts, name=name)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Mutual Non-Disclosure Agreement", DocumentType.NDA),
        ("Geheimhaltungsvereinbarung", DocumentType.NDA),
        ("Accord de confidentialité", DocumentType.NDA),
        ("Acuerdo de confidencialidad", DocumentType.NDA),
        ("Master Services Agreement", DocumentType.CONTRACT),
        ("COMMERCIAL LEASE", DocumentType.CONTRACT),
        ("Terms of Service", DocumentType.CONTRACT),
        ("Mietvertrag über Gewerberäume", DocumentType.CONTRACT),
        ("Allgemeine Geschäftsbedingungen", DocumentType.CONTRACT),
        ("Contrat de prestation de services", DocumentType.CONTRACT),
        ("Contrato de arrendamiento", DocumentType.CONTRACT),
        ("Contratto di locazione", DocumentType.CONTRACT),
        ("Remote Work Policy", DocumentType.POLICY),
        ("Code of Conduct", DocumentType.POLICY),
        ("Reisekostenrichtlinie", DocumentType.POLICY),
        ("Charte informatique", DocumentType.POLICY),
        ("Política de gastos", DocumentType.POLICY),
        ("Privacy Policy", DocumentType.PRIVACY_NOTICE),
        ("Data Processing Agreement", DocumentType.PRIVACY_NOTICE),
        ("Datenschutzerklärung", DocumentType.PRIVACY_NOTICE),
        ("Politique de confidentialité", DocumentType.PRIVACY_NOTICE),
        ("Aviso de privacidad", DocumentType.PRIVACY_NOTICE),
        ("Statement of Work No. 4", DocumentType.STATEMENT_OF_WORK),
        ("Leistungsbeschreibung", DocumentType.STATEMENT_OF_WORK),
        ("Cahier des charges", DocumentType.STATEMENT_OF_WORK),
        ("Vendor Security Questionnaire", DocumentType.SECURITY_QUESTIONNAIRE),
        ("Sicherheitsfragebogen für Lieferanten", DocumentType.SECURITY_QUESTIONNAIRE),
        ("Questionnaire de sécurité", DocumentType.SECURITY_QUESTIONNAIRE),
        ("Cuestionario de seguridad", DocumentType.SECURITY_QUESTIONNAIRE),
        ("Annual Report 2026", DocumentType.FINANCIAL_REPORT),
        ("Budget 2027", DocumentType.FINANCIAL_REPORT),
        ("Jahresabschluss zum 31.12.2026", DocumentType.FINANCIAL_REPORT),
        ("Rapport financier", DocumentType.FINANCIAL_REPORT),
        ("Cuentas anuales", DocumentType.FINANCIAL_REPORT),
        ("Proposal for a new warehouse", DocumentType.PROPOSAL),
        ("Board paper: the Lyon site", DocumentType.PROPOSAL),
        ("Angebot Nr. 77", DocumentType.PROPOSAL),
        ("Devis n° 12", DocumentType.PROPOSAL),
        ("Propuesta de proyecto", DocumentType.PROPOSAL),
        ("Incident Report 17", DocumentType.INCIDENT_REPORT),
        ("Post-mortem: checkout outage", DocumentType.INCIDENT_REPORT),
        ("Störungsbericht", DocumentType.INCIDENT_REPORT),
        ("Rapport d'incident", DocumentType.INCIDENT_REPORT),
        ("Informe de incidente", DocumentType.INCIDENT_REPORT),
    ],
)
def test_a_title_says_what_a_document_is(title, expected):
    assert guess_types(document_of(title, NOTHING * 20))[0] is expected


def test_the_words_of_a_special_kind_are_not_taken_for_a_general_one():
    assert guess_types(document_of("Data Processing Agreement", NOTHING * 20)) == (
        DocumentType.PRIVACY_NOTICE,
    )


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The tenant shall pay the landlord; either party may terminate this lease.", DocumentType.CONTRACT),
        ("Der Auftragnehmer haftet; jede Vertragspartei kann kündigen.", DocumentType.CONTRACT),
        ("The Receiving Party shall not disclose Confidential Information.", DocumentType.NDA),
        (
            "We collect personal data about you and share cookies with processors.",
            DocumentType.PRIVACY_NOTICE,
        ),
        ("Employees must ask their line manager; staff must follow this policy.", DocumentType.POLICY),
        ("Revenue rose, EBITDA fell, and net income was below budget in Q3.", DocumentType.FINANCIAL_REPORT),
        (
            "Backups use AES encryption; MFA and a penetration test exist.",
            DocumentType.SECURITY_QUESTIONNAIRE,
        ),
        (
            "The incident was detected at 10:02, mitigated at 10:40; root cause: a bug.",
            DocumentType.INCIDENT_REPORT,
        ),
        ("Each deliverable has acceptance criteria and a milestone.", DocumentType.STATEMENT_OF_WORK),
        ("We propose option B; the benefits and savings pay back the investment.", DocumentType.PROPOSAL),
    ],
)
def test_a_document_without_a_title_is_known_by_its_words(sentence, expected):
    assert guess_types(document_of(*[sentence] * 40))[0] is expected


def test_without_a_sign_every_kind_is_possible():
    guessed = guess_types(document_of(NOTHING))

    assert sorted(guessed) == sorted(DocumentType)


def test_a_document_without_words_may_be_anything():
    assert set(guess_types(document_of())) == set(DocumentType)


def test_the_name_of_the_file_decides_what_is_most_likely_and_excludes_nothing_by_itself():
    guessed = guess_types(document_of(NOTHING, name="acme_NDA_v2-final.pdf"))

    assert guessed[0] is DocumentType.NDA
    assert set(guessed) == set(DocumentType)


def test_what_we_computed_and_what_others_commented_is_not_the_documents_word():
    others = [(kind, "Incident Report") for kind in (PassageKind.PROFILE, PassageKind.COMMENT)]

    assert len(guess_types(document_of(*others, NOTHING))) == len(DocumentType)


@given(st.lists(st.text(max_size=300), max_size=10), st.text(max_size=40))
def test_something_is_guessed_of_every_document_and_nothing_twice(texts, name):
    guessed = guess_types(document_of(*texts, name=name))

    assert guessed
    assert len(set(guessed)) == len(guessed)


def test_an_endless_document_takes_no_longer_than_its_beginning():
    document = document_of(*["agreement privacy shall employees must " * 20_000] * 5)
    started = time.process_time()

    guess_types(document)

    assert time.process_time() - started < 2


# --- real documents ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [("services-agreement.pdf", DocumentType.CONTRACT), ("remote-work-policy.docx", DocumentType.POLICY)],
)
async def test_the_examples_are_recognised(name, expected):
    document = await DocumentReader().read(name, (EXAMPLES / name).read_bytes())

    assert guess_types(document) == (expected,)


@pytest.mark.corpus
@pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled documents are not here")
def test_labelled_documents_get_the_checklist_of_their_kind_and_few_others():
    guesses = {}
    for file in sorted(LABELLED.glob("*.json")):
        label = json.loads(file.read_text(encoding="utf-8"))
        text = (LABELLED / label["text_file"]).read_text(encoding="utf-8")
        guessed = guess_types(document_of(*text.split("\n\n"), name="document.txt"))
        guesses[file.stem] = (_kind(file.stem, label["title"]), guessed)

    assert [stem for stem, (kind, guessed) in guesses.items() if kind not in guessed] == []
    assert sum(kind is guessed[0] for kind, guessed in guesses.values()) >= 0.9 * len(guesses)
    assert max(len(guessed) for _, guessed in guesses.values()) <= 3


def _kind(stem: str, title: str) -> DocumentType:
    if stem.startswith("nda"):
        return DocumentType.NDA
    private = any(word in title for word in ("Privacy", "Data Policy"))
    return DocumentType.PRIVACY_NOTICE if private else DocumentType.CONTRACT
