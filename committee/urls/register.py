from committee.urls.root import committee  # noqa: F401

urlpatterns = []
