"""A code to log in with, mailed to a person whom the portal knows already."""

from allauth.account.views import RequestLoginCodeView

from accounts.models import User


def send_login_code(request, user: User) -> bool:
    """As if they had asked for it on the page of log-in, and as often at most; False for too
    often. What follows is the page where the code is typed."""
    page = RequestLoginCodeView()
    page.setup(request)
    form = page.get_form_class()(data={"email": user.email})
    if not form.is_valid():
        return False
    page.form_valid(form)
    return True
