import pytest
from tests import factories as f, forms
from issues.models import IssuePage
from issues.publishing import publish_issue, unpublish_issue
pytestmark = pytest.mark.django_db
def test_x(client):
    f.make_paper()
    issue = f.make_public_issue(450)
    chief = f.make_user("总编")
    unpublish_issue(issue=issue, by=chief)
    client.force_login(f.make_user("编辑"))
    r = client.post(forms.edit_url(issue), {**forms.edit_form(client, issue), "number": "460"})
    print(r.status_code)
    publish_issue(issue=issue, by=chief)
    for a in ("/450/", "/450/1/", "/460/", "/460/1/"): r = client.get(a); print(a, r.status_code, r.headers.get("Location"))
    # live renumber
    issue = IssuePage.objects.get()
    client.force_login(chief)
    r = client.post(forms.edit_url(issue), {**forms.edit_form(client, issue), "number": "470"})
    publish_issue(issue=issue, by=chief)
    for a in ("/460/", "/460/1/", "/470/", "/470/1/"): r = client.get(a); print(a, r.status_code, r.headers.get("Location"))
    assert 0
