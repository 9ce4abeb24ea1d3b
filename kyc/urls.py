"""The customer's addresses. None carries more than a private link, and that one leaves the address bar at once."""

from django.urls import path
from django.views.i18n import set_language

from kyc.views import brand, case, check, code, consents, contact, docs, health, onboarding, parts, picture

app_name = "kyc"
urlpatterns = [
    path("", onboarding.start, name="start"),
    path("begin/", onboarding.begin, name="begin"),
    path("specimen/", onboarding.try_specimen, name="specimen"),
    path("notices/", onboarding.read_notices, name="notices"),
    path("contact/", contact.contact, name="contact"),
    path("code/", code.code, name="code"),
    path("picture/", picture.picture, name="picture"),
    path("picture/part/", parts.part, name="part"),
    path("picture/insist/", picture.insist, name="insist"),
    path("status/", case.status, name="status"),
    path("status/state.json", case.state, name="state"),
    path("check/", check.check, name="check"),
    path("consents/", consents.mine, name="consents"),
    path("withdraw/", case.withdraw, name="withdraw"),
    path("c/<str:token>/", case.open_link, name="link"),
    path("m/<str:token>/", case.open_mail_link, name="mail_link"),
    path("brand/<str:version>/colours.css", brand.colours, name="brand_colours"),
    path("brand/<str:version>/logo", brand.logo, name="brand_logo"),
    path("embed/<str:token>/", case.open_embedded, name="embedded"),
    path("language/", set_language, name="set_language"),
    path("docs/", docs.page, name="docs"),
    path("docs/<path:path>", docs.page, name="docs_page"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.prometheus, name="metrics"),
]
