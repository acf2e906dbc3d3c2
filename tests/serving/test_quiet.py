"""A failure is told without what was being looked at."""

import logging

from testamur.serving.quiet import WithoutWords


def test_the_log_of_a_failure_names_its_kind_and_place_and_not_its_words(caplog):
    logger = logging.getLogger("test of quiet")
    logger.addFilter(WithoutWords())
    try:
        raise KeyError("Selam Tesfaye")
    except KeyError:
        logger.exception("while looking at Selam Tesfaye")
    assert "Selam" not in caplog.text
    assert "KeyError at" in caplog.text
    assert "test_quiet.py" in caplog.text
