"""The name of an organisation within a sentence: « la Caf de la Vienne », « l’agglomération »."""

import re

from ctg_portal.templatetags.french import de

# What everybody says for what is written in full in a convention.
SPOKEN = [
    (re.compile(r"^caisse d['’]allocations familiales\b", re.IGNORECASE), "Caf"),
    (re.compile(r"^caisse générale de sécurité sociale\b", re.IGNORECASE), "CGSS"),
    (re.compile(r"^mutualité sociale agricole\b", re.IGNORECASE), "MSA"),
    (re.compile(r"^communauté d['’]agglomération\b", re.IGNORECASE), "agglomération"),
    (re.compile(r"^communauté de communes\b", re.IGNORECASE), "communauté de communes"),
]
FEMININE = {
    "académie", "agence", "agglomération", "association", "caf", "caisse", "carsat", "cgss",
    "commune", "communauté", "cpam", "crèche", "direction", "école", "fédération", "fondation",
    "mairie", "maison", "métropole", "mission", "msa", "mutualité", "préfecture", "région", "udaf",
    "union", "ville",
}  # fmt: skip
MASCULINE = {
    "ccas", "centre", "cias", "cidff", "collège", "comité", "conseil", "département", "foyer",
    "groupement", "institut", "lycée", "office", "pays", "pôle", "relais", "réseau", "service",
    "sivom", "sivu", "syndicat", "état",
}  # fmt: skip
CONTRACTED = re.compile(r"(les?) ", re.IGNORECASE)
VOWELS = "aeiouyéèêàîôû"


def short_name(name: str) -> str:
    """Return a name as people say it: « Caf de … » for « Caisse d’allocations familiales de … »."""
    for pattern, short in SPOKEN:
        if pattern.search(name):
            return pattern.sub(short, name)
    return name


def the(name: str) -> str:
    """Return the short name with its article, where its first word is known: « la Caf de la
    Vienne », « le conseil départemental », « Grand Châtellerault »."""
    called = short_name(name)
    head = re.split(r"[ -]", called)[0].lower()
    if head not in FEMININE | MASCULINE:
        return called
    if head[0] in VOWELS:
        return f"l’{called}"
    return f"{'la' if head in FEMININE else 'le'} {called}"


def genitive(name: str) -> str:
    """Return a name after « de »: « de la Caf de la Vienne », « du syndicat », « des Deux-Rives »,
    « d’Exemple agglomération »."""
    called = the(name)
    if contracted := CONTRACTED.match(called):
        article = "du" if contracted[1].lower() == "le" else "des"
        return f"{article} {called[contracted.end() :]}"
    return f"de {called}" if called.startswith(("la ", "l’")) else de(called)
