"""`python -m iem_portal.simulator --port 8001 --data-dir var [--scenario cutover]`: run the simulated AWS."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path

# moto checks the environment's credentials when it is imported; dummies keep real ones out of this process.
os.environ.update(
    AWS_ACCESS_KEY_ID="simulated", AWS_SECRET_ACCESS_KEY="simulated", AWS_EC2_METADATA_DISABLED="true"
)

from .app import Simulator
from .clock import SimClock
from .scenario import SCENARIOS, load
from .server import HOST, serve
from .world import World


def main() -> None:
    known = sorted(path.stem for path in SCENARIOS.glob("*.toml"))
    parser = argparse.ArgumentParser(description="Simulated AWS, on the loopback address only.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data-dir", type=Path, required=True, help="where demo.json with T0 is looked for")
    parser.add_argument("--scenario", default="cutover", choices=known)
    options = parser.parse_args()
    simulator = Simulator(World(load(options.scenario), SimClock(options.data_dir)))
    server = serve(simulator, options.port)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    threading.Thread(target=simulator.behind.warm, daemon=True).start()
    print(
        f"simulated AWS on http://{HOST}:{server.server_address[1]}, scenario {options.scenario}", flush=True
    )
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    server.server_close()


if __name__ == "__main__":
    main()
