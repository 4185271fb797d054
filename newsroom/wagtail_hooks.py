"""Register the paper's vocabulary with Wagtail's admin, and put away what nobody here needs."""

from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from .circulating import outside_of
from .circulation_form import CirculationChanged
from .menus import keep_needed, keep_needed_reports
from .viewsets import ContributorViewSet, ImprintViewSet, OccasionViewSet, SectionViewSet


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [
        ContributorViewSet("contributors", url_prefix="contributors"),
        SectionViewSet("sections", url_prefix="sections"),
        ImprintViewSet("imprints", url_prefix="imprints"),
        OccasionViewSet("occasions", url_prefix="occasions"),
    ]


# Before Wagtail's own, which asks for a password where there is one, and so tells that there is
# something.
@hooks.register("before_serve_page", order=-1)
def find_what_is_open_only(page: Page, request: HttpRequest, args, kwargs):
    """Find nothing, for those outside, at the address of what stays inside."""
    circulation = outside_of()
    if circulation is not None and circulation.covers(page.issue_date):
        raise Http404


@hooks.register("after_edit_setting")
def tell_what_is_still_kept(request: HttpRequest, setting):
    """Say that readers may still get what is kept, where it could not be thrown away."""
    if getattr(setting, "is_still_kept", False):
        messages.error(
            request,
            "发行范围已经改好，但前面的服务器里存着的旧网页没有清掉，外面的人可能还看得到。"
            "请马上告诉技术人员；清掉以后，再到这里按一次“保存”。",
        )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("newsroom.circulation")(CirculationChanged)


@hooks.register("insert_global_admin_js")
def start_widgets() -> SafeString:
    """Start what Wagtail would start by scripts in the page (newsroom.inline_scripts)."""
    return format_html('<script src="{}"></script>', static("js/start_widgets.js"))


hooks.register("construct_main_menu", keep_needed)
hooks.register("construct_reports_menu", keep_needed_reports)
