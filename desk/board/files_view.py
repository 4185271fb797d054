"""Hand out the issue as it is being made, as a file: for the print shop, for proofs, to keep."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from interchange.for_readers import for_readers
from interchange.formats import FORMATS, file_name
from interchange.pages import ExportRefused, dump_with_pictures
from interchange.schema import SchemaError
from interchange.typesetting.press import TypesettingFailed
from interchange.writers.folder import write_folder_zip
from interchange.writers.illustrations import IllustrationRefused
from newsroom.dressing import look_in_print
from newsroom.looks import Look

from .files import FOLDER, OFFERED
from .screen import Told, issue_for, show_board


@require_safe
def take_along(request: HttpRequest, pk: int, file: str) -> HttpResponse:
    """Return the issue with every article as last saved, drafts too, in one form.

    The folder has all that the newsroom has, remarks and photos as they came; the others are what
    readers would get.
    """
    issue = issue_for(request, pk)
    if file not in OFFERED:
        raise Http404
    if not issue.permissions_for_user(request.user).holds_change():
        raise PermissionDenied
    format = FORMATS[file]
    try:
        form, picture = dump_with_pictures(issue)
        if file == FOLDER:
            content = write_folder_zip(form, picture=picture)
        else:
            look = look_in_print(issue.number, issue.date) if issue.date else Look.PLAIN
            content = format.write(for_readers(form), picture, "", look)
    except (ExportRefused, IllustrationRefused, SchemaError, TypesettingFailed) as refused:
        told = Told(f"{format.label}没有做成：{refused} 稿件都没有改动。", "error", 409)
        return show_board(request, issue, told)
    mark = "" if issue.live else "（未出版）"
    name = file_name(form.imprint.name, form.number, format).replace("期", f"期{mark}", 1)
    answer = HttpResponse(content, content_type=format.media_type)
    answer["Content-Disposition"] = str(content_disposition_header(not format.opens, name))
    return answer
