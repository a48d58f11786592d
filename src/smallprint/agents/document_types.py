"""What kind of document it may be, by its title and its vocabulary: rules, no AI, no cost. Pure, bounded work.

It decides which checklists the analyst gets, so a kind too many costs a few hundred tokens and a kind too few may
cost a finding: when in doubt it says more, and without a clear sign it says all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from smallprint.models.domain import Document, DocumentType, PassageKind

TITLE_CHARACTERS = 500
"""Of the beginning, where a title stands."""
BODY_CHARACTERS = 40_000
LEAST_CHARACTERS = 3_000
"""A shorter body is counted as if it had these many, so that two words on half a page are no vocabulary."""

IN_TEXT, IN_NAME = 2.0, 1.0
"""What a title counts for, in the text and in the file's name …"""
MOST_FROM_BODY = 2.0
"""… and the vocabulary at most."""
LIKELY_FROM, SHARE_OF_BEST = 1.25, 0.5
"""More than a file's name alone, or than a few words more than usual."""


def guess_types(document: Document) -> tuple[DocumentType, ...]:
    """Most likely first; every type, in the same order, when nothing speaks for any."""
    texts = (passage.text for passage in document.passages if passage.kind not in _NOT_ITS_WORDS)
    body = _joined(texts, BODY_CHARACTERS).lower()
    name = re.sub(r"[\W_]+", " ", document.name.rsplit(".", 1)[0]).lower()
    scores = _scores(body, name)
    ranked = sorted(scores, key=lambda kind: -scores[kind])
    least = max(LIKELY_FROM, SHARE_OF_BEST * scores[ranked[0]])
    return tuple(kind for kind in ranked if scores[kind] >= least) or (*ranked, DocumentType.OTHER)


def _scores(body: str, name: str) -> Mapping[DocumentType, float]:
    title = body[:TITLE_CHARACTERS]
    scores = {}
    for kind, signs in _SIGNS.items():
        # "Data processing agreement" names one kind, not two: what the special ones take, the general one misses.
        title, in_text = signs.title.subn(" ", title)
        name, in_name = signs.title.subn(" ", name)
        hits = sum(1 for _ in signs.words.finditer(body))
        density = hits * 10_000 / max(len(body), LEAST_CHARACTERS)
        scores[kind] = (
            IN_TEXT * bool(in_text)
            + IN_NAME * bool(in_name)
            + min(density / signs.per_10k_characters, MOST_FROM_BODY)
        )
    return scores


def _joined(texts: Iterable[str], limit: int) -> str:
    """The beginning of the texts; each is at least a character and the break after it."""
    return "\n".join(text[:limit] for text in islice(texts, limit // 2))[:limit]


_NOT_ITS_WORDS = frozenset({PassageKind.PROFILE, PassageKind.COMMENT, PassageKind.MAIL_HEADER})


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a kind of document is called, and the words it is full of."""

    title: re.Pattern[str]
    words: re.Pattern[str]
    per_10k_characters: float
    """From so many of its words on it is likely even without a title."""


def _signs(title: str, words: str, per_10k_characters: float) -> _Signs:
    return _Signs(re.compile(rf"\b(?:{title})"), re.compile(rf"\b(?:{words})"), per_10k_characters)


_SIGNS: Mapping[DocumentType, _Signs] = {
    DocumentType.NDA: _signs(
        r"(?:mutual |one-way |unilateral )?(?:(?:non|nicht)[- ]?disclosure|confidentiality)(?: and non[- ]?(?:disclosure|use))?"
        r" (?:agreement|undertaking|deed)|(?:non[- ]?disclosure|confidential disclosure|secrecy) agreement|ndas?\b"
        r"|geheimhaltungs(?:vereinbarung|vertrag|erklärung)|vertraulichkeits(?:vereinbarung|erklärung)"
        r"|(?:accord|engagement|contrat|convention) de (?:non[- ]divulgation|confidentialité)"
        r"|(?:acuerdo|contrato|convenio|compromiso) de (?:confidencialidad|no divulgación)"
        r"|accordo di (?:riservatezza|non divulgazione)|acordo de (?:confidencialidade|não divulgação)"
        r"|geheimhoudings(?:overeenkomst|verklaring)",
        r"confidential information|receiving party|disclosing party|recipient|evaluation material|disclos(?:e|ed|es|ing|ure)\b"
        r"|confidential(?:ity)?\b|vertrauliche\w* information|empfangende\w* partei|offenlegende\w* partei|geheimhaltung"
        r"|informations? confidentielles?|partie (?:réceptrice|divulgatrice)|información confidencial|parte (?:receptora|divulgadora)",
        30,
    ),
    DocumentType.PRIVACY_NOTICE: _signs(
        r"privacy (?:policy|notice|statement)|data (?:policy|protection (?:policy|notice|statement)|processing (?:agreement|addendum))"
        r"|cookie (?:policy|notice)|dpa\b|datenschutz(?:erklärung|hinweis\w*|information\w*|richtlinie)?\b"
        r"|(?:auftrags(?:daten)?verarbeitung\w*|av-vertrag)|(?:politique|déclaration|charte) de (?:confidentialité|protection des données)"
        r"|accord (?:de|sur le) traitement des données|(?:política|aviso) de privacidad|informativa (?:sulla )?privacy"
        r"|política de privacidade|privacy(?:verklaring|beleid)|verwerkersovereenkomst"
        r"|contrato de (?:encargado|encargo) del? tratamiento",
        r"personal (?:data|information)|your (?:\w+ )?(?:data|information)|(?:information|data) (?:we|about you)"
        r"|(?:we|us|our) (?:\w+ ){0,2}(?:collect|process|retain|share)|cookies?\b|data subjects?|(?:sub-?)?processors?\b"
        r"|personenbezogene|betroffene\w* person|verantwortliche[rn]?\b|dsgvo|gdpr|rgpd|données (?:à caractère )?personnel"
        r"|datos personales|responsable del tratamiento|dati personali|dados pessoais|persoonsgegevens",
        32,
    ),
    DocumentType.STATEMENT_OF_WORK: _signs(
        r"(?:statement|scope) of works?|sow\b|work order|leistungsbeschreibung|leistungsschein|pflichtenheft|lastenheft|einzelauftrag"
        r"|cahier des charges|énoncé des travaux|bon de commande de prestations|descripción (?:del trabajo|de los trabajos|del alcance)"
        r"|pliego de condiciones técnicas|alcance (?:del trabajo|de los trabajos)|capitolato|caderno de encargos|werkomschrijving",
        r"deliverables?\b|milestones?\b|acceptance (?:criteria|test\w*|period)|in scope|out of scope|change requests?|statement of work|sows?\b"
        r"|work ?packages?|project (?:manager|plan|schedule)|abnahme|meilenstein|arbeitspaket|liefergegenst|livrables?\b|jalons?\b|recette"
        r"|entregables?\b|hitos?\b|criterios de aceptación",
        14,
    ),
    DocumentType.SECURITY_QUESTIONNAIRE: _signs(
        r"(?:\w+ )?(?:security|vendor|supplier|caiq|sig)(?: \w+){0,3}? (?:questionnaire|assessment|checklist|self-assessment)|security (?:audit|review|whitepaper)"
        r"|caiq\b|soc ?2|penetration test(?:ing)? report|(?:informations|it-)?sicherheits(?:fragebogen|frage\w*|audit|bericht)"
        r"|questionnaire (?:de|sur la) sécurité|cuestionario de seguridad|questionario (?:di sicurezza|de segurança)|beveiligingsvragenlijst",
        r"encrypt\w*|mfa\b|multi-?factor|two-?factor|penetration test\w*|pen-?tests?\b|iso(?:/iec)? ?27001|soc ?2|vulnerabilit\w+|firewall"
        r"|backups?\b|access control|incident response|antivirus|tls\b|aes-?\d*|security (?:controls?|polic\w+|incidents?)|(?:do|does|is|are) (?:you|your|the vendor)\b"
        r"|verschlüssel\w*|zugriffs\w+|schwachstelle\w*|datensicherung|chiffre(?:ment|es)\b|sauvegardes?\b|cifrad\w+|copias de seguridad|vulnerabilidad\w*",
        18,
    ),
    DocumentType.INCIDENT_REPORT: _signs(
        r"(?:\w+ )?incident (?:report|review|summary|analysis|notification)|post-?mortem|root cause analysis|rca\b|outage report|after[- ]action"
        r"|breach notification|(?:störungs|vorfalls?|unfall|schadens)(?:bericht|meldung)|sicherheitsvorfall"
        r"|rapport d[’']incident|compte rendu d[’']incident|informe de incident\w+|rapporto (?:sull[’'])?incidente|relatório de incidente|incidentrapport",
        r"incidents?\b|outages?\b|root cause|time ?line|post-?mortem|mitigat\w+|restored?\b|detect(?:ed|ion)\b|affected\b|downtime|corrective action\w*"
        r"|on-?call|escalat\w+|störung\w*|vorf[aä]ll\w*|ausf[aä]ll\w*|ursache\w*|panne|cause racine|rétabli\w*|incidentes?\b|causa raíz|interrupción",
        18,
    ),
    DocumentType.FINANCIAL_REPORT: _signs(
        r"(?:annual|quarterly|interim|financial|management) (?:report|statements?|accounts|results)|balance sheet|income statement|profit and loss|p&l\b"
        r"|budget\b|(?:financial |revenue |sales )?forecast|price list|pricing(?: sheet| template)?\b|cash ?flow|(?:jahres|quartals|geschäfts|finanz)bericht"
        r"|jahresabschluss|bilanz|gewinn- und verlust|preisliste|haushaltsplan|rapport (?:annuel|financier)|comptes annuels|bilan\b|compte de résultat"
        r"|liste de prix|informe (?:anual|financiero)|cuentas anuales|balance general|presupuesto anual|lista de precios|bilancio|jaarrekening|relatório e contas",
        r"revenues?\b|ebitda?\b|balance sheet|cash ?flows?\b|budget\w*|forecasts?\b|net (?:income|profit|loss|sales)|fiscal\b|assets\b|liabilities\b|equity\b"
        r"|gross margin|operating (?:income|profit|expenses|costs?)|depreciation|variance|q[1-4]\b|fy ?\d\d|unit price|umsatz\w*|bilanz\w*|aufwand\w*|abschreibung\w*"
        r"|eigenkapital|chiffre d[’']affaires|bénéfice|charges d[’']exploitation|bilan\b|ingresos|beneficio neto|gastos|activos?\b|pasivos?\b|fatturato|ricavi",
        24,
    ),
    DocumentType.PROPOSAL: _signs(
        r"(?:\w+ )?(?:proposal|business case|board (?:paper|memo\w*|pack)|investment memo\w*|tender|bid\b|quotation|quote\b|rfp|rfq|request for (?:proposals?|quotations?))"
        r"|angebot|vorschlag|beschlussvorlage|vorstandsvorlage|entscheidungsvorlage|offre (?:commerciale|de services?|technique)|devis\b|proposition commerciale"
        r"|appel d[’']offres|propuesta|oferta (?:comercial|técnica|económica)|cotización|proposta|offerta|offerte",
        r"propos(?:e|es|ed|al|als)\b|we (?:recommend|offer|suggest)|business case|the board|benefits?\b|options?\b|roi\b|return on investment|payback|savings?\b"
        r"|valid until|investment|offerors?\b|bidders?\b|quotation|our (?:approach|team|solution)|angebot\w*|vorschlag\w*|empfehl\w+|nutzen|einsparung\w*"
        r"|proposition|nous (?:proposons|recommandons)|devis\b|propuesta\w*|recomendamos|ahorros?\b|ofert[ae]\w*",
        20,
    ),
    DocumentType.POLICY: _signs(
        r"(?:\w+ ){0,3}?polic(?:y|ies)\b|code of (?:conduct|ethics)|(?:employee|staff) handbook|guidelines?\b|procedures?\b|richtlinie|betriebsvereinbarung"
        r"|dienstanweisung|arbeitsanweisung|verhaltenskodex|\w+richtlinie|(?:politique|charte|règlement intérieur|code de conduite)|política|reglamento interno"
        r"|código de conducta|regolamento|codice (?:etico|di condotta)|gedragscode|beleid\b",
        r"employees?\b|staff\b|line managers?|this policy|(?:the|our) policy|workers?\b|working (?:hours|days)|disciplinary|human resources|\bhr\b|must (?:not )?\w+"
        r"|beschäftigte\w*|mitarbeit\w+|arbeitnehmer\w*|vorgesetzte\w*|diese richtlinie|salariés?\b|collaborateurs?\b|employés?\b|la présente (?:charte|politique)"
        r"|empleados?\b|trabajador\w+|esta política|dipendenti|medewerkers?",
        24,
    ),
    DocumentType.CONTRACT: _signs(
        r"(?:\w+ )?(?:agreement|contract|lease|licen[cs]e|addendum|amendment|purchase order)\b|terms (?:of (?:service|use|sale)|(?:and|&) conditions)|conditions of (?:use|sale)|user agreement"
        r"|\w*vertrag\b|\w*vereinbarung\b|agb\b|allgemeine \w+bedingungen|nutzungsbedingungen|contrat\b|bail\b|avenant|convention\b|conditions générales"
        r"|contrato\b|acuerdo\b|convenio|arrendamiento|(?:condiciones|términos) (?:generales|de uso|y condiciones)|contratto|accordo|locazione|condizioni generali|termos (?:de uso|e condições)"
        r"|overeenkomst|\w+overeenkomst|algemene voorwaarden|umowa|avtal|договор",
        r"this (?:agreement|contract|lease|amendment|addendum)|hereunder|hereto\b|herein\b|(?:either|neither|other|both|each|the) part(?:y|ies)\b|landlord|tenant|lessee|lessor|licensee|licensor"
        r"|shall\b|terminat\w+|you (?:agree|acknowledge|may not|grant|represent)|vertragspartei\w*|auftragnehmer\w*|auftraggeber\w*|mieter\w*|vermieter\w*|kündig\w+|haft(?:et|ung)\b"
        r"|(?:les|des|aux) parties|le (?:prestataire|client|bailleur|preneur)|résili\w+|las partes|(?:el|la) (?:arrendador|arrendatari[oa]|contratista|cliente|prestador)\w*|rescisión|le parti\b|as partes\b",
        20,
    ),
}
"""The special kinds first, the general ones last."""
