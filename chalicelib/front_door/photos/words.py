"""Words for people about a photo that is not taken, with what to do."""

from collections.abc import Mapping

from chalicelib.core.languages import N_
from chalicelib.front_door.photos.rules import Standing, Unfit

UNFIT: Mapping[Unfit, str] = {
    Unfit.NOT_A_PHOTO: N_("This is no photo. Choose a JPEG, PNG or HEIC, as phones make them."),
    Unfit.BROKEN: N_("The photo did not arrive whole, or it is damaged. Send it again, or take another one."),
    Unfit.TOO_LARGE: N_("The photo has more than 15 MB. Take it with fewer dots, or choose a smaller one."),
    Unfit.TOO_MANY_PIXELS: N_(
        "The photo has too many dots: at most 64 million, and 25 million as a PNG. Take it with fewer, or choose a "
        "smaller one."
    ),
    Unfit.TOO_HARD: N_("The photo could not be read. Take another one, or send a screenshot of it."),
}
# To whoever has the case in hand.
STANDING: Mapping[Standing, str] = {
    Standing.COMING: N_("Photo {number} is on its way. Look again in a few minutes."),
    Standing.REFUSED: N_(
        "Photo {number} could not be used: it was no photo, too large or damaged. Ask for another one."
    ),
    Standing.MISSING: N_("Photo {number} did not arrive, or was lost. Ask the citizen for it if you need it."),
}
AS_PHOTO = N_("Give the key of a photo that you uploaded within the last two days and that is in no other report.")
NO_PHOTOS = N_("This city takes no photos here. Send your report without one.")
TOO_MANY_UPLOADS = N_(
    "Many photos came from this internet connection within an hour. Send your report without one, or try again in the "
    "next hour."
)
