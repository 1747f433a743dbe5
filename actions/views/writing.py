from django.views.generic import View


class EditAction(View):
    pass


class EditSection(View):
    pass


class EndAction(View):
    pass


class AddAction(View):
    pass
