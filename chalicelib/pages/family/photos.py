"""Photos without a script: a page that uploads one and leads back to the form; and the small picture of one."""

from urllib.parse import quote

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import existing
from chalicelib.core.languages import translate
from chalicelib.front_door.forms.rules import FORM_ID
from chalicelib.front_door.photos import bucket, table, uploading
from chalicelib.front_door.photos.rules import PhotoState, Size, is_key
from chalicelib.front_door.photos.words import UNFIT
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.photo_fields import picture, policy
from chalicelib.pages.frame.visit import Visit


def new(visit: Visit) -> Answer:
    """The form goes to the bucket, which leads the browser to the photo's page."""
    form_id, before = _form_id(visit), _keys(visit)
    back = f"{visit.base}/photos/{{key}}?form={form_id}&photos={quote(','.join(before))}"
    _, leave = uploading.begin(visit.source, visit.now, back)
    shown = page(visit, "pages/family/photo_new.html", leave=leave, back=_back(form_id, before))
    security = policy(visit)["Content-Security-Policy"]
    # A browser holds a form to all of its way: to the bucket, and back to us.
    allowed = security.replace("form-action 'self'", f"form-action 'self' {bucket.origin()}")
    return Answer(shown.status, shown.body, {**shown.headers, "Content-Security-Policy": allowed})


def show(visit: Visit, key: str) -> Answer:
    """What became of it."""
    photo = table.get(existing(key if is_key(key) else None))
    form_id, before = _form_id(visit), _keys(visit)
    keys = before if photo.state is PhotoState.REFUSED or key in before else [*before, key]
    return page(
        visit,
        "pages/family/photo.html",
        photo=photo,
        why=translate(UNFIT[photo.unfit], visit.language) if photo.unfit else "",
        back=_back(form_id, keys),
        again=f"/photos/new?form={form_id}&photos={','.join(before)}",
    )


def get_small(visit: Visit, key: str) -> Answer:
    """For whoever knows the key: who uploaded it, and whom they send the page of their case to."""
    content = bucket.content(existing(key if is_key(key) else None), Size.SMALL)
    return Answer(200, *picture(existing(content)))


def _form_id(visit: Visit) -> str:
    """Raises Problem `not-found` for what is called like no form."""
    asked = visit.query.get("form", "")
    return existing(asked if FORM_ID.fullmatch(asked) else None)


def _keys(visit: Visit) -> list[str]:
    return [key for key in visit.query.get("photos", "").split(",") if is_key(key)][:5]


def _back(form_id: str, keys: list[str]) -> str:
    return f"/forms/{form_id}?photos={','.join(keys)}" if keys else f"/forms/{form_id}"
