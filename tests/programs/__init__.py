"""What tests run in processes of their own: several writers, or a server patched by gevent."""
