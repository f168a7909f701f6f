"""Faults of init: its registers are changed, and the CPU does the rest.

A signal that ptrace(2) injects says that a process sent it, and init ignores
those.  So init is stopped where it is, made to go on at an instruction that
can't be executed as things are, and let go.
"""

import ctypes
import os
import signal
import struct
import time

# ptrace(2), linux/ptrace.h
GETREGS, SETREGS, DETACH, SEIZE, INTERRUPT = 12, 13, 17, 0x4206, 0x4207

NAMES = ("r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax "
         "rip cs eflags rsp ss fs_base gs_base ds es fs gs").split()
REGS = struct.Struct("27Q")  # sys/user.h, struct user_regs_struct

SYS_TKILL = 200
NOWHERE = 0x8000_0000_0000_0000  # no address of x86-64

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p,
                        ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, pid, data=None):
    if libc.ptrace(request, pid, None, data) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), f"ptrace {request}")


def stop(pid):
    ptrace(SEIZE, pid)
    ptrace(INTERRUPT, pid)
    deadline = time.monotonic() + 5
    while os.waitpid(pid, os.WNOHANG | os.WUNTRACED) == (0, 0):
        assert time.monotonic() < deadline, "init does not stop"
        time.sleep(0.001)


def text_of(init):
    """Address and bytes of the segment that can be executed."""
    file = init.read_bytes()
    phoff, = struct.unpack_from("<Q", file, 32)
    count, = struct.unpack_from("<H", file, 56)
    for i in range(count):
        kind, flags, offset, address, _, size = struct.unpack_from(
            "<IIQQQQ", file, phoff + 56 * i)
        if kind == 1 and flags & 1:
            return address, file[offset:offset + size]
    raise AssertionError("no text")


def find(init, code):
    """Where these bytes of machine code are, or happen to be."""
    address, text = text_of(init)
    assert code in text, f"no {code.hex()} in {init}"
    return address + text.index(code)


# kind: (signal, what is done to the registers of an init)
KINDS = {
    "jump to 0": (signal.SIGSEGV, lambda init: {"rip": 0}),
    "jump to nowhere": (signal.SIGSEGV, lambda init: {"rip": NOWHERE}),
    "no stack": (signal.SIGSEGV, lambda init: {
        "rsp": 64, "rip": find(init, b"\x50")}),  # push %rax
    "stack overflow": (signal.SIGSEGV, lambda init: {
        "rsp": lambda rsp: rsp - (64 << 20), "rip": find(init, b"\x50")}),
    "stack nowhere": (signal.SIGBUS, lambda init: {
        "rsp": NOWHERE, "rip": find(init, b"\x50")}),
    "no instruction": (signal.SIGILL, lambda init: {
        "rip": find(init, b"\x06")}),
    "division by 0": (signal.SIGFPE, lambda init: {
        "rip": find(init, b"\xf7\xf1"), "rcx": 0}),  # div %ecx
    "breakpoint": (signal.SIGTRAP, lambda init: {
        "rip": find(init, b"\xcc")}),
    "abort": (signal.SIGABRT, lambda init: {
        "rip": find(init, b"\x0f\x05"), "rax": SYS_TKILL, "rdi": 1,
        "rsi": int(signal.SIGABRT)}),
    # what a smashed stack leads to: __stack_chk_fail() traps
    "smashed stack": (signal.SIGILL, lambda init: {
        "rip": find(init, b"\x0f\x0b")}),
}


def inject(pid, init, kind):
    """Lets this process, which runs the file init, have a fault."""
    stop(pid)
    buffer = ctypes.create_string_buffer(REGS.size)
    ptrace(GETREGS, pid, buffer)
    regs = dict(zip(NAMES, REGS.unpack(buffer.raw)))
    regs["orig_rax"] = (1 << 64) - 1  # no system call to be restarted
    for name, value in KINDS[kind][1](init).items():
        regs[name] = value(regs[name]) if callable(value) else value
    buffer.raw = REGS.pack(*(regs[name] for name in NAMES))
    ptrace(SETREGS, pid, buffer)
    ptrace(DETACH, pid)
    return KINDS[kind][0]


def poke(pid, address, data):
    """Writes into the memory of a process."""
    with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
        memory.seek(address)
        memory.write(data)
