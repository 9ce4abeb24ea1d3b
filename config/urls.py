"""Addresses: the customer's pages at the root, the officers' admin under /admin/."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("kyc.urls")),
]
handler400 = "kyc.views.errors.bad_request"
handler403 = "kyc.views.errors.permission_denied"
handler404 = "kyc.views.errors.page_not_found"
handler500 = "kyc.views.errors.server_error"
