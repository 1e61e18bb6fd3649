"""The demo's forecast, its entry points and the modules that may give way first."""

from datetime import datetime, timedelta

from workbook.demo.monitoring import ACCOUNT, REGION

# module, unit, normal average and peak, event average and peak, ramp, lasts, shape, read share, method, confidence
_TRAFFIC = (
    ("Portal", "requests/s", "410", "960", "1500", "3360", "15", "90 min", "single-spike", "88", "history", "high"),
    ("Sign-in", "transactions/s", "4", "6", "9", "22", "15", "15 min", "single-spike", "70", "history", "high"),
    ("Enrolment database", "transactions/s", "620", "1400", "2100", "4300", "15", "90 min", "single-spike", "74",
     "load-test", "medium"),
    ("Payment", "transactions/s", "2", "7", "5", "18", "60", "3 h", "plateau", "30", "guess", "low"),
)  # fmt: skip
_TRAFFIC_KEYS = (
    "tf_module", "tf_unit", "tf_normal", "tf_normal_peak", "tf_event_avg", "tf_event_peak", "tf_ramp", "tf_duration",
    "tf_pattern", "tf_rw", "tf_method", "tf_confidence",
)  # fmt: skip


def traffic() -> list[dict]:
    """Rows of section WB07, as typed."""
    more = {
        "tf_headroom": "30",
        "tf_region_mix": "KR=97, other=3",
        "tf_over": "Sign-in shows the waiting page; the portal answers from the cache.",
    }
    return [dict(zip(_TRAFFIC_KEYS, line, strict=True)) | more for line in _TRAFFIC]


def entry_points(t0: datetime) -> list[dict]:
    """Rows of section WB09, as typed."""
    hour = timedelta(hours=1)
    times = {"lb_from": (t0 - 2 * hour).isoformat(), "lb_until": (t0 + 9 * 24 * hour).isoformat()}
    balancer = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app"
    checks = {
        "lb_azs": "apne2-az1=20, apne2-az3=20", "lb_cross_zone": "yes", "lb_timeouts": "60",
        "lb_deregistration": "120", "lb_slow_start": "30", "lb_health": "/health", "lb_health_interval": "10",
        "lb_health_up": "3", "lb_health_down": "2",
    }  # fmt: skip
    return [
        {"lb_arn": f"{balancer}/portal/50dc6c495c0c9188", "lb_kind": "ALB", "lb_usecase": "Portal",
         "lb_back_scaled": "yes", "lb_rps": "1500", "lb_rps_peak": "3360", "lb_newconn": "900", "lb_peak_lcu": "310",
         "lb_reserve_lcu": "1200", "lb_reserve_state": "provisioned", **checks, **times},
        {"lb_arn": f"{balancer}/sign-in/7d2a11c04be0f3aa", "lb_kind": "ALB", "lb_usecase": "Sign-in",
         "lb_back_scaled": "yes", "lb_rps": "40", "lb_rps_peak": "160", "lb_newconn": "140",
         "lb_reserve_state": "not-needed", **checks, "lb_azs": "apne2-az1=12, apne2-az3=12", **times},
        {"lb_arn": "d3garamsoop.cloudfront.net", "lb_kind": "cloudfront", "lb_usecase": "Static content",
         "lb_back_scaled": "yes", "lb_rps": "5200", "lb_rps_peak": "14000", **times},
    ]  # fmt: skip


def bottlenecks(t0: datetime) -> list[dict]:
    """Rows of section WB10, as typed."""
    keys = (
        "bn_module", "bn_kind", "bn_evidence", "bn_now", "bn_forecast", "bn_breakpoint", "bn_breakpoint_unit",
        "bn_action", "bn_action_kind", "bn_owner", "bn_status", "bn_retest", "bn_watch",
    )  # fmt: skip
    lines = (
        ("Enrolment database", "db-connections", "AWS/RDS DatabaseConnections, 740 of 1,000 in the load test", "41",
         "86", "1000", "connections", "RDS Proxy in front of the portal; pools of 20 for each instance.", "tune",
         "Lim Sojin", "done", "pass", "enrol-db-cpu"),
        ("Enrolment database", "cpu", "AWS/RDS CPUUtilization, 58 % with twice the normal load", "38", "78", "", "",
         "db.r6g.8xlarge from the morning of the event until enrolment is over.", "scale-up", "Lim Sojin", "done",
         "pass", "enrol-db-cpu"),
        ("Portal", "thread-pool", "Load test of T-20: queue grew at 45 requests a second for each instance", "52", "71",
         "", "", "40 instances before the doors open, target tracking above that.", "scale-out", "Noh Taemin",
         "in-progress", "", "portal-asg-at-maximum"),
        ("Payment", "external-api", "The card company allows 25 approvals a second", "28", "72", "", "",
         "Queue in front of the gateway; ask the company for 40.", "queue", "Noh Taemin", "open", "", "portal-5xx"),
    )  # fmt: skip
    due_on = f"{t0 - timedelta(days=14):%Y-%m-%d}"
    rows = [dict(zip(keys, line, strict=True)) | {"bn_due": due_on} for line in lines]
    for row in rows:
        if row["bn_retest"]:
            row["bn_retest_test"] = "Enrolment peak, 3,360 requests/s for 30 minutes"
    return rows
