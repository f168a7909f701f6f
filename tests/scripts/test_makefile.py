"""The Makefile: what its targets make, and what they say."""

import subprocess

from conftest import REPOSITORY


def output_of(*command):
    return subprocess.run(command, check=True, text=True, timeout=60,
                          capture_output=True).stdout


def test_addresses_have_source_lines(product):
    """As README says; without a path of the machine that compiled it."""
    program = product("INIT").with_name("init.debug")
    [address] = [line.split()[0] for line in output_of("nm", program)
                 .splitlines() if line.endswith(" T main")]
    name, place = output_of("addr2line", "-fe", program,
                            f"0x{address}").splitlines()
    assert name == "main" and place.startswith("./init/main.c:")
    assert str(REPOSITORY).encode() not in program.read_bytes()
