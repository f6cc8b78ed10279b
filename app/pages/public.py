"""What anybody may see: the front of the house, signing in, and the demo shop."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request

from app.pages.guards import visitor
from app.pages.plans import plans

pages = Blueprint("public", __name__)
PROBLEMS = {
    "google_cancelled": "The sign-in with Google was cancelled.",
    "google_expired": "The sign-in with Google took too long. Please try again.",
    "google_refused": "The sign-in with Google did not work. Please try again.",
    "email_not_verified": "Google has not confirmed this address, so it cannot be used here.",
    "email_taken": "This address belongs to an account that signs in in another way.",
    "suspended": "This account is suspended. Ask an admin of your team.",
    "forbidden": "There is no account with this address. Ask to be invited.",
}


@pages.get("/")
def landing() -> str:
    return render_template("landing.html")


@pages.get("/pricing")
def pricing() -> str:
    return render_template("pricing.html", plans=plans())


@pages.get("/login")
def login() -> str | Response:
    wanted = request.args.get("next", "/dashboard")
    if visitor() is not None and wanted.startswith("/dashboard"):
        return redirect(wanted)  # type: ignore[return-value]
    problem = PROBLEMS.get(request.args.get("problem", ""))
    return render_template("login.html", next=wanted, problem=problem)


@pages.get("/signup")
def signup() -> str:
    return render_template("signup.html")


@pages.get("/forgot-password")
def forgot() -> str:
    return render_template("forgot.html")


@pages.get("/reset-password")
def reset() -> str:
    return render_template("reset.html")


@pages.get("/verify-email")
def verify() -> str:
    return render_template("verify.html")


@pages.get("/invite")
def invite() -> str:
    return render_template("invite.html")
