"""Migrations that render no more models than have changed: an empty database is migrated in a third
of the time, most of which a first start is spent waiting for (see decision 0072)."""

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class Models(ProjectState):
    """The models between two operations. Renders again what has changed, and what refers to it.

    Django also renders what refers to the same models: nearly all, since nearly all refer to users.
    Operations on the schema do not need that, and before a function of ours gets the models,
    ``is_delayed`` has Django render them all.
    """

    def clone(self):
        """Return a copy that is of this class too, which Django's would not be."""
        state = super().clone()
        state.__class__ = type(self)  # which Django's would not have
        return state

    def _find_reload_model(self, app_label, model_name, delay=False):
        """Return what to render again: the model, and those with a field that refers to it."""
        self.is_delayed = True
        changed = {(app_label, model_name)}
        try:
            before = self.apps.get_model(app_label, model_name)
        except LookupError:
            return changed
        return changed | {
            (model._meta.app_label, model._meta.model_name)
            for model in self.apps.get_models(include_auto_created=True)
            for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
            if field.related_model is before
        }


class Executor(MigrationExecutor):
    def _create_project_state(self, with_applied_migrations=False):
        """Return the state of the models as ``Models``."""
        state = super()._create_project_state(with_applied_migrations)
        return Models(state.models, real_apps=state.real_apps)
