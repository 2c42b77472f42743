"""An ActiveCampaign account on localhost, for tests and demonstrations.

`python -m simulator --port 8070` starts it; `simulator.running.running_simulator`
starts it from a test. It behaves as the public API reference and recorded exchanges
say, oddities included; what nobody has established is an option (`options.py`).

The way of a request: `endpoint.py` (key, rate limit, faults, log) -> one function of
`resources/` -> the state in `account.py`, changed by the verbs of `people.py` and
`sales.py` -> webhooks by `payloads.py` and `deliveries.py`.
"""
