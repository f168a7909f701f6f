"""The count of faults at the end: by kind, phase and function."""

import collections

COUNTED = ("kind", "phase", "function")


def pytest_terminal_summary(terminalreporter):
    faults = [value for reports in terminalreporter.stats.values()
              for report in reports
              if getattr(report, "when", None) == "call"
              for name, value in report.user_properties if name == "fault"]
    if not faults:
        return
    terminalreporter.section(f"{len(faults)} faults of init")
    for name in COUNTED:
        counts = collections.Counter(fault[name] for fault in faults)
        terminalreporter.write_line(f"by {name}:")
        for what, count in counts.most_common():
            terminalreporter.write_line(f"  {count:5} {what}")
