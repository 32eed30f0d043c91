"""Active content is taken out of every PDF that we write: scripts, launches, joined files, media, forms."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, sanitize

# wherever they stand, these keys start something or carry a file
_ACTIVE_KEYS = (Name.AA, Name.JS, Name.EF, Name.AF, Name.XFA, Name.RichMediaContent)
_ROOT_KEYS = (Name.OpenAction, Name.URI, Name.Perms, Name.Legal, Name.Requirements)
_NAME_TREES = (Name.JavaScript, Name.EmbeddedFiles, Name.AlternatePresentations, Name.Renditions, Name.IDS, Name.URLS)
_MEDIA = frozenset({Name.Movie, Name.Sound, Name.RichMedia, Name("/3D"), Name.Screen, Name.FileAttachment})

# every action but those that only move or show: GoTo, URI and the four moves of Named (ISO 19005-1 §6.6.1)
_ACTIONS = frozenset(
    Name(f"/{kind}")
    for kind in (
        "GoTo3DView",
        "GoToE",
        "GoToR",
        "Hide",
        "ImportData",
        "JavaScript",
        "Launch",
        "Movie",
        "NOP",
        "Rendition",
        "ResetForm",
        "RichMediaExecute",
        "SetOCGState",
        "SetState",
        "Sound",
        "SubmitForm",
        "Thread",
    )
)
_MOVES = frozenset({Name.NextPage, Name.PrevPage, Name.FirstPage, Name.LastPage})


def has_active_content(pdf: pikepdf.Pdf) -> bool:
    """Whether ``pdf`` holds something that could run, open, send or carry another file."""
    root = pdf.Root
    names = root.get(Name.Names)
    return (isinstance(names, Dictionary) and any(key in names for key in _NAME_TREES)) or any(
        _is_active(item) for item in _dictionaries(pdf)
    )


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether a signature field of ``pdf`` holds a signature, which no conversion can keep."""
    return any(item.get(Name.FT) == Name.Sig and Name.V in item for item in _dictionaries(pdf))


def remove_active_content(pdf: pikepdf.Pdf) -> None:
    """Take out of ``pdf``, in place, all that could run, open, send or carry another file.

    The look of the pages stays: annotations keep their appearance, form fields become part of the page.
    """
    _flatten_form(pdf)
    for clean in (
        sanitize.remove_javascript,
        sanitize.remove_attachments,
        sanitize.remove_multimedia,
        sanitize.remove_private_app_data,
        sanitize.remove_collection,
        sanitize.remove_web_capture,
    ):
        clean(pdf)
    _remove_keys(pdf.Root, _ROOT_KEYS)
    names = pdf.Root.get(Name.Names)
    if isinstance(names, Dictionary):
        _remove_keys(names, _NAME_TREES)
    for page in pdf.pages:
        annotations = page.obj.get(Name.Annots)
        if isinstance(annotations, Array):
            page.obj[Name.Annots] = Array([item for item in annotations if _is_kept(item)])
            for item in page.obj[Name.Annots]:
                _detach_from_form(item)
    for item in list(_dictionaries(pdf)):
        if _is_unsafe_action(item):
            _neutralize(item)
        _remove_keys(item, _ACTIVE_KEYS)


def _flatten_form(pdf: pikepdf.Pdf) -> None:
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary):
        return
    try:
        if form.get(Name.NeedAppearances):
            pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        pass  # a malformed form cannot be drawn into the page: what it shows by itself stays
    _remove_keys(pdf.Root, (Name.AcroForm,))


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Object]:
    """Every dictionary of ``pdf`` once, those written inside another one too."""
    for top in pdf.objects:
        stack: list[Object] = [top]
        while stack:
            item = stack.pop()
            if isinstance(item, Array):
                stack += [part for part in item if _is_inside(part)]
            elif isinstance(item, (Dictionary, Stream)):
                yield item
                stack += [part for _, part in item.items() if _is_inside(part)]


def _is_inside(part: object) -> bool:
    return isinstance(part, (Dictionary, Array)) and not part.is_indirect


def _is_active(item: Object) -> bool:
    return (
        any(key in item for key in _ACTIVE_KEYS)
        or _is_unsafe_action(item)
        or _name(item, Name.Subtype) in _MEDIA
        or _name(item, Name.Type) == Name.EmbeddedFile
    )


def _is_unsafe_action(item: Object) -> bool:
    kind = _name(item, Name.S)
    if kind == Name.Named and Name.N in item:
        return _name(item, Name.N) not in _MOVES
    return kind in _ACTIONS


def _neutralize(action: Object) -> None:
    for key in list(action.keys()):
        del action[key]
    action[Name.S] = Name.Named
    action[Name.N] = Name.FirstPage


def _name(item: Object, key: Name) -> Name | None:
    value = item.get(key)
    return value if isinstance(value, Name) else None


def _is_kept(annotation: object) -> bool:
    if not isinstance(annotation, Dictionary):
        return False
    kind = _name(annotation, Name.Subtype)
    return kind not in _MEDIA and not (kind == Name.Widget and Name.AP not in annotation)


def _detach_from_form(annotation: Object) -> None:
    # a field that could not be drawn into the page stays visible, as a stamp that nobody fills in
    if _name(annotation, Name.Subtype) == Name.Widget:
        annotation[Name.Subtype] = Name.Stamp
        _remove_keys(annotation, (Name.FT, Name.Parent, Name.Kids, Name.A, Name.MK))


def _remove_keys(item: Object, keys: tuple[Name, ...]) -> None:
    for key in keys:
        if key in item:
            del item[key]
