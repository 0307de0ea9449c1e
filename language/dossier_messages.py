"""What is said where a fact or paper of a dossier is refused, and what happened to one."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

DOSSIER_MESSAGES: Mapping[str, str] = {
    "dossier.data": N_("An item of the dossier holds a set of texts, nothing else."),
    "dossier.key": N_("This does not name anything the bank knows."),
    "dossier.entries": N_("Facts are proposed as a list of entries."),
    "dossier.entry": N_(
        "An entry names its section, item, data, source, date and what it replaces."
    ),
    "dossier.count": N_("Please propose between 1 and %(max)s facts at once."),
    "dossier.twice": N_("The same item stands in this proposal twice."),
    "dossier.item": N_("This section has no item of this name."),
    "dossier.nothing": N_("There is nothing here to remove."),
    "dossier.changed": N_(
        "This fact was changed meanwhile. Please read the dossier again and propose anew."
    ),
    "party.last_four": N_(
        "Please give only the last four characters of the identity number, as on the card."
    ),
    "party.last_four_missing": N_(
        "A natural person needs the last four characters of the identity number."
    ),
    "party.number_missing": N_("A firm needs its registration number."),
    "party.number_of_person": N_(
        "A natural person has no registration number; a whole identity number is not kept."
    ),
    "party.last_four_of_firm": N_("A firm has no identity number; please leave this empty."),
    "party.self": N_("A customer is not its own related party."),
    "party.two_names": N_("The same number stands here with two different names."),
    "share.format": N_("Please enter a share in percent with at most %(places)s decimal places."),
    "share.range": N_("A share is above 0 %% and at most 100 %%."),
    "share.sum": N_("The shares of one firm add up to more than 100 %%."),
    "share.self": N_("A firm does not hold itself directly."),
    "share.twice": N_("This holder stands here already; please change that share instead."),
    "licence.number": N_("Please enter the number as it stands on the licence."),
    "paper.unknown": N_("This paper does not exist in this dossier."),
    "paper.checked": N_("This paper has been checked already; a new check needs a new version."),
    "paper.superseded": N_("A newer version of this paper has been filed."),
    "paper.copy_only": N_("A mere copy cannot be accepted as proof."),
    "paper.ends_before": N_("The paper would end before it was issued."),
    "customer.compare": N_(
        "The name looks like that of these customers: %(customers)s. Compare them, and name them "
        "in different_from."
    ),
    "customer.lookalike": N_(
        "The name looks like that of another customer. Please compare them, and confirm that the "
        "firms differ."
    ),
}
DOSSIER_FLASHES: Mapping[str, str] = {
    "paper_filed": N_("The paper is filed. Its original must be checked and confirmed."),
}
