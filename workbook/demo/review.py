"""The demo's architecture review: the form, and an answer to every check of a migration."""

from datetime import datetime, timedelta

from workbook.catalogue import Table

# check, answer, what the customer says, what the reviewer found, how bad it is
_OTHERS = {
    "ar03": ("partly", "Portal and sign-in: yes, in rehearsal. Database: only by reboot.",
             "Fail over the database once with production-sized data.", "medium"),
    "ar04": ("no", "", "No zonal shift is set up; a zone is left by changing the subnets by hand.", "medium"),
    "ar09": ("partly", "Payment has a queue; the portal shows an error page.",
             "A static page from the edge would be enough.", "low"),
    "ar13": ("partly", "", "Point-in-time recovery is on, but nobody has undone a wrong batch yet.", "medium"),
    "ar28": ("unknown", "", "Ports of the NAT gateways under the load of the patch servers are not known.", "medium"),
    "ar45": ("partly", "", "Two batch jobs still read a password from a file.", "high"),
    "ar61": ("no", "", "No request ID passes from the portal to payment.", "low"),
    "ar67": ("n/a", "First event of this kind.", "", ""),
    "ar73": ("n/a", "There is no second Region.", "", ""),
}  # fmt: skip


def form(t0: datetime) -> dict:
    """The form of section WB11, as typed."""
    return {
        "ar_diagram": "https://wiki.garamsoop.example/architecture/today",
        "ar_diagram_evt": "https://wiki.garamsoop.example/architecture/cutover-night",
        "ar_flow": "Browser to CloudFront and WAF.\nCloudFront to the load balancer and the portal.\n"
        "Portal to sign-in for the session, to the enrolment database for the rest.\n"
        "Payment takes its jobs from a queue and writes back to the enrolment database.",
        "ar_round": "2",
        "ar_round_on": f"{t0 - timedelta(days=18):%Y-%m-%d}",
        "ar_reviewer": "Daniel Okafor, Seo Yuna",
    }


def answers(checks: Table, event_type: str) -> dict[str, dict[str, str]]:
    """What each check of this type of event was answered, by the row's key, as typed."""
    found = {}
    for key in checks.keys_for(event_type):
        answer, evidence, finding, risk = _OTHERS.get(key, ("yes", "", "", ""))
        if answer == "yes" and checks.fixed_row(key).values["ar_weight"] == "H":
            evidence = "Shown in review round 2."
        told = {"ar_answer": answer, "ar_evidence": evidence, "ar_finding": finding, "ar_risk": risk}
        found[key] = {field: text for field, text in told.items() if text}
    return found
