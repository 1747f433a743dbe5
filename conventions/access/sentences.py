"""Ten sentences in which users read who acts and speaks for an organisation (record 20)."""

SENTENCES = [
    "Seuls les référents des accès d’une partie, ou d’un organisme qui déclare une règle de "
    "secret, disent qui saisit ses données et qui siège pour elle ; ailleurs, l’invitation de la "
    "coordination suffit.",
    "L’hébergeur du portail désigne le premier référent des accès, à l’adresse officielle de "
    "l’organisme, et un autre s’il n’y en a plus.",
    "La coordination propose ; jusqu’à ce qu’un référent confirme, la personne lit seulement.",
    "Chaque droit se confirme à part ; personne ne confirme le sien.",
    "L’organisme est averti de chaque changement ; son adresse officielle informe, sans donner de "
    "droit.",
    "Toute personne qui agit pour l’organisme, ou la coordination, suspend d’un clic ; qui lit "
    "seulement suspend qui lit seulement, ou ce qui est à confirmer. Suspendue, une personne lit "
    "encore, sans saisir ni répondre.",
    "La coordination suspend, et ne met fin qu’à ce qui lit seulement ou reste à confirmer ; les "
    "référents mettent fin au reste. Le dernier référent, ou la dernière personne à la "
    "coordination, en désigne un autre avant de partir.",
    "Qui coordonne pour un organisme n’agit pour aucun autre de la convention.",
    "Une personne n’engage qu’une partie ; un membre donne lui-même sa délégation.",
    "Ce qui est saisi au nom d’une partie compte une fois confirmé par une personne qui l’engage. "
    "Le silence ne vaut jamais accord.",
]
