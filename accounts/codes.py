"""A code to log in with, mailed to the address of an account."""

from allauth.account.views import RequestLoginCodeView

from accounts.staying import ASKED


def send_login_code(request, email: str) -> bool:
    """Mail a log-in code as if it had been asked for on the log-in page, with the wish to stay that
    was stated there; return False, without a message, where that was asked too often. The code is
    typed on the page of allauth."""
    page = RequestLoginCodeView()
    page.setup(request)
    form = page.get_form_class()(data={"email": email, "stay": request.session.get(ASKED)})
    if not form.is_valid():
        return False
    page.form_valid(form)
    return True
