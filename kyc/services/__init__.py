"""What the product does: verbs on an entity, keyword-only. Views, admin, tasks and commands only call them."""
