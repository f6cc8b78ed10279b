"""Putting one app together: the only place that knows every part."""

from __future__ import annotations

from flask_openapi3 import OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from app import extensions
from app.adapters import Adapters
from app.api import install_api
from app.api.reference import INFO, SCHEMES
from app.cli import install_commands
from app.database import engine_options, install_sqlite_rules, prepare_database_folder
from app.edge.bodies import install_body_rules
from app.edge.failures import install_failures, invalid_request
from app.edge.headers import install_headers
from app.edge.open_lines import install_lines
from app.edge.request_log import configure_logging, install_request_log
from app.flask_settings import flask_settings
from app.jobs import install_jobs
from app.pages import install_pages
from app.providers import choose_adapters
from app.services.log.audience import install_audience
from config import Config


def compose(config: Config | None, adapters: Adapters | None) -> OpenAPI:
    """Choose the adapters, open the extensions, install the rooms, in this order."""
    config = config or Config.from_environment()
    configure_logging(config.log_level, config.log_format)
    app = OpenAPI(
        "app",
        info=INFO,
        security_schemes=SCHEMES,
        doc_ui=False,
        validation_error_callback=invalid_request,
        static_folder=None,
    )
    app.config.update(flask_settings(config))
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config.database_url)
    app.extensions["adapters"] = adapters or choose_adapters(config)
    install_lines(app)
    install_audience(app, app.extensions["adapters"].event_bus)
    _trust_proxies(app, config.trusted_proxies)
    _open_extensions(app, config)
    install_request_log(app)
    install_body_rules(app, config.max_json_bytes)
    install_headers(app, secure=config.secure_cookies)
    install_failures(app)
    install_api(app)
    install_pages(app)
    if config.runs_jobs:
        install_jobs(app)
    install_commands(app)
    return app


def _trust_proxies(app: OpenAPI, count: int) -> None:
    """Without this, X-Forwarded-For is what anybody may write, and is not looked at."""
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_port=count
        )


def _open_extensions(app: OpenAPI, config: Config) -> None:
    prepare_database_folder(config.database_url)
    extensions.vault.init_app(app, config.encryption_key)
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory="migrations")
    extensions.jwt.init_app(app)
    extensions.limiter.init_app(app)
    extensions.compress.init_app(app)
    extensions.sock.init_app(app)
    with app.app_context():
        install_sqlite_rules(app, extensions.db.engine)
