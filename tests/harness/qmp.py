"""QMP, the control channel of QEMU: a line of JSON each way."""

import json
import threading

from . import wait


class Qmp:
    """Owns its end of a connected socket; collects events in a thread."""

    def __init__(self, connection):
        self._connection = connection
        self._answers = []
        self.events = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.call("qmp_capabilities")

    def _read(self):
        with self._connection.makefile("r") as lines:
            try:
                for line in lines:
                    self._take(json.loads(line))
            except ConnectionResetError:
                pass  # QEMU has ended after "quit"

    def _take(self, message):
        if "event" in message:
            self.events.append(message)
        elif "QMP" not in message:  # the greeting
            self._answers.append(message)

    def call(self, command, **arguments):
        """Sends a command; answers its "return"."""
        request = {"execute": command, "arguments": arguments}
        self._connection.sendall(json.dumps(request).encode() + b"\n")
        wait.until(lambda: self._answers, f"QMP answer to {command}")
        answer = self._answers.pop(0)
        if "error" in answer:
            raise wait.HarnessError(f"QMP {command}: {answer['error']}")
        return answer["return"]

    def shutdown_reason(self):
        """Why the machine ended: "guest-shutdown", "guest-reset", or None."""
        for event in self.events:
            if event["event"] == "SHUTDOWN":
                return event["data"]["reason"]
        return None

    def close(self):
        """After QEMU has ended."""
        self._reader.join()
        self._connection.close()
