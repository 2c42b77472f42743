"""`python -m simulator --port 8070`: an ActiveCampaign account on localhost."""

import argparse

import uvicorn

from .app import App


def main():
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8070)
    parser.add_argument("--api-key", default="simulator-key")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    app = App(chosen.api_key, chosen.seed)
    print(f"ActiveCampaign simulator on http://{chosen.host}:{chosen.port}", flush=True)
    uvicorn.run(
        app,
        host=chosen.host,
        port=chosen.port,
        http="h11",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main()
