"""Text in a document that speaks to an AI instead of to people: found by rules, so that no model can be talked out of it.

Only what is addressed to a machine counts: an instruction (in the imperative) about its orders, its role or its
verdict, or the marks by which chat models tell who speaks. A policy that says what employees may type into an AI
assistant speaks to employees, and an escrow agent who "shall disregard prior instructions" is a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice

from smallprint.agents.sentences import Sentence, fold, split_sentences
from smallprint.models.domain import Document, Finding, Passage, Quotation, RiskLevel

CATEGORY = "document.addresses_ai"

_TITLE = "The document gives orders to an AI"
_STATEMENT = "Part of the text is addressed to an AI system that reads the document, not to people."
_WHY = (
    "Somebody may be trying to make automated reviews look better than the document is;"
    " what an AI says about it, this report included, deserves less trust."
)
_ASK = "Read the document yourself, and ask whoever sent it why the text is there."

_MAX_QUOTATIONS = 3
_MAX_QUOTATION_CHARS = 700


def find_instructions_to_ai(document: Document) -> tuple[Finding, ...]:
    """One finding, A1, with up to three of the sentences; none when nothing speaks to an AI. Pure, bounded work.

    Every kind of passage is looked into: comments, hidden text, notes, headers of mails, attachments.
    """
    quotations = tuple(islice(_quotations(document), _MAX_QUOTATIONS))
    if not quotations:
        return ()
    return (Finding("A1", CATEGORY, _TITLE, _STATEMENT, _WHY, _ASK, RiskLevel.HIGH, quotations),)


def addresses_ai(passages: Iterable[Passage]) -> bool:
    """True if some sentence of the passages speaks to an AI."""
    return any(_addressed(sentence) for sentence in split_sentences(passages))


def _quotations(document: Document) -> Iterator[Quotation]:
    seen: set[str] = set()
    for sentence in split_sentences(document.passages):
        if sentence.folded in seen:
            continue
        seen.add(sentence.folded)
        if (place := _addressed(sentence)) is not None:
            yield Quotation(sentence.around(*place, _MAX_QUOTATION_CHARS), sentence.passage)


def _addressed(sentence: Sentence) -> tuple[int, int] | None:
    """Where in the folded sentence an AI is addressed."""
    if hidden := _HIDDEN.search(sentence.text):
        return hidden.span()
    text = sentence.folded
    if not text.isascii():
        text = fold(unicodedata.normalize("NFKC", text))
    for pattern in _PATTERNS:
        if found := pattern.search(text):
            return found.span()
    return None


# --- what gives it away ------------------------------------------------------------------------------------------

# Unicode tag characters show nothing and spell ASCII for a machine; flags of regions use at most seven.
_HIDDEN = re.compile("[\U000e0020-\U000e007f]{8,}")

_AI = r"(?:ai|a\.i\.|artificial intelligence|llms?|(?:large )?language models?|chat-?bots?|chatgpt|gpt-?\d?|claude|gemini|copilot)"
_ADDRESSEE = (
    rf"{_AI}(?: (?:language )?(?:models?|assistants?|reviewers?|systems?|agents?|readers?|tools?|analysts?))?"
)
# Where an imperative can begin: "shall disregard prior instructions" tells a person what to do, "disregard …" tells the reader.
_IMPERATIVE = r"(?:^|[.:;!?,\"'()\[\]{}<>|*#=_-] ?|\b(?:please|now|and|then|just|must|should|you (?:shall|will|have to|are to|need to)) )"
_DOCUMENT = r"(?:this|the|the (?:above|following|present|entire)) (?:\w+ )?(?:document|contract|agreement|file|text|policy|submission|paper|vendor|clauses?|terms)"
_HARMLESS = r"(?:low|lowest|no|minimal|zero|safe|harmless|benign|negligible|compliant|acceptable|approved|positive|favou?rable)"

_SOURCES = (
    # the marks of chat templates
    r"<\|(?:im_start|im_end|im_sep|system|assistant|user|endoftext|begin_of_text|start_header_id|end_header_id|eot_id|end_of_turn)\|?>",
    r"\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>|</?(?:system[-_](?:prompt|instructions?|message|reminder)|tool_results?|function_results?)>",
    r"#{2,} ?(?:system|assistant|human) ?(?:prompt|message)?:|(?:^|[\"'>] ?)(?:system|assistant|human|user) ?: ?(?:you are|ignore|disregard|sure|understood|i (?:will|have|am)|the (?:document|contract) (?:is|has))",
    # English: orders, role, verdict
    _IMPERATIVE
    + r"(?:ignore|disregard|forget|override|bypass|overlook|neglect) (?:\w+ ){0,5}?(?:previous|prior|above|earlier|preceding|foregoing|existing|system|initial|original|other|your)\b(?: \w+){0,3}? (?:instructions?|prompts?|rules|guidelines|directions|commands|directives|programming|training)\b",
    _IMPERATIVE
    + r"(?:ignore|disregard|forget) (?:everything|all|anything) (?:\w+ ){0,4}(?:above|before|said|told|instructed|previously)\b",
    _IMPERATIVE
    + r"(?:ignore|disregard|forget|override) (?:all|any|every|all of) (?:your |the |these )?(?:instructions?|prompts?|guidelines)\b(?! (?:from|of|by|given|issued|in|on|that|which|to) )",
    rf"\bas an? {_ADDRESSEE}\b.{{0,60}}\byou\b|\byou are (?:now )?(?:an? |the )?(?:\w+ ){{0,3}}{_AI}(?: (?:model|assistant|reviewer|agent))?\b(?! (?:user|developer|provider|vendor|company|team|compan))",
    rf"\bif you(?: are|'re) (?:an? |the |any |being )(?:\w+ ){{0,3}}?{_ADDRESSEE}\b(?! (?:user|developer|provider|vendor|company|supplier|engineer|researcher|deployer|customer|team))",
    rf"\b{_ADDRESSEE} (?:that (?:is |are )?|which (?:is |are )?|who (?:is |are )?|when )?(?:read|process|analy[sz]|review|summari[sz]|evaluat|assess|pars|scann)(?:ing|es|s|e)? this (?:document|text|contract|file|page|agreement|policy|e-?mail|message)",
    rf"\b(?:note|attention|message|instructions?|notice|memo|directive|reminder)(?: is)? (?:to|for) (?:all |the |any |every )?{_ADDRESSEE}(?: \w+){{0,4}} ?[:!—-]",
    rf"(?:^|[.:!\"'>*] ?)(?:dear |hey |hello |hi |attention,? |to )?(?:the |any |all )?{_ADDRESSEE} ?[,:!] ?(?:please|you|ignore|disregard|do not|don't|rate|treat|classify|summari|report|output|respond|skip|stop|approve|mark|say)\b",
    r"\byou are now (?:\w+ ){0,5}(?:assistant|chatbot|dan\b|developer mode|unrestricted|jailbroken|language model|ai\b)|\bdeveloper mode (?:enabled|on\b)|\bdo anything now\b|\byou are no longer (?:bound|restricted|an? (?:\w+ )?assistant)",
    r"\b(?:reveal|print|show|repeat|output|ignore|override|replace|update|leak|forget)(?: me)? (?:your|the) (?:\w+ ){0,2}system (?:prompt|message|instructions)|\byour (?:new|real|actual|true) (?:system )?(?:instructions|prompt|directives?) (?:is|are)\b|\bnew system (?:prompt|instructions?) ?:",
    _IMPERATIVE
    + rf"(?:rate|classify|mark|score|label|treat|assess|grade|categori[sz]e|evaluate|report|describe|summari[sz]e) {_DOCUMENT}(?: \w+){{0,3}}? (?:as|to be|with|at) (?:(?:a|an|being|having|of|the|very|only|entirely|perfectly|completely) ){{0,3}}{_HARMLESS}\b(?! (?:resolution|temperature|pressure|cost|price|later|more))",
    _IMPERATIVE
    + rf"(?:rate|classify|mark|score|grade|assess|evaluate) (?:this|it|everything) (?:as )?{_HARMLESS}(?:[- ]risk)?(?:$|[.!,;])",
    rf"\byou (?:must|should|shall|will|have to|are to|are required to|are instructed to) (?:\w+ ){{0,3}}(?:rate|classify|score|grade|assess|conclude|answer|respond|reply|output)\b.{{0,80}}(?:\blow\b|{_HARMLESS} (?:risks?|issues?|findings?|concerns?)|risk[- ]free|harmless)",
    _IMPERATIVE
    + r"(?:do not|don't|never|refrain from) (?:report|flag|mention|list|include|highlight|raise|reporting|flagging|mentioning)\b(?: \w+){0,4} (?:risks?|findings?|red flags|concerns|this (?:instruction|note|sentence|message))(?! (?:to (?:the|your|any) (?:police|authorit|manager|supervisor|press)))",
    _IMPERATIVE
    + r"(?:respond|reply|answer|output|return|say|state) (?:only |exactly |just )?(?:with |that )?[\"']?(?:there are )?(?:low risk|no (?:risks?|issues|findings|concerns)|risk(?: level)?: low)\b",
    # German
    r"\b(?:ignorier(?:e|t|en sie)?|missachte(?:n sie)?|vergiss|vergessen sie|übergehe(?:n sie)?)\b.{0,40}\b(?:vorherig|vorig|bisherig|obig|vorstehend|früher|vorangegangen|system)\w*.{0,20}(?:anweisung|instruktion|befehl|regel|prompt|vorgabe)",
    r"\b(?:du bist|sie sind) (?:jetzt|nun|ab jetzt|ab sofort) .{0,40}(?:\bki\b|assistent|sprachmodell|chatbot)|\bals (?:ki|künstliche intelligenz|(?:ki-)?sprachmodell|ki-\w+)\b.{0,40}\b(?:musst|müssen sie|sollst|sollten sie|darfst)\b",
    r"\b(?:bewerte|stufe|klassifiziere|bewerten sie|stufen sie|klassifizieren sie)\b.{0,30}\b(?:dokument|vertrag|text|datei)\w*.{0,40}(?:niedrig|gering|kein|unbedenklich|harmlos)|\b(?:melde|erwähne|melden sie|erwähnen sie) (?:bitte )?(?:kein|nicht)\w*.{0,40}(?:risik|befund)",
    # French
    r"\b(?:ignore[rz]?|oublie[rz]?|ne (?:tiens|tenez) pas compte d\w*)\b.{0,40}(?:instructions?|consignes?|directives?|règles?|prompts?)\b.{0,30}(?:précédent|antérieur|ci-dessus|système|initial)|\b(?:ignore[rz]?|oublie[rz]?)\b.{0,30}(?:précédent|antérieur)\w* (?:instructions?|consignes?)",
    r"\b(?:tu es|vous êtes) (?:maintenant|désormais) .{0,40}(?:\bia\b|assistant|modèle de langage|chatbot)|\ben tant qu(?:e |'|')(?:\w+ )?(?:ia|intelligence artificielle|modèle de langage)\b.{0,60}\b(?:tu|vous|dois|devez)\b",
    r"\b(?:évalue[rz]?|note[rz]?|classe[rz]?|considère|considérez) (?:ce|le présent) (?:document|contrat|texte|fichier).{0,40}(?:faible|aucun|sans) ?(?:risque)?|\bne (?:signale|mentionne|rapporte)[rz]? (?:pas|aucun).{0,40}risque",
    # Spanish
    r"\b(?:ignor[ae]n?|olvid[ae]n?|descart[ae]n?|haz caso omiso|haga caso omiso|no (?:hagas|haga) caso)\b.{0,40}(?:instrucciones|indicaciones|órdenes|reglas|prompts?)\b.{0,30}(?:anteriores|previas|arriba|sistema)|\b(?:ignor[ae]n?|olvid[ae]n?)\b.{0,30}(?:anteriores|previas) (?:instrucciones|indicaciones)",
    r"\b(?:ahora eres|eres ahora|ahora usted es|usted es ahora) .{0,40}(?:\bia\b|asistente|modelo de lenguaje)|\bcomo (?:una? )?(?:ia|inteligencia artificial|modelo de lenguaje)\b.{0,40}\b(?:debes?|tienes que|tiene que)\b",
    r"\b(?:clasifi[cq]u?[ae]|califi[cq]u?[ae]|evalú[ae]|valor[ae]|marc[ae]|marque|consider[ae]) este (?:documento|contrato|texto|archivo).{0,40}(?:bajo|sin riesgo|nulo|ningún)|\bno (?:informes?|menciones?|reportes?|señales)\b.{0,40}riesgos?",
    # Italian
    r"\b(?:ignora(?:te|re)?|ignori|dimentica(?:te)?|trascura(?:te)?)\b.{0,40}(?:istruzioni|indicazioni|regole|direttive|prompt)\b.{0,30}(?:precedenti|sopra|sistema)|\b(?:ignora(?:te)?|dimentica(?:te)?)\b.{0,30}precedenti (?:istruzioni|indicazioni)",
    r"\b(?:ora sei|sei ora|adesso sei) .{0,40}(?:\bia\b|\bai\b|assistente|modello linguistico)|\b(?:in quanto|come) (?:ia|ai|intelligenza artificiale|modello linguistico)\b.{0,40}\b(?:devi|dovete)\b",
    r"\b(?:classifica|valuta|considera|segna)(?:te|re)? (?:questo|il presente) (?:documento|contratto|testo|file).{0,40}(?:basso|nessun|senza rischi)|\bnon (?:segnalare|menzionare|riportare)\b.{0,40}risch",
    # Portuguese
    r"\b(?:ignor[ea]m?|esque[çc][ae]m?|desconsider[ea]m?)\b.{0,40}(?:instruç(?:ões|ão)|instrucoes|orientações|regras|comandos|prompts?)\b.{0,30}(?:anterior|prévi|acima|sistema)",
    r"\b(?:você é agora|agora você é|és agora|agora és) .{0,40}(?:\bia\b|assistente|modelo de linguagem)|\bcomo (?:uma? )?(?:ia|inteligência artificial|modelo de linguagem)\b.{0,40}\b(?:você deve|deves|tem (?:de|que)|deve classificar|deve avaliar)\b",
    r"\b(?:classifi[cq]u?[ae]|avali[ea]|consider[ea]|marque) este (?:documento|contrato|texto|arquivo|ficheiro).{0,40}(?:baixo|sem risco|nenhum)|\bnão (?:relate|mencione|reporte|informe)\b.{0,40}riscos?",
    # Dutch
    r"\b(?:negeer|vergeet|negeert u|negeer je)\b.{0,40}(?:vorige|eerdere|voorgaande|bovenstaande|systeem)\w*.{0,20}(?:instructies|opdrachten|regels|aanwijzingen|prompts?)",
    r"\b(?:je bent|jij bent|u bent) (?:nu|vanaf nu) .{0,40}(?:\bai\b|assistent|taalmodel|chatbot)|\bals (?:ai|kunstmatige intelligentie|(?:ai-)?taalmodel)\b.{0,40}\bmoet (?:je|u)\b",
    r"\b(?:beoordeel|classificeer|markeer|bestempel) (?:dit|deze|het) (?:document|contract|bestand|tekst|overeenkomst).{0,40}(?:laag|lage|geen)\b|\b(?:meld|vermeld|rapporteer) (?:geen|niet)\b.{0,40}risico",
)
_PATTERNS = tuple(re.compile(source) for source in _SOURCES)
