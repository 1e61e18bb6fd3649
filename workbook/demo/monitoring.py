"""The demo's monitoring: endpoints, the eight watches of the board, the alarm matrix, a dashboard."""

ACCOUNT, REGION = "111122223333", "ap-northeast-2"
LOAD_BALANCER = "LoadBalancer=app/portal/50dc6c495c0c9188"

# title, namespace, metric, dimensions, statistic, unit, warn, crit, direction, module, Region
_WATCHES = (
    ("Replication lag", "AWS/DMS", "CDCLatencyTarget", "ReplicationTaskIdentifier=enrol-db",
     "Maximum", "s", "20", "30", "above", "Enrolment database", REGION),
    ("Portal response p95", "AWS/ApplicationELB", "TargetResponseTime", LOAD_BALANCER,
     "p95", "s", "0.54", "0.6", "above", "Portal", REGION),
    ("Portal errors 5xx", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", LOAD_BALANCER,
     "Sum", "count", "90", "120", "above", "Portal", REGION),
    ("Sign-in success", "Garamsoop/Portal", "SignInSuccessRate", "Service=portal",
     "Average", "%", "99.3", "99", "below", "Sign-in", REGION),
    ("Edge requests", "AWS/CloudFront", "Requests", "DistributionId=E2GARAMSOOP, Region=Global",
     "Sum", "count", "", "", "", "Edge", "us-east-1"),
    ("RDS processor", "AWS/RDS", "CPUUtilization", "DBInstanceIdentifier=enrol-db",
     "Average", "%", "80", "85", "above", "Enrolment database", REGION),
    ("Payment approvals", "Garamsoop/Pay", "ApprovalRate", "Gateway=main",
     "Average", "%", "97.5", "97", "below", "Payment", REGION),
    ("Portal instances in service", "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName=portal",
     "Average", "count", "36", "40", "above", "Portal", REGION),
)  # fmt: skip

# alarm, type, condition, severity, first, second, minutes, what to do
_ALARMS = (
    ("enrol-db-replication-lag", "metric", "CDCLatencyTarget > 30 s, 1 of 1, 60 s, missing: breaching", "critical",
     "Lim Sojin", "Baek Jihun", "10",
     "Pause the bulk copy, look at the source's redo rate, then restart the DMS task."),
    ("portal-asg-at-maximum", "metric", "GroupInServiceInstances >= 40, 2 of 5, 60 s, missing: notBreaching",
     "urgent",
     "Noh Taemin", "Baek Jihun", "15",
     "Raise the group's maximum to 60 if the vCPU quota allows it; else turn on the waiting page."),
    ("portal-response-p95", "metric", "TargetResponseTime p95 > 0.6 s, 5 of 5, 60 s, missing: notBreaching", "high",
     "Noh Taemin", "Lim Sojin", "15", "Compare with RDS processor; if that is calm, add instances."),
    ("portal-5xx", "metric", "HTTPCode_Target_5XX_Count > 120, 3 of 5, 60 s, missing: notBreaching", "urgent",
     "Noh Taemin", "Baek Jihun", "10",
     "Read the newest errors in the portal's log group; roll back the last release if they are ours."),
    ("enrol-db-cpu", "metric", "CPUUtilization > 85 %, 5 of 5, 60 s, missing: breaching", "high",
     "Lim Sojin", "Noh Taemin", "15", "Stop reports and exports, then the statistics job."),
    ("dx-bgp-session-2", "metric", "VirtualInterfaceBgpStatus < 1, 3 of 3, 60 s, missing: breaching", "high",
     "Kang Mirae", "Baek Jihun", "20",
     "Check that session 1 carries the traffic; open a case with the Direct Connect location."),
    ("portal-degraded", "composite", "portal-response-p95 AND portal-5xx", "critical",
     "Noh Taemin", "Baek Jihun", "5", "Call the bridge, post a status update, decide on the waiting page."),
)  # fmt: skip


def rows() -> list[tuple[str, dict]]:
    """Table and values as typed, in the order of the sheets."""
    found = [("endpoints", values) for values in _ENDPOINTS]
    found += [("metrics", _watch(line)) for line in _WATCHES]
    found += [("alarms", _alarm(line)) for line in _ALARMS]
    found.append(("dashboards", {
        "db_url": "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home#dashboards/dashboard/cutover-night",
        "db_owner": "Kang Mirae, Noh Taemin",
    }))  # fmt: skip
    return found


_ENDPOINTS = (
    {"ep_url": "https://portal.garamsoop.example/health", "ep_check": "200 and the word ready", "ep_check_ms": "800",
     "ep_synthetic": "yes", "ep_access": "Open; the answer holds no personal data"},
    {"ep_url": "https://sign-in.garamsoop.example/.well-known/openid-configuration", "ep_check": "200",
     "ep_check_ms": "500",
     "ep_synthetic": "yes"},
    {"ep_url": "https://pay.garamsoop.example/ping", "ep_check": "204", "ep_check_ms": "1200", "ep_synthetic": "no"},
)  # fmt: skip


def _watch(line: tuple) -> dict:
    keys = ("mt_title", "mt_namespace", "mt_metric", "mt_dims", "mt_stat", "mt_unit", "mt_warn", "mt_crit",
            "mt_direction", "mt_module", "mt_region")  # fmt: skip
    return {"mt_account": ACCOUNT, "mt_period": "60"} | dict(zip(keys, line, strict=True))


def _alarm(line: tuple) -> dict:
    keys = ("al_ref", "al_type", "al_rule", "al_sev", "al_first", "al_escal", "al_escal_min", "al_runbook")
    return {"al_tested": "yes"} | dict(zip(keys, line, strict=True))


# section, title of the row, field, value, who, days from T0
EDITS = (
    ("wb12", "Replication lag", "mt_crit", "25", "warroom", -6.2),
    ("wb12", "Replication lag", "mt_crit", "30", "database", -6.0),
    ("wb12", "portal-asg-at-maximum", "al_noise", "2", "tam", -5.0),
    ("wb12", "dx-bgp-session-2", "al_noise", "11", "tam", -5.0),
    ("wb12", "dx-bgp-session-2", "al_tested", "no", "network", -3.1),
)

RIVAL = (
    ("metrics", {
        "mt_title": "Waiting room", "mt_account": "444455556666", "mt_region": REGION, "mt_namespace": "Haneul/Queue",
        "mt_metric": "PeopleWaiting", "mt_dims": "Queue=concert", "mt_stat": "Maximum", "mt_unit": "count",
        "mt_module": "Queue"}),
    ("endpoints", {"ep_url": "https://tickets.haneul.example/health", "ep_check": "200", "ep_check_ms": "700"}),
)  # fmt: skip
