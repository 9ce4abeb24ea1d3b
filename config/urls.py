"""Addresses: the customer's pages at the root, the officers' admin under /admin/, hosts' systems under /api/."""

from django.contrib import admin
from django.urls import include, path

from kyc.api.v1 import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("", include("kyc.urls")),
]
handler400 = "kyc.views.errors.bad_request"
handler403 = "kyc.views.errors.permission_denied"
handler404 = "kyc.views.errors.page_not_found"
handler500 = "kyc.views.errors.server_error"
