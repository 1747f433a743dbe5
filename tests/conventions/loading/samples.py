"""Convention files to read and to spoil."""

MINIMAL = """\
format: 1
convention:
  identifiant: vallee-exemple-2021
  titre: Convention territoriale globale
  territoire: Vallée-Exemple
  fin: 2025-12-31
parties:
  - sigle: CAF 99
    nom: Caisse d'allocations familiales d'Exemple
    co_valide: oui
axes:
  - numero: 1
    titre: Premier axe
    objectifs:
      - titre: Premier objectif
"""

# Every key of the format, once at least.
FULL = """\
format: 1
convention:
  identifiant: vallee-exemple-2021
  titre: Convention territoriale globale
  territoire: Communauté de communes de la Vallée-Exemple
  signee_le: 2021-06-30
  signee_a: Exempleville
  debut: 2021-01-01
  fin: 2025-12-31
  preavis_mois: 6
  libelles:
    axe: Enjeu
    thematique: {un: Volet, des: Volets, genre: m}
    objectif: Objectif
  succede_a: vallee-exemple-2017
  communes_annoncees: 3
  preambule: |
    La vallée est un **territoire** : elle a des habitants.

    - un
    - deux
  chiffres:
    - {libelle: Habitants, valeur: 84904, unite: habitants, source: "Insee, RP 2016"}
    - {libelle: Part, valeur: 19.4}
  points_a_verifier:
    - Les axes sont annoncés dans un ordre et détaillés dans un autre.
parties:
  - sigle: CAF 99
    nom: Caisse d'allocations familiales d'Exemple
    type: caf
    siren: "123456789"
    courriel: contact@caf.example
    siege: 1 rue de l'Exemple, 99000 Exempleville
    mention_source: Source CAF d'Exemple
    secret: {seuil: 5}
    co_anime: true
    co_valide: oui
    signataires:
      - {nom: Jeanne MARTIN, qualite: Directrice}
      - {nom: Paul DURAND, qualite: Président}
  - sigle: CCVE
    nom: Communauté de communes de la Vallée-Exemple
    type: epci
    secret: {arrondi: 5}
    co_anime: false
    co_valide: non
    deliberation: 2021-05-12
organismes:
  - {sigle: Insee, nom: Institut national de la statistique, type: etat}
  - {sigle: Amis, nom: Les amis de la vallée}
articles:
  - {numero: 1, titre: Objet de la convention, texte: "Le texte."}
  - {numero: 2, titre: Les enjeux}
annexes:
  - {numero: 1, titre: "Chargé de coopération", texte: "Le poste."}
axes:
  - numero: 1
    titre: Accueillir
    texte: Une introduction.
    prioritaire: oui
    thematiques:
      - numero: 1.10
        titre: Petite enfance
        objectifs:
          - titre: Ouvrir un lieu d'accueil
            code: LAEP
            prioritaire: true
            sous_objectifs:
              - Trouver un local
              - {titre: "Former : les accueillants", code: FORM}
          - titre: Soutenir les assistants maternels
      - numero: "1.2"
        titre: Enfance
  - numero: 2
    titre: Habiter
    objectifs:
      - titre: Rénover les logements
communes:
  - insee: 01001
    nom: Exempleville
    nom_dans_le_texte: Exemple-Ville
    membre_epci: true
    entree: 2021-01-01
    sortie: 2023-12-31
    fin_cej: 2020-12-31
    population: 1234
    lon: 0.5
    lat: 46.8
  - {insee: 2A004, nom: Bourg, membre_epci: non}
  - {insee: "99003", nom: Champs}
cooperation:
  etp: 1
  cout_indicatif_etp: 48000
  repartition:
    - {domaine: Politiques éducatives, etp: 0.7}
    - {domaine: Autres actions, etp: "0.3"}
"""


def changed(old: str, new: str, text: str = FULL) -> str:
    """``text`` with its only ``old`` replaced."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def line_with(part: str, text: str) -> int:
    """Return the line of the first ``part`` in ``text``."""
    return text[: text.index(part)].count("\n") + 1
