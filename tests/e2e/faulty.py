"""What can go wrong with an answer of the account, and with the server's own workers."""

# Together they hit about every fifth request.
FAULTS = [
    {"kind": "status", "status": 429, "retry_after": 1, "probability": 0.05},
    {"kind": "status", "status": 500, "probability": 0.05},
    {"kind": "drop", "probability": 0.06},
    {"kind": "accept_timeout", "seconds": 1, "probability": 0.06},
]


def wait_until_dead_jobs_count(account):
    """Return when queue_job would see at once that the job under way is dead.

    For ten seconds it gives a job the benefit of the doubt, and looks again after a
    minute, which we save.
    """
    young = """
        SELECT 1 FROM queue_job WHERE state IN ('enqueued', 'started')
        AND date_enqueued > now() AT TIME ZONE 'UTC' - INTERVAL '11 seconds'
        """
    account.wait("the job is old enough", lambda: not account.sql(young))


def end_leases(account):
    """Let the five minutes pass for which dead workers still hold their records."""
    account.sql(
        """
        UPDATE ac_binding SET claimed_until = now() AT TIME ZONE 'UTC'
        WHERE state = 'sending'
        """
    )
