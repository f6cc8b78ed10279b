"""What goes in and out: the models that validate, of which the OpenAPI document is made."""
