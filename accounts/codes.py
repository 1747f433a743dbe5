"""A code to log in with, mailed to a person who has an account."""

from allauth.account.views import RequestLoginCodeView

from accounts.models import User


def send_login_code(request, user: User) -> bool:
    """Mail a log-in code to a person as if they had asked for it on the log-in page; return False,
    without a message, where that was asked too often. The code is typed on the page of allauth."""
    page = RequestLoginCodeView()
    page.setup(request)
    form = page.get_form_class()(data={"email": user.email})
    if not form.is_valid():
        return False
    page.form_valid(form)
    return True
