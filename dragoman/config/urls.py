"""All addresses of the house."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail.admin import urls as wagtail_admin
from wagtail.admin.auth import require_admin_access

from dragoman.api.views import api
from dragoman.desk import entrance
from dragoman.website.urls import account

handler404 = "dragoman.website.views.failures.not_found"
handler500 = "dragoman.website.views.failures.server_error"

urlpatterns = [
    # In the place of Wagtail's own, which stand behind the next line.
    path("admin/login/", entrance.enter),
    path("admin/account/", require_admin_access(entrance.OwnSettings.as_view())),
    path("admin/", include(wagtail_admin)),
    path("api/v1/", api.urls),
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    account,
    path("", include("dragoman.website.urls")),
]
