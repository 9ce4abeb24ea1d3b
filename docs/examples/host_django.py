"""A host in Django: `urlpatterns` goes into your urls.py. Your own model stands where the cache does."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from sinwon_client import Client, ForgedWebhook, read_webhook

sinwon = Client(settings.SINWON, settings.SINWON_KEY)


def identify(request: HttpRequest, number: str) -> HttpResponseBase:
    opened = sinwon.create(number, return_address=f"{settings.HOME}/back", idempotency_key=number)
    return redirect(opened.url)


@csrf_exempt  # the signature says who sent it
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    try:
        event = read_webhook(request.body, request.headers, secrets=[settings.SINWON_SECRET])
    except ForgedWebhook:
        return HttpResponse("Not signed", status=400)
    _state, sequence = cache.get(event.reference, ("open", 0))
    if event.sequence > sequence:  # the same one may come twice
        cache.set(event.reference, (event.state, event.sequence), timeout=None)
    return HttpResponse(status=204)


def state(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(cache.get(number, ("open", 0))[0])


urlpatterns = [path("identify/<number>", identify), path("state/<number>", state), path("webhook", webhook)]
