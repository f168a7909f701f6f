"""What a person types at a machine: a name, commands, Ctrl-C."""

import itertools

from . import wait

PROMPT = r"[#$] (\x1b\[6n|$)"  # ash may ask where the cursor is
BOOT = 120  # s until login: under TCG on a busy host; 3 s on an idle one

# A job that says when it runs, and whenever it is continued. The quotes keep
# the echo of the typed line from looking like what it says.
JOB = ("sh -c \"trap \\\"echo 'goes on'-{mark}\\\" CONT; echo 'up'-{mark};"
       " while :; do sleep 1; done\"")


class Shell:
    """Types on a Console, and reads there."""

    _numbers = itertools.count()

    def __init__(self, console):
        self.console = console

    def send(self, text):
        self.console.send(text)

    def expect(self, pattern, seconds=wait.PATIENCE):
        """As Console.expect."""
        return self.console.expect(pattern, seconds)

    def mark(self):
        """A word that is not on the console yet."""
        return f"mark-{next(self._numbers)}"

    def login(self):
        """From boot to the prompt of root, who has no password."""
        self.expect("login: ", BOOT)
        self.send("root\n")
        self.expect(PROMPT)

    def run(self, command, seconds=90):
        """Runs a line: (output, exit status)."""
        mark = self.mark()
        self.send(f"echo 'begin'-{mark}; {command}; echo 'end'-{mark}-$?\n")
        self.expect(f"begin-{mark}\n", seconds)
        begin = self.console.position
        end = self.expect(rf"end-{mark}-(\d+)\n", seconds)
        output = self.console.text()[begin:end.start()]
        self.expect(PROMPT)
        return output, int(end.group(1))

    def start_job(self, how=""):
        """Runs a job in the foreground: keys reach it, and not the shell, when
        this returns. Answers its mark, for continue_job()."""
        mark = self.mark()
        self.send(f"{JOB.format(mark=mark)}{how}\n")
        self.expect(f"up-{mark}\n")
        return mark

    def start_job_in_background(self):
        """Answers its mark, for continue_job()."""
        return self.start_job(" &")

    def stop_job(self):
        """Ctrl-Z, for the job in the foreground."""
        self.send("\x1a")
        self.expect("Stopped")
        self.expect(PROMPT)

    def continue_job(self, mark):
        """In the foreground: keys reach it when this returns."""
        self.send("fg\n")
        self.expect(f"goes on-{mark}\n")

    def interrupt(self):
        """Ctrl-C, for the job in the foreground."""
        self.send("\x03")
        self.expect(PROMPT)


def run(shell, command):
    """The output of a line that must succeed."""
    output, status = shell.run(command)
    assert status == 0, shell.console.show()
    return output
