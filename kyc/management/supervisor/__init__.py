"""What `manage.py up` is made of: the product's parts as processes, started, watched and stopped together."""
