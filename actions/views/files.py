from django.http import HttpResponse


def sheet_file(request, slug, **kwargs):
    return HttpResponse()


def plan_file(request, slug, **kwargs):
    return HttpResponse()
