"""`python -m simulator --port 8070`: an ActiveCampaign account on localhost."""

import argparse
from pathlib import Path

import uvicorn

from .app import App

PATIENCE = 1
"""Seconds that open requests have for their end when the account is kept."""


def main():
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8070)
    parser.add_argument("--api-key", default="simulator-key")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="file to keep the account in")
    chosen = parser.parse_args()
    app = App(chosen.api_key, chosen.seed, chosen.keep)
    print(f"ActiveCampaign simulator on http://{chosen.host}:{chosen.port}", flush=True)
    uvicorn.run(
        app,
        host=chosen.host,
        port=chosen.port,
        http="h11",
        lifespan="on" if chosen.keep else "off",
        timeout_graceful_shutdown=PATIENCE if chosen.keep else None,
        log_level="critical" if chosen.keep else "warning",
        access_log=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main()
