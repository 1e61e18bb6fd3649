"""The demo's event profile and calendar."""

from datetime import datetime, timedelta

# field, days from T0, who, answer
PROFILE = (
    ("ev_purpose", -49, "customer",
     "Garamsoop Learning moves its learning portal and the enrolment database out of its data centre into "
     "ap-northeast-2 in one night. The contract of the data centre ends on 31 December."),
    ("ev_audience", -49, "customer",
     "205,000 students and 6,400 teachers, nearly all in Korea. 8 of 10 use a phone. About 1,300 sign in per "
     "minute in the first quarter of an hour after the portal opens."),
    ("ev_impact", -49, "customer",
     "Students cannot reach their courses or pay their fees, and enrolment, which opens nine days later, "
     "would have to be postponed for everybody."),
    ("ev_loss_per_hour", -44, "customer", "86000000 KRW"),
    ("ev_public", -48, "customer", "fixed-public"),
    ("ev_first_time", -48, "customer", "yes"),
    ("ev_confidential", -48, "customer", "normal"),
    ("ev_confidential", -45, "tam", "nda"),
    ("ev_compliance", -36, "network",
     "Personal information of minors: AWS may see metrics, alarms and resource names, but no table content. "
     "Screen sharing of the student register is not allowed."),
    ("ev_last_wafr", -40, "sa", "2026-05-19"),
)  # fmt: skip

RIVAL_PROFILE = (
    ("ev_purpose", "Sale of 62,000 seats for two year-end concerts."),
    ("ev_audience", "90,000 people wait in the first minute, most of them in Korea, one in ten in Japan."),
    ("ev_public", "fixed-public"),
    ("ev_first_time", "no"),
)


def windows(t0: datetime) -> list[tuple[int, str, dict]]:
    """Rows of the calendar around T0: days from T0 of the entry, who, values."""

    def between(start: timedelta, end: timedelta) -> dict:
        return {"win_start": (t0 + start).isoformat(), "win_end": (t0 + end).isoformat()}

    hour, day = timedelta(hours=1), timedelta(days=1)
    return [
        (-46, "customer", {
            "win_kind": "freeze", "win_title": "Change freeze of portal and enrolment", "win_attendance": "none",
            "win_freeze_scope": "code, config, infra", **between(-6 * day, 3 * day)}),
        (-46, "customer", {
            "win_kind": "rehearsal", "win_title": "Rehearsal with full-size data", "win_attendance": "bridge",
            **between(-13 * day, -13 * day + 6 * hour)}),
        (-40, "application", {
            "win_kind": "load-test", "win_title": "Load test, 1,800 sign-ins a minute", "win_attendance": "on-call",
            **between(-20 * day, -20 * day + 3 * hour)}),
        (-40, "database", {
            "win_kind": "cutover", "win_title": "Enrolment database cutover", "win_attendance": "bridge",
            "win_downtime_ok": "240", **between(hour, 5 * hour)}),
        (-39, "application", {
            "win_kind": "pre-scale", "win_title": "Portal fleet to 40 instances", "win_attendance": "on-call",
            **between(-2 * hour, timedelta(0)),
            "win_conflict": "AWS plans maintenance of two EC2 hosts five days after the event. They are not part of "
            "the portal fleet."}),
        (-39, "customer", {
            "win_kind": "observation", "win_title": "Hypercare until enrolment opens", "win_attendance": "on-call",
            **between(9 * hour, 9 * day)}),
    ]  # fmt: skip
