"""Sinwon: onboarding and review of Korean resident cards."""
