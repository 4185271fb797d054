"""The board of an issue (组版台), what is done on it in place, and what changed meanwhile."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from articles.models import ArticlePage
from desk.review.submitting import submit_article
from issues.models import IssuePage
from issues.placing import PlacingOvertaken, place

from .forms import Unreadable, number, wanted_place
from .news import last_mover, news_since
from .overview import Board, articles_of, board_of
from .permissions import add_by_hand_url
from .screen import Told, answer, changing, issue_for, show_board

GONE = "这篇稿件已不在本期，可能有人把它移到了另一期，或删掉了。现在的版面如下。"


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the issue as it is being made."""
    return show_board(request, issue_for(request, pk))


def issue_in_the_making() -> IssuePage | None:
    """Return the issue that comes out next."""
    found: IssuePage | None = IssuePage.objects.in_the_making().order_by("date", "number").first()
    return found


@require_safe
def current(request: HttpRequest) -> HttpResponse:
    """Lead to the issue that comes out next, or offer to begin it."""
    issue = issue_in_the_making()
    if issue is not None:
        if not issue.permissions_for_user(request.user).can_see():
            raise PermissionDenied
        return redirect("desk_board", issue.pk)
    return show_next(request, "本期")


def show_next(
    request: HttpRequest, title: str, *, current: IssuePage | None = None
) -> HttpResponse:
    """Offer to begin the next issue, and the way to the one that came out last."""
    context = {
        "current": current,
        "last_out": IssuePage.objects.live().newest_first().first(),
        "add_by_hand_url": add_by_hand_url(request.user),
        "header_title": title,
        "header_icon": "grid",
        "breadcrumbs_items": [{"url": "", "label": title}],
    }
    return render(request, "desk/board/next.html", context)


@require_safe
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a board that stands open: nothing new, or its changing part and what happened."""
    issue = issue_for(request, pk)
    context = changing(request, issue)
    state: Board = context["board"]
    tag = f'"{state.version}-{request.user.pk}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        since = number(request.GET.get("since"))
        keys = [row.key for row in state.rows]
        news = (
            news_since(since, articles=keys, user=request.user)
            if since is not None and since < state.last_entry
            else []
        )
        response = render(request, "desk/board/_changing.html", {**context, "news": news})
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the pressed button, or the script in its place, says; show the board after it."""
    issue = issue_for(request, pk)
    verb, _, key = request.POST.get("act", "").partition("-")
    if (verb, key) == ("submit", "all"):
        return answer(request, issue, submit_all(issue, request))
    article = ArticlePage.objects.child_of(issue).filter(pk=number(key)).first()
    if article is None:
        return answer(request, issue, Told(GONE, "error", 409))
    try:
        told = _act(request, issue, article, verb)
    except PlacingOvertaken as overtaken:
        who = last_mover(ArticlePage.objects.child_of(issue).values_list("pk", flat=True))
        by = f"最后动版面的是{who}。" if who else ""
        told = Told(f"{overtaken}{by}现在的版面如下，要移请再移一次。", "error", 409)
    except PermissionDenied as refused:
        told = Told(str(refused), "error", 403)
    except Unreadable as unreadable:
        told = Told(str(unreadable), "error", 400)
    return answer(request, issue, told, anchor=f"#row-{article.pk}")


def submit_all(issue: IssuePage, request: HttpRequest) -> Told:
    """Hand in every article that can be, each for itself; say which were not, and why."""
    handed_in, refusals = 0, []
    articles = articles_of(issue)
    rows = board_of(issue, articles, user=request.user).rows
    may_be = {row.key for row in rows if row.may_submit}
    waiting = [article for article in articles if article.pk in may_be]
    for article in waiting:
        try:
            submit_article(article=article, by=request.user)
            handed_in += 1
        except PermissionDenied as refused:
            refusals.append(str(refused))
    if not waiting:
        return Told("没有要提交的稿件：都已在审稿中，或已定稿。", "warning")
    done = f"已提交{handed_in}篇。" if handed_in else "一篇也没有提交。"
    if refusals:
        return Told(f"{done}另有{len(refusals)}篇没有提交：{' '.join(refusals)}", "warning")
    return Told(done)


def _act(request: HttpRequest, issue: IssuePage, article: ArticlePage, verb: str) -> Told:
    """Do one thing with one article; what a row's button can say."""
    title = f"《{article.draft_title}》"
    match verb:
        case "submit":
            submit_article(article=article, by=request.user)
            return Told(f"{title}已提交审核。")
        case "place":
            wanted = wanted_place(request.POST, article.pk)
            if not wanted.changes:
                return Told("没有改动。", "warning")
            place(article=article, by=request.user, expected=wanted.expected, **wanted.changes)
            return Told(f"{title}已改好。")
        case "up" | "down":
            return _step(request, issue, article, -1 if verb == "up" else 1)
        case "move":
            folio, position = (number(request.POST.get(name)) for name in ("folio", "position"))
            if folio is None or position is None:
                raise Unreadable("没有移动：请重新打开这个页面，再移一次。")
            return _move(request, article, folio, position)
    raise Unreadable("没有听懂要做什么，什么都没有改。请重新打开这个页面再试。")


def _step(request: HttpRequest, issue: IssuePage, article: ArticlePage, step: int) -> Told:
    """Move an article one place up or down, over the border of its folio where it stands at it."""
    described = issue.folios.values_list("number", flat=True)
    stands: dict[int, list[int]] = {folio: [] for folio in described}
    for key, folio in (
        ArticlePage.objects.child_of(issue).in_print_order().values_list("pk", "folio")
    ):
        stands.setdefault(folio, []).append(key)
    own = stands[article.folio]
    position = own.index(article.pk) + step
    if 0 <= position < len(own):
        return _move(request, article, article.folio, position)
    folios = sorted(stands)
    place_of_folio = folios.index(article.folio) + step
    if not 0 <= place_of_folio < len(folios):
        ends = "最前面" if step < 0 else "最后面"
        return Told(f"《{article.draft_title}》已经在{ends}了。", "warning")
    folio = folios[place_of_folio]
    return _move(request, article, folio, len(stands[folio]) if step < 0 else 0)


def _move(request: HttpRequest, article: ArticlePage, folio: int, position: int) -> Told:
    place(
        article=article,
        by=request.user,
        folio=folio,
        position=position,
        expected_order=request.POST.get("order", ""),
    )
    return Told(f"《{article.draft_title}》现在在第{folio}版第{position + 1}条。")
