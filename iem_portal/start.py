"""Which processes make a whole portal on one machine, and what its starter is told; standard library only."""

from __future__ import annotations

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from iem_portal.preflight import free_port
from iem_portal.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parent.parent
BACKLOG = 4096
WEB_GIVES_UP_AFTER = 3  # deaths before its first answer
DEMO_PEOPLE = (
    ("tam@demo.example", "AWS technical account manager"),
    ("customer@demo.example", "customer lead, in Korean"),
    ("warroom@demo.example", "AWS support engineer in the war room"),
    ("manager@demo.example", "AWS manager, all engagements"),
    ("rival@demo.example", "lead of another customer, who must see nothing of this"),
)


def main() -> int:
    """Start everything and stay until Ctrl-C. Returns the exit code."""
    data_dir = Path(os.environ.get("IEM_DATA_DIR") or ROOT / "var").resolve()
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "8000"))
    try:
        listening = listen(host, port)
    except OSError as error:
        tell(f"Cannot listen on {host} port {port}: {error.strerror}. Choose another: PORT=… script/up")
        return 1
    environment, simulator_port = with_simulator({**os.environ, "IEM_DATA_DIR": str(data_dir)}, port)
    children = portal(
        environment, web_fd=listening.fileno(), data_dir=data_dir, simulator_port=simulator_port
    )
    supervisor = Supervisor(children, data_dir / "log", say=tell)
    greeter = Greeter(
        supervisor, port=port, is_demo=environment.get("DEMO", "") in ("1", "true", "yes", "on")
    )
    code = supervisor.run(on_pass=greeter.look)
    tell("Stopped.")
    return code


def with_simulator(environment: dict[str, str], port: int) -> tuple[dict[str, str], int | None]:
    """Point boto3 at a simulated AWS of our own, unless an endpoint or the real AWS was asked for.

    The credentials are dummies on purpose: the simulator must never be sent real ones.
    """
    if environment.get("AWS_ENDPOINT_URL") or environment.get("IEM_REAL_AWS") == "1":
        return environment, None
    simulator_port = free_port("127.0.0.1", port + 1)
    ours = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{simulator_port}",
        "AWS_ACCESS_KEY_ID": "simulated",
        "AWS_SECRET_ACCESS_KEY": "simulated",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    kept = {k: v for k, v in environment.items() if k not in ("AWS_PROFILE", "AWS_SESSION_TOKEN")}
    return {**kept, **ours}, simulator_port


def listen(host: str, port: int) -> socket.socket:
    """The socket of the web process, held here: while that process is started again, requests wait
    instead of being refused, and nobody else can take the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def portal(
    environment: dict[str, str], *, web_fd: int, data_dir: Path, simulator_port: int | None
) -> list[Child]:
    """The children. One worker serves all queues; production gives each its own (docker-compose.yml).

    Beat is a child of its own and not a part of the worker, so that no grandchild survives a
    killed worker.
    """
    python = (sys.executable, "-u")
    celery = (*python, "-m", "celery", "-A", "iem_portal")
    web = f"uvicorn iem_portal.asgi:application --fd {web_fd} --backlog {BACKLOG}"
    tuned = "--loop uvloop --http httptools --timeout-graceful-shutdown 5 --no-access-log"
    queues = "worker -P threads -c 4 -Q sla,default,aws --without-mingle --without-gossip -l WARNING"
    beat = "beat -l WARNING --pidfile= --schedule"
    commands = {
        "web": (*python, "-m", *web.split(), *tuned.split()),
        "worker": (*celery, *queues.split()),
        "beat": (*celery, *beat.split(), str(data_dir / "beat-schedule")),
        "clock": (*python, str(ROOT / "manage.py"), "run_clock"),
        "relay": (*python, str(ROOT / "manage.py"), "run_relay"),
    }
    if simulator_port is not None:
        simulator = ("iem_portal.simulator", "--port", str(simulator_port), "--data-dir", str(data_dir))
        commands = {"simulator": (*python, "-m", *simulator), **commands}
    inherited = {"web": (web_fd,)}
    return [Child(name, command, environment, inherited.get(name, ())) for name, command in commands.items()]


class Greeter:
    """Waits for the first answer of the web process, then says where everything is; once."""

    def __init__(self, supervisor: Supervisor, *, port: int, is_demo: bool):
        self.supervisor = supervisor
        self.port = port
        self.is_demo = is_demo
        self.is_done = False
        self.began = time.monotonic()

    def look(self) -> None:
        """Called on every pass of the supervisor."""
        if self.is_done:
            return
        web = next(child for child in self.supervisor.children if child.name == "web")
        if answers(f"http://127.0.0.1:{self.port}/healthz"):
            self.is_done = True
            tell(greeting(self.port, self.supervisor.log_dir, is_demo=self.is_demo))
        elif web.deaths >= WEB_GIVES_UP_AFTER:
            tell(f"The web process does not start. Its last lines ({self.supervisor.log_dir / 'web.log'}):")
            tell(self.supervisor.tail("web"))
            self.supervisor.stop(exit_code=1)


def answers(url: str) -> bool:
    """True when a GET is answered with 200 within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as response:  # noqa: S310 (our own loopback address)
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def greeting(port: int, log_dir: Path, *, is_demo: bool) -> str:
    """What the terminal shows once the portal answers."""
    address = f"http://localhost:{port}"
    lines = ["", f"  IEM Portal is up:  {address}", ""]
    if is_demo:
        lines += ["  Sign in with one click on the first page, or with the password iem-demo as"]
        lines += [f"    {email:24}{who}" for email, who in DEMO_PEOPLE]
        lines += ["", f"  Mail it sends:     {address}/demo/mail/"]
    lines += [f"  Logs:              {log_dir}", "  Stop:              Ctrl-C", ""]
    return "\n".join(lines)


def tell(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
