from tests.postgres import ledger_url, postgres_url

__all__ = ["ledger_url", "postgres_url"]
