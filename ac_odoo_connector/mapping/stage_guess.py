# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which stage of a pipeline fits a state of an order, guessed by its name."""

import unicodedata

WORDS = {
    "draft": (
        "proposal propuesta proposta proposition quote quotation quoted estimate offer "
        "angebot offerte devis presupuesto cotizacion preventivo orcamento oferta tilbud "
        "offert wycena teklif"
    ),
    "sent": (
        "negotiation negociacion negociation negociacao verhandlung trattativa "
        "onderhandeling forhandling negocjacje sent gesendet envoye enviado inviato "
        "decision entscheidung"
    ),
    "sale": (
        "won gewonnen gagne ganado ganada vinto vinta ganho ganha gewonnene vundet vunnet "
        "wygrane kazanildi ordered auftrag commande pedido ordine bestelling"
    ),
    "cancel": (
        "lost verloren perdu perdue perdido perdida perso persa tabt tapt forlorad "
        "przegrane kaybedildi cancelled canceled storniert annule"
    ),
}
"""Words of stages' names without accents: English, German, Dutch, French, Spanish,
Italian, Portuguese, Danish, Norwegian, Swedish, Polish and Turkish."""


def guess(names):
    """Return ``{order state: index of a stage or None}``.

    :param names: the stages of one pipeline in their order

    What no name tells goes by the order: a quotation stands in the first stage, one that
    was sent in the next. Won and lost need no stage, the deal's status says it.
    """
    found = {state: _find(names, words.split()) for state, words in WORDS.items()}
    open_ = [i for i in range(len(names)) if i not in (found["sale"], found["cancel"])]
    if found["draft"] is None:
        before = [i for i in open_ if i != found["sent"]]
        found["draft"] = before[0] if before else None
    if found["sent"] is None:
        later = [i for i in open_ if i > (found["draft"] or 0)]
        found["sent"] = found["draft"] if _find_any(names) else (later or [None])[0]
    return found


def score(names):
    """Return how many states the names of a pipeline's stages tell."""
    return sum(_find(names, words.split()) is not None for words in WORDS.values())


def _find_any(names):
    """Whether a name tells the quotation's stage: what was sent stays there then."""
    return _find(names, WORDS["draft"].split()) is not None


def _find(names, words):
    """Return the index of the first name with one of the words."""
    for index, name in enumerate(names):
        if not set(words).isdisjoint(_words(name)):
            return index
    return None


def _words(name):
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    letters = "".join(
        c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)
    )
    return letters.split()
