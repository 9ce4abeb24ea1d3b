"""Django under the environment that this process was given. Import it before kyc."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
