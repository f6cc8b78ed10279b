"""What has to be typed before a whole organization goes."""

from __future__ import annotations

from pydantic import Field

from app.api.schemas.common import Given, Line, Password


class OrganizationRemovalGiven(Given):
    name: Line = Field(max_length=200, description="The organization's name, typed out")
    password: Password = Field("", description="Not for those who sign in with Google alone")
