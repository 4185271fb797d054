"""Register the paper's vocabulary with Wagtail's admin, and put away what nobody here needs."""

from wagtail import hooks

from .menus import keep_needed, keep_needed_reports
from .viewsets import ContributorViewSet, ImprintViewSet, SectionViewSet


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [
        ContributorViewSet("contributors", url_prefix="contributors"),
        SectionViewSet("sections", url_prefix="sections"),
        ImprintViewSet("imprints", url_prefix="imprints"),
    ]


hooks.register("construct_main_menu", keep_needed)
hooks.register("construct_reports_menu", keep_needed_reports)
