"""How periodic work is woken: the Celery app and the only timetable."""

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iem_portal.settings")

from django.conf import settings

from iem_portal import broker  # noqa: F401  (names folder://)

app = Celery("iem_portal")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=90,
    task_time_limit=120,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_max_tasks_per_child=500,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    beat_max_loop_interval=1,
    beat_schedule_filename=str(settings.DATA_DIR / "beat-schedule"),
    timezone="UTC",
    task_default_queue="default",
    # An AWS call that hangs must never hold up a clock: each kind of work has its own queue.
    task_queues=[Queue("sla"), Queue("default"), Queue("aws")],
    task_routes={
        "escalation.tasks.follow_cases": {"queue": "aws"},
        "escalation.tasks.*": {"queue": "sla"},
        "warroom.tasks.open_rolls": {"queue": "default"},
        "warroom.tasks.*": {"queue": "aws"},
        "workbook.prefill.tasks.*": {"queue": "aws"},
    },
    # `expires` is twice the period, so that an outage is not followed by a backlog of stale wake-ups.
    beat_schedule={
        "clock": {"task": "escalation.tasks.tick", "schedule": 5.0, "options": {"expires": 10}},
        "tell-held": {"task": "escalation.tasks.tell_held", "schedule": 30.0, "options": {"expires": 60}},
        "audit": {"task": "escalation.tasks.audit", "schedule": 60.0, "options": {"expires": 120}},
        "age": {"task": "escalation.tasks.age", "schedule": 60.0, "options": {"expires": 120}},
        "cases": {"task": "escalation.tasks.follow_cases", "schedule": 5.0, "options": {"expires": 10}},
        "poll": {"task": "warroom.tasks.poll", "schedule": 5.0, "options": {"expires": 10}},
        "open-rolls": {"task": "warroom.tasks.open_rolls", "schedule": 15.0, "options": {"expires": 30}},
        "probe": {"task": "warroom.tasks.probe", "schedule": 3.0, "options": {"expires": 6}},
        "from-aws": {"task": "workbook.prefill.tasks.read", "schedule": 3.0, "options": {"expires": 6}},
        "quota-requests": {
            "task": "workbook.prefill.tasks.follow",
            "schedule": 5.0,
            "options": {"expires": 10},
        },
        "remind": {"task": "workbook.tasks.remind", "schedule": 300.0, "options": {"expires": 600}},
        "read-scorecards": {
            "task": "workbook.tasks.read_scorecards",
            "schedule": 3600.0,
            "options": {"expires": 7200},
        },
        "prune": {"task": "warroom.tasks.prune", "schedule": 3600.0, "options": {"expires": 7200}},
    },
)
if settings.REDIS_URL:
    app.conf.update(
        broker_url=settings.REDIS_URL,
        broker_transport_options={
            "visibility_timeout": 600,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 3,
            "socket_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "retry_on_timeout": True,
        },
    )
else:
    # The embedded broker is a folder: a wake-up lost with its worker is made good by the next one.
    folder = settings.DATA_DIR / "broker"
    for name in ("queue", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    app.conf.update(
        broker_url="folder://localhost",
        broker_transport_options={
            "data_folder_in": str(folder / "queue"),
            "data_folder_out": str(folder / "queue"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.1,
        },
    )
app.autodiscover_tasks()
app.autodiscover_tasks(["workbook.prefill"])
