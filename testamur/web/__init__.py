"""What browsers are served: our own ES modules, one style sheet, icons, and the parts that come from npm at build."""

from testamur.web.files import WebFile, missing_parts, web_files

__all__ = ["WebFile", "missing_parts", "web_files"]
