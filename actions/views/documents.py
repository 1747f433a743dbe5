from django.http import HttpResponse
from django.views.generic import View


class AddDocument(View):
    pass


class WithdrawDocument(View):
    pass


def document(request, slug, **kwargs):
    return HttpResponse()
