"""The clocks of an escalation as the API gives them; instants are UTC, spans whole seconds."""

from __future__ import annotations

from dataclasses import asdict

from rest_framework import serializers

from escalation import faces
from escalation.models import Escalation
from iem_portal.templatetags.portal import instant_text


class FaceSerializer(serializers.Serializer):
    """One of the four clocks as it stands.

    `state`: waiting, running, paused, free, inside, met, missed, ended or cancelled. "inside": it is inside AWS, and
    the caller's side is told no times of that.
    """

    kind = serializers.CharField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    target_min = serializers.IntegerField()
    breached_at = serializers.DateTimeField(allow_null=True)
    taken_s = serializers.IntegerField(allow_null=True)
    used_s = serializers.IntegerField()
    left_s = serializers.IntegerField(allow_null=True)
    net_s = serializers.IntegerField(allow_null=True, help_text="Without waiting for the customer.")
    cycle = serializers.IntegerField()
    held_since = serializers.DateTimeField(allow_null=True)
    held_reason = serializers.CharField(allow_blank=True)


class StretchSerializer(serializers.Serializer):
    """One stretch of a clock: running, paused, closed, rested, late or ahead."""

    kind = serializers.CharField()
    since = serializers.DateTimeField()
    to = serializers.DateTimeField()
    percent = serializers.FloatField()
    reason = serializers.CharField(allow_blank=True)


class ClockSerializer(FaceSerializer):
    """A clock with the sentence that says why its deadline is where it is, and the strip of when it ran."""

    why = serializers.CharField()
    strip = StretchSerializer(many=True)


def clocks_of(escalation: Escalation, zone: str, now) -> list[dict]:
    """The data of ClockSerializer for all four clocks; wants `faces.with_clocks`."""
    states = faces.states_of(escalation)

    def printed(instant) -> str:
        return instant_text(instant, zone, "near")

    return [
        {
            **columns(face),
            "why": faces.why(states.get(face.kind), printed, kind=face.kind),
            "strip": [asdict(one) for one in faces.strip(states.get(face.kind), now)],
        }
        for face in faces.clock_faces(escalation, now)
    ]


def columns(face) -> dict:
    """The data of FaceSerializer."""
    return {name: getattr(face, name) for name in FaceSerializer().fields}
