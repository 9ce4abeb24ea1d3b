"""The customer's addresses."""

from django.urls import path

from kyc.views import health

app_name = "kyc"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]
