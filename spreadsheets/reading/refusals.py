"""Why a file is not read, and what to do: one sentence each, for who has brought it."""

MAX_CELLS = 200_000
# Of a workbook, all parts together: as a tree, each takes a hundred bytes and a microsecond.
MAX_TAGS = 2_000_000
# Characters, of all cells: one text may stand in many of them.
MAX_TEXT = 5_000_000


class Unreadable(ValueError):  # noqa: N818  (reads as what is wrong)
    """A file that is refused; its text is the sentence, its ``code`` which one."""

    def __init__(self, code: str):
        super().__init__(SENTENCES[code])
        self.code = code


AS_XLSX = "ouvrez-le dans votre tableur, enregistrez-le au format .xlsx, puis envoyez ce fichier."
SENTENCES = {
    "empty": "Ce fichier est vide : vérifiez que vous avez choisi le bon.",
    "too_large": "Ce fichier dépasse 10 Mo : gardez la seule feuille utile, sans image, puis "
    "envoyez-le.",
    "too_many": "Ce fichier a plus de 200 000 cellules remplies : gardez les seules lignes utiles, "
    "ou coupez-le en plusieurs fichiers.",
    "bloated": "Ce fichier contient trop de cellules, même vides : recopiez le tableau utile dans "
    "un classeur neuf, puis envoyez celui-ci.",
    "wordy": "Ce fichier contient trop de texte : gardez les seules lignes et colonnes utiles, "
    "puis envoyez-le.",
    "long": "Ce fichier a une cellule de plus de 32 767 caractères : coupez-la en plusieurs, "
    "ou vérifiez qu’il ne manque aucun guillemet, puis envoyez-le.",
    "huge": "Ce fichier se déplie jusqu’à plus de 100 Mo : recopiez le tableau utile dans un "
    "classeur neuf, puis envoyez celui-ci.",
    "locked": "Ce fichier est protégé par un mot de passe à l’ouverture : enregistrez-le sans mot "
    "de passe, puis envoyez-le.",
    "macros": "Ce classeur contient des macros (.xlsm) : enregistrez-le au format .xlsx, sans "
    "macros, puis envoyez-le.",
    "binary": f"Ce classeur est au format binaire .xlsb : {AS_XLSX}",
    "old": f"Ce classeur est au format .xls d’Excel 97-2003 : {AS_XLSX}",
    "xml_2003": f"Ce fichier est un classeur XML d’Excel 2003 : {AS_XLSX}",
    "web_archive": f"Ce fichier est une archive web (.mht) : {AS_XLSX}",
    "entities": "Ce fichier contient des déclarations XML qu’un tableur n’écrit jamais : recopiez "
    "le tableau dans un classeur neuf, puis envoyez celui-ci.",
    "damaged": "Ce fichier est abîmé ou incomplet : ouvrez-le dans votre tableur, enregistrez-le "
    "de nouveau, puis envoyez-le.",
    "not_a_table": "Ce fichier n’est pas un tableau : sont lus les classeurs .xlsx et .ods, et les "
    "fichiers .csv.",
    "no_table": "Cette page ne contient aucun tableau : enregistrez le tableau au format .xlsx, "
    "puis envoyez ce fichier.",
    "pdf": "Ce fichier est un PDF, dont les tableaux ne se lisent pas sans erreur : demandez le "
    "classeur dont il vient.",
    "no_cells": "Ce fichier ne contient aucune cellule remplie : vérifiez que vous avez choisi le "
    "bon.",
}
